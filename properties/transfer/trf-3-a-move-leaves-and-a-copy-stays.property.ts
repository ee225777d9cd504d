import { BlockTransfers, type PlacedBlock, type TransferCall, type TransferReply } from "#rack";
import { expectSame, type Finding, property } from "#verify";
import { transferCases } from "./cases.ts";
import type { TransferCase } from "./letters.ts";
import { mutants, subjectOf } from "./mutants.ts";
import { atEveryStep, type Step, sentBy, someStep, watched } from "./reading.ts";

/** Places without a block at a worker. */
const without = (contents: readonly PlacedBlock[], block: number, worker: number) =>
  contents.filter((place) => place.block !== block || place.worker !== worker);

const judge = (step: Step): Finding | undefined => {
  const sent = sentBy(step);
  if (sent === undefined) return undefined;
  const { block, from, to, kind } = sent;
  const rest = without(step.before, block, to);
  const arrived: PlacedBlock = { block, worker: to, state: "here", shards: step.tp, pins: 0 };
  const expected = [...(kind === "moved" ? without(rest, block, from) : rest), arrived];
  const order = (places: readonly PlacedBlock[]) =>
    places.toSorted((left, right) => left.block - right.block || left.worker - right.worker);
  return expectSame(step, order(expected), step.after, "who has which block");
};

export default property<TransferCase, TransferCall, TransferReply>({
  id: "TRF-3",
  part: "transfer",
  statement:
    "after a move the target has the block and the source has not, not even a place for it; after a copy both have it; nothing else is touched",
  given: transferCases,
  subject: subjectOf(BlockTransfers),
  scripts: watched,
  holds: atEveryStep(judge),

  witnesses: {
    "a move at once": someStep(
      ({ event, reply }) => event.kind === "move" && reply.kind === "moved",
    ),
    "a copy of a pinned block": someStep((step) => {
      const sent = sentBy(step);
      return (
        sent !== undefined &&
        step.before.some(
          ({ block, worker, pins }) => block === sent.block && worker === sent.from && pins > 0,
        )
      );
    }),
    "the last shard of several": someStep(
      (step) => step.event.kind === "arrive" && sentBy(step) !== undefined && step.tp > 1,
    ),
  },

  mutants: mutants(
    "leaves a moved block at its source",
    "takes a copied block from its source",
    "takes a moved block from every worker but the target",
    "keeps a moved block's place at its source",
    "evicts for a block on a full target",
  ),
});
