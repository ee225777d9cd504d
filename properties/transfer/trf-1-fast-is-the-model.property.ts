import { BlockTransfers, type TransferCall, TransferModel, type TransferReply } from "#rack";
import { agreesWith, property, type Script } from "#verify";
import { transferCases } from "./cases.ts";
import { create, type TransferCase } from "./letters.ts";
import { mutants, subjectOf } from "./mutants.ts";

const QUESTIONS: readonly TransferCall[] = [
  { kind: "contents" },
  { kind: "holders", block: 0 },
  { kind: "used", worker: 0 },
  { kind: "holds", worker: 1, block: 1 },
  { kind: "used", worker: 1 },
  { kind: "holders", block: 1 },
  { kind: "holds", worker: 9, block: 0 },
];

/** One question after each event, another each time, and all of them at the end. */
const scripts = (given: TransferCase): readonly Script<TransferCall>[] => [
  [
    create(given),
    ...given.history.flatMap((event, index) => [
      event,
      QUESTIONS[index % QUESTIONS.length] ?? { kind: "contents" as const },
    ]),
    ...QUESTIONS,
  ],
];

const some =
  (kind: string) =>
  (_: TransferCase, [replies = []]: readonly (readonly TransferReply[])[]): boolean =>
    replies.some((reply) => typeof reply === "object" && "kind" in reply && reply.kind === kind);

export default property<TransferCase, TransferCall, TransferReply>({
  id: "TRF-1",
  part: "transfer",
  statement: "transfers answer every history as the plain model does",
  given: transferCases,
  subject: subjectOf(BlockTransfers),
  scripts,
  holds: agreesWith(subjectOf(TransferModel), scripts),

  witnesses: {
    "a block that was copied": some("copied"),
    "a block that was moved": some("moved"),
    "a transfer that waits for shards": some("waiting"),
    "nothing to do": some("nothing"),
  },

  mutants: mutants(
    "leaves a moved block at its source",
    "keeps the place of an aborted transfer",
    "counts a shard that arrives again",
    "refuses with another reason",
    "uses the number of a transfer again",
    "moves one block to two workers",
  ),
});
