import { finding, property } from "#verify";
import type { Run } from "./engines.ts";
import { count, runsOf, withCosts } from "./relations.ts";
import type { Scene, SceneRequest } from "./scene.ts";
import { USUAL } from "./scene-rack.ts";
import { engine, type RunCall } from "./scene-runs.ts";
import { scenes } from "./scenes.ts";

const FASTER = [
  { ...USUAL, compute: 2 },
  { ...USUAL, memory: 1.5 },
  { ...USUAL, links: 3 },
  { ...USUAL, delays: 0 },
];

const NOBODY: SceneRequest = {
  gapNs: 0,
  path: [0],
  spare: 0,
  outputTokens: 5,
  session: -1,
  delayNs: -1,
  priority: 0,
  patienceNs: -1,
};

/** The first request of a scene, by itself, with all the time in the world. */
const alone = (scene: Scene): Scene => ({
  ...scene,
  workers: Math.max(1, scene.workers),
  decoders: scene.decoders === 0 ? 1 : scene.decoders,
  deadlineNs: -1,
  ttftDeadlineNs: -1,
  isPatient: true,
  requests: [scene.requests[0] ?? NOBODY],
});

export default property<Scene, RunCall, Run>({
  id: "REP-9",
  part: "replay",
  statement:
    "a request by itself is nowhere later when the arithmetic, the memory or the links are faster, or a hop and a step's overhead take no time",
  given: scenes(),
  subject: engine(),
  scripts: (scene) =>
    [USUAL, ...FASTER].map((speeds): readonly RunCall[] => [
      { kind: "run", scene: alone(scene), speeds },
    ]),

  holds(_, replies) {
    const [usual, ...faster] = runsOf(replies) as [Run, ...Run[]];
    for (const [index, { events }] of faster.entries()) {
      if (events.length !== usual.events.length)
        return finding(0, usual.events.length, events.length, `events of faster run ${index}`);
      const at = events.findIndex(({ atNs }, place) => atNs > (usual.events[place]?.atNs ?? 0));
      if (at >= 0)
        return finding(
          0,
          usual.events[at]?.atNs ?? 0,
          events[at]?.atNs ?? 0,
          `event ${at} of faster run ${index}`,
        );
    }
    return undefined;
  },

  witnesses: {
    "KV that moves": (_, replies) => count(runsOf(replies)[0] as Run, "moved") > 0,
    "a rack that is faster for it, part by part": (_, replies) => {
      const ends = runsOf(replies).map(({ events }) => events.at(-1)?.atNs ?? 0);
      return ends.slice(1).every((end) => end < (ends[0] as number));
    },
  },

  mutants: {
    "takes a rate for a time": withCosts(({ costs }) => ({
      stepNs: (...args) => Math.ceil(1e6 / costs.stepNs(...args)),
    })),
    "waits the longer, the faster a hop": engine({}, (setup) => {
      const { profile, costs } = setup;
      const hop = profile.hopLatency.value;
      const stepNs: typeof costs.stepNs = (...args) => costs.stepNs(...args) + 2 * (100 - hop);
      return { ...setup, costs: { ...costs, stepNs } };
    }),
  },
});
