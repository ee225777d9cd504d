import {
  createBlockDirectory,
  type DirectoryCall,
  type DirectoryReply,
  directorySubject,
  type Listing,
  type LongestRun,
} from "#rack";
import { differs, property, watching } from "#verify";
import { directoryHistory, PROMPTS, SHAPE, WORKERS } from "./histories.ts";
import { mutants } from "./mutants.ts";
import { listings, watched } from "./replies.ts";

const QUESTIONS: readonly DirectoryCall[] = [
  { kind: "contents" },
  ...PROMPTS.map((blocks) => ({ kind: "longestRun" as const, blocks })),
];

/** By asking of each length in turn who lists all of so many blocks, until nobody does. */
const longestIn = (contents: readonly Listing[], blocks: readonly number[]): LongestRun => {
  let longest: LongestRun = { run: 0, holders: [] };
  for (let run = 1; run <= blocks.length; run += 1) {
    const holders = WORKERS.filter((worker) =>
      blocks
        .slice(0, run)
        .every((block) => contents.some((one) => one.worker === worker && one.block === block)),
    );
    if (holders.length === 0) break;
    longest = { run, holders };
  }
  return longest;
};

const longest = (reply: DirectoryReply | undefined): LongestRun =>
  (reply ?? { run: 0, holders: [] }) as LongestRun;

export default property({
  id: "DIR-16",
  part: "directory",
  statement:
    "the holders of the longest run are exactly the workers that list all of its blocks, by number, and no worker lists one more; of no run there are none",
  given: directoryHistory,
  subject: directorySubject(() => createBlockDirectory(SHAPE)),
  scripts: watching(...QUESTIONS),
  holds(history, [replies = []]) {
    for (const { answers, at } of watched(history, replies, QUESTIONS.length)) {
      const contents = listings(answers[0]);
      for (const [index, blocks] of PROMPTS.entries()) {
        const difference = differs(longestIn(contents, blocks), answers[1 + index]);
        if (difference) return { at: at + 1 + index, ...difference };
      }
    }
    return undefined;
  },
  witnesses: {
    "two holders of a run": (history, [replies = []]) =>
      watched(history, replies, QUESTIONS.length).some(
        ({ answers }) => longest(answers[1]).holders.length > 1,
      ),
    "a holder of the first block whose run is not the longest": (history, [replies = []]) =>
      watched(history, replies, QUESTIONS.length).some(({ answers }) => {
        const { run, holders } = longest(answers[1]);
        return (
          run > 1 &&
          listings(answers[0]).some(({ block, worker }) => block === 0 && !holders.includes(worker))
        );
      }),
    nobody: (_, [replies = []]) => replies.length > 0 && longest(replies.at(-6)).run === 0,
  },
  mutants: mutants(
    "names only the first holder of the longest run",
    "names everybody who holds the first block",
    "looks for the longest run among the holders of the last block",
    "looks for runs in the first tier only",
    "starts the run at the first block held",
  ),
});
