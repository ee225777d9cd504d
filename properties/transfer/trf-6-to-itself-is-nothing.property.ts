import { BlockTransfers, type TransferCall, type TransferReply } from "#rack";
import { differs, firstDifference, property } from "#verify";
import { transferCases } from "./cases.ts";
import { create, type TransferCase, workerCount } from "./letters.ts";
import { mutants, subjectOf } from "./mutants.ts";

/** Every block of the histories, from every worker to itself, in all three ways. */
const toItself = (given: TransferCase): readonly TransferCall[] =>
  Array.from({ length: Math.min(workerCount(given), 4) }, (_, worker) => worker).flatMap((worker) =>
    [0, 1].flatMap((block): readonly TransferCall[] => {
      const way = { block, from: worker, to: worker };
      return [
        { kind: "copy", ...way },
        { kind: "move", ...way },
        { kind: "begin", manner: "move", ...way },
        { kind: "holds", worker, block },
      ];
    }),
  );

/** What is there, and which number the next transfer has. */
const STATE: readonly TransferCall[] = [
  { kind: "contents" },
  { kind: "lose", worker: 0 },
  { kind: "lose", worker: 1 },
  { kind: "store", worker: 0, block: 7 },
  { kind: "begin", manner: "copy", block: 7, from: 0, to: 1 },
];

const script = (given: TransferCase, between: readonly TransferCall[]): readonly TransferCall[] => [
  create(given),
  ...given.history,
  ...between,
  ...STATE,
];

export default property<TransferCase, TransferCall, TransferReply>({
  id: "TRF-6",
  part: "transfer",
  statement:
    "from a worker to itself nothing is sent, in no time, pinned or not; nothing changes and no transfer begins; what it does not have is refused",
  given: transferCases,
  subject: subjectOf(BlockTransfers),
  scripts: (given) => [script(given, []), script(given, toItself(given))],

  holds(given, [without = [], withThem = []]) {
    const start = 1 + given.history.length;
    for (let at = start; at < withThem.length - STATE.length; at += 4) {
      const isThere = withThem[at + 3] === true;
      const expected = isThere
        ? { kind: "nothing", ns: 0, bytes: 0 }
        : { kind: "refused", because: "source-lacks-it" };
      for (let way = 0; way < 3; way += 1) {
        const difference = differs(expected, withThem[at + way]);
        if (difference) return { at: at + way, ...difference };
      }
    }
    return firstDifference(without.slice(-STATE.length), withThem.slice(-STATE.length));
  },

  witnesses: {
    "a block that is there": (_, [, replies = []]) => replies.includes(true),
    "a pinned block": (_, [replies = []]) =>
      (replies.at(-STATE.length) as readonly { readonly pins: number }[]).some(
        ({ pins }) => pins > 0,
      ),
    "a block that is leaving": (_, [replies = []]) =>
      (replies.at(-STATE.length) as readonly { readonly state: string }[]).some(
        ({ state }) => state === "leaving",
      ),
  },

  mutants: mutants(
    "removes a block that moves to where it is",
    "charges a hop from a worker to itself",
    "begins a transfer from a worker to itself",
  ),
});
