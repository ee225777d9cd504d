import {
  createBlockDirectory,
  type DirectoryCall,
  type DirectoryEvent,
  directorySubject,
} from "#rack";
import { firstDifference, property } from "#verify";
import { directoryHistory, EVERYTHING, SHAPE, WORKERS } from "./histories.ts";
import { mutants } from "./mutants.ts";

const [WORKER] = WORKERS;
const isOwn = ({ worker }: { readonly worker: number }): boolean => worker === WORKER;

/** Every other thing that the worker told in its first life: stale to whoever remembers the ids, and less than was held before. */
const secondLife = (history: readonly DirectoryEvent[]): readonly DirectoryEvent[] =>
  history.filter(isOwn).filter((_, index) => index % 2 === 1);

export default property({
  id: "DIR-10",
  part: "directory",
  statement: "a worker that was dropped and comes back is as one that was never there before",
  given: directoryHistory,
  subject: directorySubject(() => createBlockDirectory(SHAPE)),
  scripts: (history): readonly (readonly DirectoryCall[])[] => [
    [...history, { kind: "drop", worker: WORKER }, ...secondLife(history), ...EVERYTHING],
    [...history.filter((event) => !isOwn(event)), ...secondLife(history), ...EVERYTHING],
  ],
  holds(_, [again = [], fresh = []]) {
    return firstDifference(fresh.slice(-EVERYTHING.length), again.slice(-EVERYTHING.length));
  },
  witnesses: {
    "a worker with something to forget and to tell again": (history) =>
      history.some((event) => isOwn(event) && event.kind === "stored"),
    "a worker that missed an event": (history, [, replies = []]) =>
      (replies.at(3 - 3 * WORKERS.length - 1) ?? 0) !== 0 && history.some(isOwn),
  },
  mutants: mutants(
    "keeps a dropped worker's last id",
    "keeps what a dropped worker held",
    "keeps a dropped worker's count of missed events",
    "clears everybody",
  ),
});
