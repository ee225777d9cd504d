import {
  createBlockDirectory,
  type DirectoryCall,
  type DirectoryEvent,
  directorySubject,
  type Listing,
} from "#rack";
import { differs, property, watching } from "#verify";
import { COUNTED, pilingHistory, SHAPE } from "./histories.ts";
import { mutants } from "./mutants.ts";
import { isApplied, listings, samePlace, someEvent, watched } from "./replies.ts";

/** How many stores of each place no removal has matched yet; a removal of nothing matches nothing. */
const openAfter = (
  open: ReadonlyMap<string, number>,
  event: DirectoryEvent,
): ReadonlyMap<string, number> => {
  const next = new Map(open);
  if ("block" in event) {
    const key = `${event.block}/${event.worker}/${event.tier}`;
    const count = (open.get(key) ?? 0) + (event.kind === "stored" ? 1 : -1);
    if (count > 0) next.set(key, count);
    else next.delete(key);
    return next;
  }
  for (const key of open.keys()) if (key.split("/")[1] === `${event.worker}`) next.delete(key);
  return next;
};

const keysOf = (contents: readonly Listing[]): readonly string[] =>
  contents.map(({ block, worker, tier }) => `${block}/${worker}/${tier}`).toSorted();

export default property({
  id: "DIR-15",
  part: "directory",
  statement:
    "with counted removal a place is listed exactly when more was stored there than removed, since its worker was last cleared or dropped; a removal of nothing is not owed",
  given: pilingHistory,
  subject: directorySubject(() => createBlockDirectory(COUNTED)),
  scripts: watching<DirectoryCall>({ kind: "contents" }),
  holds(history, [replies = []]) {
    let open: ReadonlyMap<string, number> = new Map();
    for (const { event, told, answers, at } of watched(history, replies, 1)) {
      if (isApplied(told)) open = openAfter(open, event);
      const difference = differs([...open.keys()].toSorted(), keysOf(listings(answers[0])));
      if (difference) return { at, ...difference };
    }
    return undefined;
  },
  witnesses: {
    "a place that outlives a removal": (history, [replies = []]) =>
      watched(history, replies, 1).some(
        ({ event, told, answers }) =>
          event.kind === "removed" &&
          isApplied(told) &&
          listings(answers[0]).some((one) => samePlace({ ...one, kind: "stored", id: 0 }, event)),
      ),
    "a removal of what was not there, and a store after it": (history) =>
      someEvent(
        history,
        (event, before) =>
          event.kind === "stored" &&
          before.find((past) => samePlace(past, event))?.kind === "removed",
      ),
  },
  mutants: {
    ...mutants(
      "ends a listing at the first removal",
      "counts no further than two",
      "keeps the count over a clear",
      "counts a removal of what is not listed against the next store",
      "counts the stores of all tiers together",
    ),
    "ignores that removal is counted": directorySubject(() => createBlockDirectory(SHAPE)),
  },
});
