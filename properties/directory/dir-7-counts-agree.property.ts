import { createBlockDirectory, type DirectoryCall, directorySubject } from "#rack";
import { differs, property, watching } from "#verify";
import { BLOCKS, directoryHistory, SHAPE, WORKERS } from "./histories.ts";
import { mutants } from "./mutants.ts";
import { isShared, listings, watched } from "./replies.ts";

const QUESTIONS: readonly DirectoryCall[] = [
  { kind: "contents" },
  { kind: "size" },
  ...WORKERS.map((worker) => ({ kind: "heldBy" as const, worker })),
  ...BLOCKS.map((block) => ({ kind: "holders" as const, block })),
];

export default property({
  id: "DIR-7",
  part: "directory",
  statement:
    "size, holders and each worker's count are at every step those of the contents, which are in order",
  given: directoryHistory,
  subject: directorySubject(() => createBlockDirectory(SHAPE)),
  scripts: watching(...QUESTIONS),
  holds(history, [replies = []]) {
    for (const { answers, at } of watched(history, replies, QUESTIONS.length)) {
      const contents = listings(answers[0]);
      const expected = [
        BLOCKS.flatMap((block) =>
          WORKERS.flatMap((worker) => [0, 1].map((tier) => ({ block, worker, tier }))),
        ).filter((place) =>
          contents.some(
            ({ block, worker, tier }) =>
              block === place.block && worker === place.worker && tier === place.tier,
          ),
        ),
        new Set(contents.map(({ block }) => block)).size,
        ...WORKERS.map((worker) => contents.filter((one) => one.worker === worker).length),
        ...BLOCKS.map((block) =>
          contents
            .filter((one) => one.block === block)
            .map(({ worker, tier }) => ({ worker, tier })),
        ),
      ];
      for (const [index, value] of expected.entries()) {
        const difference = differs(value, answers[index]);
        if (difference) return { at: at + index, ...difference };
      }
    }
    return undefined;
  },
  witnesses: {
    "a block that two workers hold": (_, [replies = []]) =>
      isShared(listings(replies.at(-QUESTIONS.length))),
    "a directory that was filled and is empty again": (history, [replies = []]) =>
      replies.at(1 - QUESTIONS.length) === 0 && history[0]?.kind === "stored",
  },
  mutants: mutants(
    "takes one off its size for each removal, repeated ones too",
    "does not reset its size on a clear",
    "reads a block's top bit as a sign",
  ),
});
