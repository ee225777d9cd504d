import fc from "fast-check";
import { BlockTransfers, type Manner, type TransferCall, type TransferReply } from "#rack";
import { differs, firstDifference, type Given, oneOfValues, property } from "#verify";
import { transferCases } from "./cases.ts";
import { arrive, create, type TransferCase } from "./letters.ts";
import { mutants, subjectOf } from "./mutants.ts";

/** A history without transfers in steps, and one block that goes after it; workers are counted round. */
type Case = TransferCase & {
  readonly manner: Manner;
  readonly block: number;
  readonly from: number;
  readonly by: number;
  /** Which shard comes first; the others follow, counted round. */
  readonly first: number;
};

const wayOf = ({ tp, block, from, by }: Case) => {
  const count = 8 / tp;
  return { block, from: from % count, to: (from + by) % count };
};

/** What happened before: transfer 0 is then the first. */
const before = (given: Case): readonly TransferCall[] => [
  create(given),
  ...given.history.filter(({ kind }) => !["begin", "arrive", "abort"].includes(kind)),
];

const shards = ({ tp, first }: Case): readonly TransferCall[] =>
  Array.from({ length: tp }, (_, shard) => arrive(0, (first + shard) % tp));

const SEE: TransferCall = { kind: "contents" };

/** At once; in steps; begun and given up before the last shard; and not at all. */
const scripts = (given: Case): readonly (readonly TransferCall[])[] => {
  const way = wayOf(given);
  const begin: TransferCall = { kind: "begin", manner: given.manner, ...way };
  return [
    [...before(given), { kind: given.manner, ...way }, SEE],
    [...before(given), begin, ...shards(given), SEE],
    [...before(given), begin, ...shards(given).slice(1), { kind: "abort", transfer: 0 }, SEE],
    [...before(given), SEE],
  ];
};

const withTransfer = (cases: fc.Arbitrary<TransferCase>): fc.Arbitrary<Case> =>
  fc
    .tuple(
      cases,
      fc.record({
        manner: oneOfValues<Manner>("copy", "move"),
        block: fc.nat({ max: 2 }),
        from: fc.nat({ max: 3 }),
        by: fc.integer({ min: 1, max: 4 }),
        first: fc.nat({ max: 3 }),
      }),
    )
    .map(
      ([given, drawn]) => ({ ...given, ...drawn }),
      (made) => {
        const { manner, block, from, by, first, ...given } = made as Case;
        return [given, { manner, block, from, by, first }];
      },
    );

const given: Given<Case> = {
  arbitrary: withTransfer(transferCases.arbitrary),
  plain: withTransfer(transferCases.plain),
};

const kindOf = (reply: TransferReply | undefined): string =>
  typeof reply === "object" && "kind" in reply ? reply.kind : "";

const isSent = (reply: TransferReply | undefined): boolean =>
  ["copied", "moved"].includes(kindOf(reply));

export default property<Case, TransferCall, TransferReply>({
  id: "TRF-10",
  part: "transfer",
  statement:
    "a block sent shard by shard, in whichever order, ends as one sent at once, after the same time; one that is given up ends as one that was never sent",
  given,
  subject: subjectOf(BlockTransfers),
  scripts,

  holds(given, [atOnce = [], inSteps = [], givenUp = [], never = []]) {
    const reply = atOnce.at(-2);
    if (!isSent(reply)) return firstDifference([reply], [inSteps.at(-2 - given.tp)]);
    const { ns, bytes } = reply as { readonly ns: number; readonly bytes: number };
    const begun = differs({ kind: "begun", transfer: 0, ns, bytes }, inSteps.at(-2 - given.tp));
    if (begun) return { at: inSteps.length - 2 - given.tp, ...begun };
    return (
      firstDifference(atOnce.slice(-2), inSteps.slice(-2)) ??
      firstDifference(never.slice(-1), givenUp.slice(-1))
    );
  },

  witnesses: {
    "a move of several shards": ({ tp, manner }, [replies = []]) =>
      tp > 1 && manner === "move" && isSent(replies.at(-2)),
    "a copy of several shards": ({ tp, manner }, [replies = []]) =>
      tp > 1 && manner === "copy" && isSent(replies.at(-2)),
    "what is refused": (_, [replies = []]) => kindOf(replies.at(-2)) === "refused",
  },

  mutants: mutants(
    "keeps the place of an aborted transfer",
    "takes the block from the source of an aborted move",
    "is done with the shard of the highest number",
    "takes a block from its source as soon as it begins to move",
  ),
});
