import { BlockPool } from "#rack";
import { finding, property } from "#verify";
import type { Run } from "./engines.ts";
import { runsOf } from "./relations.ts";
import type { Scene } from "./scene.ts";
import { engine, type RunCall } from "./scene-runs.ts";
import { scenes } from "./scenes.ts";

/** The largest prompt and the longest output of a scene fit, just. */
const ROOM = 12;

/** One worker and one request at a time, so that nothing is half there, and whatever asks for room gets it. */
const alone = (scene: Scene, capacity: number): Scene => ({
  ...scene,
  workers: 1,
  decoders: -1,
  capacity,
  concurrency: 1,
  deadlineNs: -1,
  ttftDeadlineNs: -1,
  isPatient: true,
});

const hitsOf = ({ events }: Run): readonly number[] =>
  events.filter(({ event }) => event === "started").map(({ hits }) => hits);

/** Names only half of a prompt when there is much room. */
class Half extends BlockPool {
  override admit(request: number, blocks: Uint32Array, unnamed: number) {
    const some = this.capacity > ROOM ? blocks.subarray(0, blocks.length >> 1) : blocks;
    return super.admit(request, some, unnamed + blocks.length - some.length);
  }
}

/** Starts afresh whenever it is half full. */
class Tidy extends BlockPool {
  override release(request: number) {
    const answer = super.release(request);
    if (this.counts().cached > 8) this.clear();
    return answer;
  }
}

export default property<Scene, RunCall, Run>({
  id: "REP-8",
  part: "replay",
  statement:
    "one request at a time, on one worker that any of them fits into, twice the room gives none of them fewer hits",
  given: scenes(),
  subject: engine(),
  scripts: (scene) => [
    [{ kind: "run", scene: alone(scene, ROOM) }],
    [{ kind: "run", scene: alone(scene, 2 * ROOM) }],
  ],

  holds(_, replies) {
    const [few, many] = runsOf(replies).map(hitsOf) as [readonly number[], readonly number[]];
    if (few.length !== many.length) return finding(0, few.length, many.length, "requests taken up");
    const at = few.findIndex((hits, index) => (many[index] as number) < hits);
    return at < 0
      ? undefined
      : finding(
          0,
          few[at] as number,
          many[at] as number,
          `hits of the request taken up as number ${at}`,
        );
  },

  witnesses: {
    "more hits with more room": (_, replies) => {
      const [few = 0, many = 0] = runsOf(replies).map((run) =>
        hitsOf(run).reduce((sum, hits) => sum + hits, 0),
      );
      return many > few;
    },
  },

  mutants: {
    "names only half of a prompt when there is much room": engine({
      createPool: (...args) => new Half(...args),
    }),
    "starts afresh when many blocks are cached": engine({
      createPool: (...args) => new Tidy(...args),
    }),
  },
});
