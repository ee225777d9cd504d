import {
  BlockTransfers,
  type PlacedBlock,
  type TransferCall,
  TransferModel,
  type TransferReply,
} from "#rack";
import { differs, property } from "#verify";
import { transferCases } from "./cases.ts";
import { create, type TransferCase, workerCount } from "./letters.ts";
import { subjectOf } from "./mutants.ts";
import { isReadable } from "./reading.ts";

const BLOCKS = [0, 1, 2] as const;

/** The workers that histories favour. */
const workersIn = (given: TransferCase): readonly number[] =>
  Array.from({ length: Math.min(workerCount(given), 5) }, (_, worker) => worker);

const questions = (given: TransferCase): readonly TransferCall[] => [
  { kind: "contents" },
  ...BLOCKS.map((block) => ({ kind: "holders" as const, block })),
  ...BLOCKS.flatMap((block) =>
    workersIn(given).map((worker) => ({ kind: "holds" as const, worker, block })),
  ),
  ...workersIn(given).map((worker) => ({ kind: "used" as const, worker })),
];

/** The answers that follow from the list of all places. */
const answersFrom = (
  given: TransferCase,
  contents: readonly PlacedBlock[],
): readonly TransferReply[] => {
  const all = Array.from({ length: workerCount(given) }, (_, worker) => worker);
  return [
    ...BLOCKS.map((block) => all.filter((worker) => isReadable(contents, block, worker))),
    ...BLOCKS.flatMap((block) =>
      workersIn(given).map((worker) => isReadable(contents, block, worker)),
    ),
    ...workersIn(given).map((own) => contents.filter(({ worker }) => worker === own).length),
  ];
};

const lastContents = (given: TransferCase, replies: readonly TransferReply[]) =>
  (replies[given.history.length + 1] ?? []) as readonly PlacedBlock[];

export default property<TransferCase, TransferCall, TransferReply>({
  id: "TRF-15",
  part: "transfer",
  statement:
    "who holds a block, whether a worker does, and how many places it uses are what the list of all places says, however it came about",
  given: transferCases,
  subject: subjectOf(BlockTransfers),
  scripts: (given) => [[create(given), ...given.history, ...questions(given)]],

  holds(given, [replies = []]) {
    const start = given.history.length + 2;
    const expected = answersFrom(given, lastContents(given, replies));
    for (const [index, answer] of expected.entries()) {
      const difference = differs(answer, replies[start + index]);
      if (difference)
        return {
          at: start + index,
          ...difference,
          about: JSON.stringify(questions(given)[index + 1]),
        };
    }
    return undefined;
  },

  witnesses: {
    "a block at two workers": (given, [replies = []]) => {
      const contents = lastContents(given, replies);
      return BLOCKS.some((block) => contents.filter((place) => place.block === block).length > 1);
    },
    "a block on its way": (given, [replies = []]) =>
      lastContents(given, replies).some(({ state }) => state === "arriving"),
    "a block that leaves and can still be read": (given, [replies = []]) =>
      lastContents(given, replies).some(({ state }) => state === "leaving"),
  },

  mutants: {
    "knows one place of each block, the last (document)": subjectOf(
      class extends TransferModel {
        override holders(block: number) {
          return super.holders(block).slice(-1);
        }
      },
    ),
    "names the target before the block is there (document)": subjectOf(
      class extends TransferModel {
        override holds(worker: number, block: number) {
          return this.at(block, worker) !== undefined;
        }
      },
    ),
    "counts places only from when they can be read": subjectOf(
      class extends TransferModel {
        override used(worker: number) {
          return this.contents().filter(
            (place) => place.worker === worker && place.state !== "arriving",
          ).length;
        }
      },
    ),
    "does not list what leaves": subjectOf(
      class extends TransferModel {
        override contents() {
          return super.contents().filter(({ state }) => state !== "leaving");
        }
      },
    ),
  },
});
