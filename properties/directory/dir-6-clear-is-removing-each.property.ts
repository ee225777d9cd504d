import { createBlockDirectory, type DirectoryEvent, directorySubject } from "#rack";
import { firstDifference, property } from "#verify";
import { BLOCKS, directoryHistory, EVERYTHING, SHAPE, WORKERS } from "./histories.ts";
import { mutants } from "./mutants.ts";
import { isShared, listings } from "./replies.ts";

const [WORKER] = WORKERS;
/** Far above every id that histories have, so that neither way of ending is stale. */
const LATE = 2 ** 40;

const removals: readonly DirectoryEvent[] = [0, 1].flatMap((tier) =>
  BLOCKS.map((block, index) => ({
    kind: "removed" as const,
    worker: WORKER,
    tier,
    block,
    id: LATE + tier * BLOCKS.length + index,
  })),
);

/** The clear has the last of the removals' ids, after one that has the first, so that both ways miss the same number of ids. */
const clear: readonly DirectoryEvent[] = removals.map(
  (removal) => ({ kind: "cleared", worker: WORKER, id: (removal as { id: number }).id }) as const,
);

export default property({
  id: "DIR-6",
  part: "directory",
  statement: "clearing a worker leaves what removing each of its blocks from each tier leaves",
  given: directoryHistory,
  subject: directorySubject(() => createBlockDirectory(SHAPE)),
  scripts: (history) => [
    [...history, ...clear, ...EVERYTHING],
    [...history, ...removals, ...EVERYTHING],
  ],
  holds(history, [cleared = [], removed = []]) {
    const end = history.length + removals.length;
    return firstDifference(removed.slice(end), cleared.slice(end));
  },
  witnesses: {
    "something to clear, in the second tier": (history) =>
      history.at(-1)?.kind === "stored" &&
      history.some(
        (event) => event.kind === "stored" && event.worker === WORKER && event.tier === 1,
      ),
    "others who keep a shared block": (history, [replies = []]) =>
      isShared(listings(replies[history.length + removals.length])),
  },
  mutants: mutants(
    "does not reset its size on a clear",
    "clears only the first tier",
    "clears everybody",
    "spares on a clear what others hold too",
  ),
});
