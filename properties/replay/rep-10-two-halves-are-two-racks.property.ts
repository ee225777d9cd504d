import fc from "fast-check";
import { property, values } from "#verify";
import type { Run } from "./engines.ts";
import { count, parted, runsOf } from "./relations.ts";
import type { Scene } from "./scene.ts";
import { engine, type RunCall } from "./scene-runs.ts";
import { scenes } from "./scenes.ts";

type Halves = { readonly first: Scene; readonly second: Scene };

/** Whether a policy goes by nothing but the workers it may choose from: a turn or a draw goes by how many there were before, of both. */
const isLocal = (policy: string): boolean =>
  policy.startsWith("kv-aware") || policy.startsWith("dynamo-cost");

/** Somebody serves, for whoever waits for nobody waits to the end of the whole run. */
const served = (scene: Scene): Scene => ({
  ...scene,
  workers: Math.min(4, Math.max(1, scene.workers)),
  decoders: scene.decoders === 0 ? 1 : scene.decoders,
  policy: isLocal(scene.policy) ? scene.policy : "least-loaded",
  concurrency: -1,
  isPatient: true,
});

/** The second half goes by the rules of the first. */
const callOf = ({ first, second }: Halves): RunCall => {
  const scene = served(first);
  const { workers, decoders, capacity, decoderCapacity, requests } = served(second);
  return {
    kind: "run",
    scene,
    second: { ...scene, workers, decoders, capacity, decoderCapacity, requests },
  };
};

/** Both runs as one: by time, the events of each in their order. */
const onlyOf = ({ events }: Run, from: number, to: number): Run => ({
  events: events.filter(({ request }) => request >= from && request < to),
  ends: {},
});

export default property<Halves, RunCall, Run>({
  id: "REP-10",
  part: "replay",
  statement:
    "a rack in which two models are served by workers of their own lives through what two racks would, each by itself",
  given: {
    ...values(fc.record({ first: scenes().plain, second: scenes().plain })),
    arbitrary: fc.record({ first: scenes().arbitrary, second: scenes().arbitrary }),
  },
  subject: engine(),
  scripts: (halves) => {
    const call = callOf(halves);
    return [[call], [{ ...call, only: "first" }], [{ ...call, only: "second" }]];
  },

  holds({ first }, replies) {
    const [both, left, right] = runsOf(replies) as [Run, Run, Run];
    const cut = first.requests.length;
    return (
      parted({ ...left, ends: {} }, onlyOf(both, 0, cut)) ??
      parted({ ...right, ends: {} }, onlyOf(both, cut, Number.POSITIVE_INFINITY))
    );
  },

  witnesses: {
    "both halves at work at one time": (_, replies) => {
      const [, left, right] = runsOf(replies) as [Run, Run, Run];
      const [begin, end] = [left.events[0]?.atNs ?? 0, left.events.at(-1)?.atNs ?? 0];
      return right.events.some(({ atNs }) => begin < atNs && atNs < end);
    },
    "KV that moves in both": (_, replies) =>
      runsOf(replies)
        .slice(1)
        .every((run) => count(run, "moved") > 0),
  },

  mutants: {
    "counts the turns of both together": engine({}, (setup) => ({
      ...setup,
      policy: "round-robin",
    })),
    "sends all requests to all workers": engine({}, (setup) => ({
      ...setup,
      workers: setup.workers.map((worker) => ({ ...worker, kind: 0 })),
      requests: setup.requests.map(({ request, ...more }) => ({
        ...more,
        request: { ...request, model: 0 },
      })),
    })),
  },
});
