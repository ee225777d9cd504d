import { ascending } from "#base";
import { createBlockDirectory, directorySubject } from "#rack";
import { firstDifference, property } from "#verify";
import { directoryHistory, EVERYTHING, SHAPE } from "./histories.ts";
import { mutants } from "./mutants.ts";
import { isShared, listings } from "./replies.ts";

export default property({
  id: "DIR-5",
  part: "directory",
  statement:
    "only the order of each worker's own events counts: told worker after worker, a history leaves the same directory",
  given: directoryHistory,
  subject: directorySubject(() => createBlockDirectory(SHAPE)),
  scripts: (history) => [
    [...history, ...EVERYTHING],
    [...history.toSorted(ascending(({ worker }) => worker)), ...EVERYTHING],
  ],
  holds(history, [mixed = [], sorted = []]) {
    return firstDifference(mixed.slice(history.length), sorted.slice(history.length));
  },
  witnesses: {
    "a block that two workers hold": (history, [replies = []]) =>
      isShared(listings(replies[history.length])),
    "events out of the workers' order": (history) =>
      history.some((event, index) => event.worker < (history[index - 1]?.worker ?? 0)),
  },
  mutants: mutants(
    "keeps one last id for all workers",
    "keeps only the first holder",
    "keeps only the last holder",
    "clears everybody",
  ),
});
