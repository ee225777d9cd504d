import { BlockTransfers, type PlacedBlock, type TransferCall, type TransferReply } from "#rack";
import { expectSame, type Finding, property } from "#verify";
import { transferCases } from "./cases.ts";
import type { TransferCase } from "./letters.ts";
import { mutants, subjectOf } from "./mutants.ts";
import { atEveryStep, isReadable, type Step, someStep, watched } from "./reading.ts";

/** How often each block can be read. */
const counts = (contents: readonly PlacedBlock[]): ReadonlyMap<number, number> => {
  const found = new Map<number, number>();
  for (const { block, worker } of contents)
    if (isReadable(contents, block, worker)) found.set(block, (found.get(block) ?? 0) + 1);
  return found;
};

/** The block of an event, and how many places more than before it can be read in, by what was answered. */
const change = ({ event, reply, flightsBefore }: Step): readonly [block: number, by: number] => {
  const block =
    "block" in event
      ? event.block
      : "transfer" in event
        ? (flightsBefore.get(event.transfer)?.block ?? -1)
        : -1;
  if (reply.kind === "copied") return [block, 1];
  if (reply.kind !== "done") return [block, 0];
  return [block, event.kind === "store" ? 1 : event.kind === "drop" ? -1 : 0];
};

const judge = (step: Step): Finding | undefined => {
  if (step.event.kind === "lose" && step.reply.kind === "done") return undefined;
  const [block, by] = change(step);
  const [before, after] = [counts(step.before), counts(step.after)];
  for (const name of new Set([...before.keys(), ...after.keys(), block])) {
    const expected = (before.get(name) ?? 0) + (name === block ? by : 0);
    const wrong = expectSame(step, expected, after.get(name) ?? 0, `workers with block ${name}`);
    if (wrong) return wrong;
  }
  return undefined;
};

export default property<TransferCase, TransferCall, TransferReply>({
  id: "TRF-2",
  part: "transfer",
  statement:
    "a move keeps the number of workers where each block can be read and a copy adds one; nothing but storing, dropping and losing a worker changes it otherwise",
  given: transferCases,
  subject: subjectOf(BlockTransfers),
  scripts: watched,
  holds: atEveryStep(judge),

  witnesses: {
    "a block at two workers, of which one moves": someStep(
      (step) => step.reply.kind === "moved" && [...counts(step.before).values()].some((n) => n > 1),
    ),
    "a copy in steps": someStep(
      ({ event, reply }) => event.kind === "arrive" && reply.kind === "copied",
    ),
    "a move in steps": someStep(
      ({ event, reply }) => event.kind === "arrive" && reply.kind === "moved",
    ),
  },

  mutants: mutants(
    "leaves a moved block at its source",
    "takes a copied block from its source",
    "takes a moved block from every worker but the target",
    "lists the target as soon as the transfer begins",
    "takes the block from the source of an aborted move",
    "drops the source when the target has the block",
    "removes a block that moves to where it is",
    "moves one block to two workers",
    "evicts for a block on a full target",
  ),
});
