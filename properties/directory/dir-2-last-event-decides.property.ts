import {
  createBlockDirectory,
  type DirectoryCall,
  type DirectoryEvent,
  directorySubject,
  type Listing,
} from "#rack";
import { finding, property, watching } from "#verify";
import { BLOCKS, directoryHistory, SHAPE, WORKERS } from "./histories.ts";
import { mutants } from "./mutants.ts";
import { isApplied, isShared, listings, samePlace, someEvent, watched } from "./replies.ts";

const PLACES: readonly Listing[] = BLOCKS.flatMap((block) =>
  WORKERS.flatMap((worker) => [0, 1].map((tier) => ({ block, worker, tier }))),
);

/** Whether an event says anything about a place: a clear and a drop speak of all places of their worker. */
const concerns = (event: DirectoryEvent, place: Listing): boolean =>
  event.worker === place.worker &&
  (!("block" in event) || (event.block === place.block && event.tier === place.tier));

export default property({
  id: "DIR-2",
  part: "directory",
  statement: "a place is listed exactly when the last event taken in that speaks of it is `stored`",
  given: directoryHistory,
  subject: directorySubject(() => createBlockDirectory(SHAPE)),
  scripts: watching<DirectoryCall>({ kind: "contents" }),
  holds(history, [replies = []]) {
    const takenIn: DirectoryEvent[] = [];
    for (const { event, told, answers, at } of watched(history, replies, 1)) {
      if (isApplied(told)) takenIn.push(event);
      const contents = listings(answers[0]);
      const lastIsStored = (place: Listing): boolean =>
        takenIn.findLast((past) => concerns(past, place))?.kind === "stored";
      const expected = PLACES.filter(lastIsStored);
      const missing = expected.find(
        (place) => !contents.some((one) => concerns({ ...one, kind: "stored", id: 0 }, place)),
      );
      if (missing) return finding(at, missing, "not listed");
      if (contents.length > expected.length) {
        const extra = contents.find((one) => !lastIsStored(one)) ?? null;
        return finding(at, "not listed", extra);
      }
    }
    return undefined;
  },
  witnesses: {
    "an eviction of something never stored": (history) => history[0]?.kind === "removed",
    "a block that two workers hold": (_, [replies = []]) => isShared(listings(replies.at(-1))),
    "a block removed and stored again": (history) =>
      someEvent(
        history,
        (event, before) =>
          event.kind === "stored" &&
          before.some((past) => past.kind === "removed" && samePlace(past, event)),
      ),
  },
  mutants: mutants(
    "forgets evictions",
    "keeps only the first holder",
    "keeps only the last holder",
    "leaks the entry when a removal cannot find what comes before it",
    "counts a block stored twice as two, so that one removal is not enough",
    "keeps what a dropped worker held",
    "clears only the first tier",
    "ends the listing in every tier when one of them removes the block",
    "stores a second copy of a block whose parent was removed, and removes the copy",
    "cuts block ids to 16 bits",
  ),
});
