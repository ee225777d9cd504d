import fc from "fast-check";
import { BlockTransfers, type TransferCall, type TransferReply } from "#rack";
import { firstDifference, type Given, property } from "#verify";
import { transferCases } from "./cases.ts";
import { create, type TransferCase } from "./letters.ts";
import { mutants, subjectOf } from "./mutants.ts";

/** A history, and a block that goes from a worker to another and back; both counted round. */
type Case = TransferCase & { readonly block: number; readonly from: number; readonly by: number };

const way = ({ tp, from, by }: Case): readonly [number, number] => {
  const count = 8 / tp;
  return [from % count, (from + by) % count];
};

const script = (given: Case): readonly TransferCall[] => {
  const [from, to] = way(given);
  const { block } = given;
  return [
    create(given),
    ...given.history,
    { kind: "contents" },
    { kind: "move", block, from, to },
    { kind: "move", block, from: to, to: from },
    { kind: "contents" },
  ];
};

const withWay = (cases: fc.Arbitrary<TransferCase>): fc.Arbitrary<Case> =>
  fc.tuple(cases, fc.nat({ max: 2 }), fc.nat({ max: 3 }), fc.integer({ min: 1, max: 4 })).map(
    ([given, block, from, by]) => ({ ...given, block, from, by }),
    (made) => {
      const { block, from, by, ...given } = made as Case;
      return [given, block, from, by];
    },
  );

const given: Given<Case> = {
  arbitrary: withWay(transferCases.arbitrary),
  plain: withWay(transferCases.plain),
};

const kindOf = (reply: TransferReply | undefined): string | undefined =>
  typeof reply === "object" && "kind" in reply ? reply.kind : undefined;

export default property<Case, TransferCall, TransferReply>({
  id: "TRF-5",
  part: "transfer",
  statement:
    "a block that moves and moves back leaves everything as it was, and takes as long on the way back",
  given,
  subject: subjectOf(BlockTransfers),
  scripts: (given) => [script(given)],

  holds(_, [replies = []]) {
    const [before, there, back, after] = replies.slice(-4);
    if (kindOf(there) !== "moved") return undefined;
    return firstDifference([there, before], [back, after]);
  },

  witnesses: {
    "there and back": (_, [replies = []]) => kindOf(replies.at(-3)) === "moved",
    "back to a worker that was full": (given, [replies = []]) => {
      const [from] = way(given);
      const places = replies.at(-1) as readonly { readonly worker: number }[];
      return (
        kindOf(replies.at(-3)) === "moved" &&
        places.filter(({ worker }) => worker === from).length === given.capacityBlocks
      );
    },
    "with other blocks about": (_, [replies = []]) =>
      kindOf(replies.at(-3)) === "moved" && (replies.at(-1) as readonly unknown[]).length > 1,
  },

  mutants: mutants(
    "leaves a moved block at its source",
    "takes a moved block from every worker but the target",
    "keeps a moved block's place at its source",
    "evicts for a block on a full target",
  ),
});
