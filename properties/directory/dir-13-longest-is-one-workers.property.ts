import { createBlockDirectory, type DirectoryCall, directorySubject } from "#rack";
import { differs, property, watching } from "#verify";
import { directoryHistory, PROMPTS, SHAPE } from "./histories.ts";
import { mutants } from "./mutants.ts";
import { runs, watched } from "./replies.ts";

const QUESTIONS: readonly DirectoryCall[] = PROMPTS.flatMap((blocks) => [
  { kind: "leadingRuns" as const, blocks },
  { kind: "longest" as const, blocks },
]);

export default property({
  id: "DIR-13",
  part: "directory",
  statement:
    "the longest run is the longest that any one worker holds, and 0 when nobody holds the first block",
  given: directoryHistory,
  subject: directorySubject(() => createBlockDirectory(SHAPE)),
  scripts: watching(...QUESTIONS),
  holds(history, [replies = []]) {
    for (const { answers, at } of watched(history, replies, QUESTIONS.length)) {
      for (let index = 0; index < QUESTIONS.length; index += 2) {
        const longest = Math.max(0, ...runs(answers[index]).map(({ run }) => run));
        const difference = differs(longest, answers[index + 1]);
        if (difference) return { at: at + index + 1, ...difference };
      }
    }
    return undefined;
  },
  witnesses: {
    "runs of two workers": (_, [replies = []]) => runs(replies.at(-QUESTIONS.length)).length > 1,
    "no run at all": (_, [replies = []]) => runs(replies.at(-QUESTIONS.length))?.length === 0,
  },
  mutants: mutants("joins the runs of several workers to one"),
});
