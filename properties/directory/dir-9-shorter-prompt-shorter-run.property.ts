import { createBlockDirectory, type DirectoryCall, directorySubject } from "#rack";
import { differs, property, watching } from "#verify";
import { directoryHistory, SHAPE } from "./histories.ts";
import { mutants } from "./mutants.ts";
import { runs, watched } from "./replies.ts";

const PROMPT = [0, 1, 2, 3];
/** The whole prompt first, then each of its prefixes, the empty one too. */
const QUESTIONS: readonly DirectoryCall[] = [
  { kind: "leadingRuns", blocks: PROMPT },
  ...PROMPT.map((_, length) => ({ kind: "leadingRuns" as const, blocks: PROMPT.slice(0, length) })),
];

export default property({
  id: "DIR-9",
  part: "directory",
  statement: "the run along a shorter prompt is the run along the longer one, cut to its length",
  given: directoryHistory,
  subject: directorySubject(() => createBlockDirectory(SHAPE)),
  scripts: watching(...QUESTIONS),
  holds(history, [replies = []]) {
    for (const { answers, at } of watched(history, replies, QUESTIONS.length)) {
      const [whole, ...prefixes] = answers.map(runs);
      for (const [length, prefix] of prefixes.entries()) {
        const expected = (whole ?? [])
          .map(({ worker, run }) => ({ worker, run: Math.min(run, length) }))
          .filter(({ run }) => run > 0);
        const difference = differs(expected, prefix);
        if (difference) return { at: at + 1 + length, ...difference };
      }
    }
    return undefined;
  },
  witnesses: {
    "a run that the prefix cuts": (history, [replies = []]) =>
      watched(history, replies, QUESTIONS.length).some(({ answers }) =>
        runs(answers[0]).some(({ run }) => run > 2),
      ),
    "a run that ends before the prefix": (_, [replies = []]) =>
      runs(replies.at(-QUESTIONS.length)).some(({ run }) => run === 1),
  },
  mutants: mutants(
    "counts every block held, gaps or not, as the run",
    "starts the run at the first block held",
    "counts the last block of a prompt whether it is held or not",
    "reports only the worker with the longest run",
  ),
});
