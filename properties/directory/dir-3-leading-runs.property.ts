import {
  createBlockDirectory,
  type DirectoryCall,
  directorySubject,
  type Listing,
  type Run,
} from "#rack";
import { differs, property, watching } from "#verify";
import { directoryHistory, PROMPTS, SHAPE, WORKERS } from "./histories.ts";
import { mutants } from "./mutants.ts";
import { listings, runs, watched } from "./replies.ts";

/** How many of the leading blocks a worker lists, counted one by one. */
const runOf = (worker: number, blocks: readonly number[], contents: readonly Listing[]): number => {
  let run = 0;
  const lists = (block: number | undefined): boolean =>
    contents.some((one) => one.worker === worker && one.block === block);
  while (run < blocks.length && lists(blocks[run])) run += 1;
  return run;
};

const runsIn = (blocks: readonly number[], contents: readonly Listing[]): readonly Run[] =>
  WORKERS.map((worker) => ({ worker, run: runOf(worker, blocks, contents) })).filter(
    ({ run }) => run > 0,
  );

export default property({
  id: "DIR-3",
  part: "directory",
  statement:
    "a worker's leading run is as many of the prompt's first blocks as it lists, in whichever tier, up to the first that it does not",
  given: directoryHistory,
  subject: directorySubject(() => createBlockDirectory(SHAPE)),
  scripts: watching<DirectoryCall>(
    { kind: "contents" },
    ...PROMPTS.map((blocks) => ({ kind: "leadingRuns" as const, blocks })),
  ),
  holds(history, [replies = []]) {
    for (const { answers, at } of watched(history, replies, 1 + PROMPTS.length)) {
      const contents = listings(answers[0]);
      for (const [index, blocks] of PROMPTS.entries()) {
        const difference = differs(runsIn(blocks, contents), answers[1 + index]);
        if (difference) return { at: at + 1 + index, ...difference };
      }
    }
    return undefined;
  },
  witnesses: {
    "a run of three": (history, [replies = []]) =>
      watched(history, replies, 1 + PROMPTS.length).some(({ answers }) =>
        runs(answers[1]).some(({ run }) => run >= 3),
      ),
    "a gap, with a block held behind it": (history, [replies = []]) =>
      watched(history, replies, 1 + PROMPTS.length).some(({ answers }) =>
        runs(answers[1]).some(
          ({ worker, run }) =>
            run === 1 &&
            listings(answers[0]).some((one) => one.worker === worker && one.block === 2),
        ),
      ),
    "runs of different lengths": (_, [replies = []]) =>
      new Set(runs(replies.at(-PROMPTS.length)).map(({ run }) => run)).size > 1,
  },
  mutants: mutants(
    "counts every block held, gaps or not, as the run",
    "starts the run at the first block held",
    "looks for runs in the first tier only",
    "looks blocks up under another hash than they were stored under",
    "counts the last block of a prompt whether it is held or not",
    "reports only the worker with the longest run",
  ),
});
