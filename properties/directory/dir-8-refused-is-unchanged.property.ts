import {
  createBlockDirectory,
  type DirectoryCall,
  type DirectoryEvent,
  type DirectoryReply,
  directorySubject,
  type Listing,
} from "#rack";
import { firstDifference, property } from "#verify";
import { directoryHistory, SHAPE, WORKERS } from "./histories.ts";
import { mutants } from "./mutants.ts";
import { isApplied, listings, watched } from "./replies.ts";

/** What a directory keeps; every other answer follows from it. */
const STATE: readonly DirectoryCall[] = [
  { kind: "contents" },
  { kind: "size" },
  ...WORKERS.map((worker) => ({ kind: "lastId" as const, worker })),
  ...WORKERS.map((worker) => ({ kind: "missed" as const, worker })),
];

const wouldChange = (event: DirectoryEvent, contents: readonly Listing[]): boolean => {
  const own = contents.filter(({ worker }) => worker === event.worker);
  if (!("block" in event)) return own.length > 0;
  const held = own.some(({ tier, block }) => tier === event.tier && block === event.block);
  return held !== (event.kind === "stored");
};

export default property({
  id: "DIR-8",
  part: "directory",
  statement: "an event that is refused changes no answer",
  given: directoryHistory,
  subject: directorySubject(() => createBlockDirectory(SHAPE)),
  scripts: (history) => [[...STATE, ...history.flatMap((event) => [event, ...STATE])]],
  holds(history, [replies = []]) {
    const questions = STATE.length;
    let before: readonly DirectoryReply[] = replies.slice(0, questions);
    for (const { told, answers, at } of watched(history, replies.slice(questions), questions)) {
      const difference = isApplied(told) ? undefined : firstDifference(before, answers);
      if (difference) return { ...difference, at: questions + at + difference.at };
      before = answers;
    }
    return undefined;
  },
  witnesses: {
    "a refused event that would have changed something": (history, [replies = []]) =>
      watched(history, replies.slice(STATE.length), STATE.length).some(
        ({ event, told, answers }) => !isApplied(told) && wouldChange(event, listings(answers[0])),
      ),
    "a refused event": (history, [replies = []]) =>
      watched(history, replies.slice(STATE.length), STATE.length).some(
        ({ told }) => !isApplied(told),
      ),
  },
  mutants: mutants(
    "takes a stale event in, though it says it did not",
    "moves the last id back on a stale event",
  ),
});
