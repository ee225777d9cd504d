import { BlockPool } from "#rack";
import { finding, property } from "#verify";
import type { Run } from "./engines.ts";
import { runsOf } from "./relations.ts";
import type { Scene } from "./scene.ts";
import { engine, type RunCall } from "./scene-runs.ts";
import { scenes } from "./scenes.ts";

/** One worker with more room than all of it takes, and one request at a time. */
const endless = (scene: Scene): Scene => ({
  ...scene,
  workers: 1,
  decoders: -1,
  capacity: 1000,
  concurrency: 1,
  deadlineNs: -1,
  ttftDeadlineNs: -1,
  isPatient: true,
});

/** The prefixes of all prompts, each once. */
const distinct = ({ requests }: Scene): number =>
  new Set(requests.flatMap(({ path }) => path.map((_, end) => path.slice(0, end + 1).join("/"))))
    .size;

const misses = (scene: Scene, { events }: Run): number =>
  events
    .filter(({ event }) => event === "started")
    .reduce(
      (sum, { request, hits }) => sum + (scene.requests[request]?.path.length ?? 0) - hits,
      0,
    );

/** Keeps nothing of a request that has ended. */
class Wasteful extends BlockPool {
  override release(request: number) {
    const answer = super.release(request);
    this.clear();
    return answer;
  }
}

/** Says that all but the last block were there. */
class Boastful extends BlockPool {
  override admit(request: number, blocks: Uint32Array, unnamed: number) {
    const answer = super.admit(request, blocks, unnamed);
    return answer.kind === "admitted"
      ? { ...answer, hits: Math.max(0, blocks.length - 1) }
      : answer;
  }
}

export default property<Scene, RunCall, Run>({
  id: "REP-7",
  part: "replay",
  statement:
    "one request at a time, on a worker with room for everything, misses as many blocks as there are distinct prefixes",
  given: scenes(),
  subject: engine(),
  scripts: (scene) => [[{ kind: "run", scene: endless(scene) }]],

  holds(scene, replies) {
    const missed = misses(scene, runsOf(replies)[0] as Run);
    const wanted = distinct(scene);
    return missed === wanted ? undefined : finding(0, wanted, missed, "missed blocks");
  },

  witnesses: {
    "a hit": (_, replies) => (runsOf(replies)[0] as Run).events.some(({ hits }) => hits > 0),
    "a prompt found whole": (scene, replies) =>
      (runsOf(replies)[0] as Run).events.some(
        ({ request, hits }) => hits > 0 && hits === scene.requests[request]?.path.length,
      ),
  },

  mutants: {
    "keeps nothing of a request that has ended": engine({
      createPool: (...args) => new Wasteful(...args),
    }),
    "hits that are not there": engine({ createPool: (...args) => new Boastful(...args) }),
  },
});
