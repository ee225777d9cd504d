import { property } from "#verify";
import type { Run } from "./engines.ts";
import { count, parted, retold, runsOf, withCosts } from "./relations.ts";
import type { Scene } from "./scene.ts";
import { engine, type RunCall } from "./scene-runs.ts";
import { scenes } from "./scenes.ts";

const TIMES = 4;
const TOKEN_NS = 100;

/** No KV moves, because shares of links are rounded; steps take whole times, which are not. */
const exact = (scene: Scene): Scene => ({ ...scene, decoders: -1, isFetching: false });

const longer = (ns: number): number => (ns < 0 ? ns : ns * TIMES);

/** The same scene with every time in it some times as long. */
const slowed = (scene: Scene): Scene => ({
  ...scene,
  deadlineNs: longer(scene.deadlineNs),
  ttftDeadlineNs: longer(scene.ttftDeadlineNs),
  requests: scene.requests.map((request) => ({
    ...request,
    gapNs: longer(request.gapNs),
    delayNs: longer(request.delayNs),
    patienceNs: longer(request.patienceNs),
  })),
});

export default property<Scene, RunCall, Run>({
  id: "REP-5",
  part: "replay",
  statement:
    "where every step and every time of the trace and its limits are four times as long, the run is the same and takes four times as long, to the nanosecond",
  given: scenes(),
  subject: engine(),
  scripts: (scene) => [
    [{ kind: "run", scene: exact(scene), tokenNs: TOKEN_NS }],
    [{ kind: "run", scene: slowed(exact(scene)), tokenNs: TIMES * TOKEN_NS }],
  ],

  holds(_, replies) {
    const [usual, slow] = runsOf(replies) as [Run, Run];
    return parted(
      retold(usual, (event) => ({ ...event, atNs: event.atNs * TIMES })),
      slow,
    );
  },

  witnesses: {
    "a request that leaves": (_, replies) => count(runsOf(replies)[0] as Run, "cancelled") > 0,
    "a preemption": (_, replies) => count(runsOf(replies)[0] as Run, "preempted") > 0,
    "several steps": ({ requests }) => requests.some(({ outputTokens }) => outputTokens > 5),
  },

  mutants: {
    "adds a fixed time to every step": withCosts(({ costs }) => ({
      stepNs: (...args) => costs.stepNs(...args) + 10,
      phaseNs: (batch, kvTokens, steps) => costs.phaseNs(batch, kvTokens, steps) + 10 * steps,
    })),
    "goes by a clock of microseconds": withCosts(({ costs }) => ({
      stepNs: (...args) => 1000 * Math.ceil(costs.stepNs(...args) / 1000),
    })),
    "has limits of its own": engine({}, (setup) => ({
      ...setup,
      settings: { ...setup.settings, deadlineNs: 5000 },
    })),
  },
});
