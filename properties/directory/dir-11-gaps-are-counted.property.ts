import { createBlockDirectory, type DirectoryEvent, directorySubject } from "#rack";
import { differs, property } from "#verify";
import { directoryHistory, SHAPE, WORKERS } from "./histories.ts";
import { mutants } from "./mutants.ts";

/** How many ids lie between the first and the last that a worker told since it was last dropped, and were not told. */
const missedBy = (worker: number, history: readonly DirectoryEvent[]): number => {
  const own = history.filter((event) => event.worker === worker);
  const life = own.slice(own.findLastIndex(({ kind }) => kind === "drop") + 1);
  const [first, ...later] = life.flatMap((event) => (event.kind === "drop" ? [] : event.id));
  if (first === undefined) return 0;
  // A stale event tells nothing: an id counts when it is above all those before it.
  const heard = later.filter((id, index) => id > Math.max(first, ...later.slice(0, index)));
  return (heard.at(-1) ?? first) - first - heard.length;
};

export default property({
  id: "DIR-11",
  part: "directory",
  statement:
    "a worker's missed events are the ids between its first and its last that it never told",
  given: directoryHistory,
  subject: directorySubject(() => createBlockDirectory(SHAPE)),
  scripts: (history) => [
    [...history, ...WORKERS.map((worker) => ({ kind: "missed" as const, worker }))],
  ],
  holds(history, [replies = []]) {
    for (const [index, worker] of WORKERS.entries()) {
      const at = history.length + index;
      const difference = differs(missedBy(worker, history), replies[at]);
      if (difference) return { at, ...difference };
    }
    return undefined;
  },
  witnesses: {
    "a gap of more than one": (history, [replies = []]) =>
      replies.slice(history.length).some((missed) => Number(missed) > 1),
    "a worker whose first id is not 0": (history) =>
      history.some((event, index) => {
        const isFirst = history.findIndex(({ worker }) => worker === event.worker) === index;
        return isFirst && event.kind !== "drop" && event.id > 0;
      }),
  },
  mutants: mutants(
    "counts a gap as one missed event, however wide",
    "counts what came before the first event as missed",
    "keeps a dropped worker's count of missed events",
  ),
});
