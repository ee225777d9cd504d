import { BlockTransfers, type TransferCall, type TransferReply } from "#rack";
import { expectSame, type Finding, property } from "#verify";
import { transferCases } from "./cases.ts";
import type { TransferCase } from "./letters.ts";
import { mutants, subjectOf } from "./mutants.ts";
import { atEveryStep, isReadable, placeOf, type Step, someStep, watched } from "./reading.ts";

/** Why a worker does not give a block away, or show it; the first reason counts. */
const notSendable = (step: Step, isMove: boolean, block: number, from: number) => {
  const { before, flightsBefore } = step;
  if (!isReadable(before, block, from)) return "source-lacks-it";
  const outgoing = [...flightsBefore.values()].filter(
    (flight) => flight.block === block && flight.from === from,
  );
  const isHeld = (placeOf(before, block, from)?.pins ?? 0) > 0;
  if (isMove && (isHeld || outgoing.some(({ manner }) => manner === "copy"))) return "pinned";
  return outgoing.some(({ manner }) => manner === "move") ? "leaving" : undefined;
};

/** Why a worker does not take a block in. */
const noRoom = ({ before, capacityBlocks }: Step, block: number, to: number) => {
  const place = placeOf(before, block, to);
  if (place) return place.state === "arriving" ? "on-its-way" : "target-has-it";
  const used = before.filter(({ worker }) => worker === to).length;
  return used >= capacityBlocks ? "target-full" : undefined;
};

const sending = (step: Step, isMove: boolean, block: number, from: number, to: number) => {
  if (from !== to) return notSendable(step, isMove, block, from) ?? noRoom(step, block, to);
  return isReadable(step.before, block, from) ? undefined : "source-lacks-it";
};

const atWorker = (
  step: Step,
  kind: "store" | "drop" | "pin" | "unpin",
  block: number,
  worker: number,
) => {
  if (kind === "store") return noRoom(step, block, worker);
  if (kind !== "unpin") return notSendable(step, kind === "drop", block, worker);
  if (!isReadable(step.before, block, worker)) return "source-lacks-it";
  return placeOf(step.before, block, worker)?.pins === 0 ? "not-pinned" : undefined;
};

const underWay = (step: Step, transfer: number, shard?: number) => {
  const flight = step.flightsBefore.get(transfer);
  if (flight === undefined) return "no-such-transfer";
  if (shard === undefined) return undefined;
  if (shard >= step.tp) return "no-such-shard";
  return flight.shards.includes(shard) ? "already-arrived" : undefined;
};

/** Why an event should be refused; nothing when it should not. */
const reason = (step: Step): string | undefined => {
  const { event, tp } = step;
  const named = "worker" in event ? [event.worker] : "from" in event ? [event.from, event.to] : [];
  if (named.some((worker) => worker >= 8 / tp)) return "unknown-worker";
  switch (event.kind) {
    case "lose":
      return undefined;
    case "copy":
    case "move":
      return sending(step, event.kind === "move", event.block, event.from, event.to);
    case "begin":
      return sending(step, event.manner === "move", event.block, event.from, event.to);
    case "arrive":
      return underWay(step, event.transfer, event.shard);
    case "abort":
      return underWay(step, event.transfer);
    default:
      return atWorker(step, event.kind, event.block, event.worker);
  }
};

const judge = (step: Step): Finding | undefined => {
  const { reply, before, after } = step;
  const because = reply.kind === "refused" ? reply.because : undefined;
  const wrong = expectSame(step, reason(step) ?? "taken", because ?? "taken", "the reason");
  if (wrong || because === undefined) return wrong;
  return expectSame(step, before, after, "who has which block, after a refusal");
};

const refusedFor = (...reasons: readonly string[]) =>
  Object.fromEntries(
    reasons.map((reason) => [
      reason,
      someStep(({ reply }) => reply.kind === "refused" && reply.because === reason),
    ]),
  );

export default property<TransferCase, TransferCall, TransferReply>({
  id: "TRF-4",
  part: "transfer",
  statement:
    "what cannot be done is refused with the first reason that applies, nothing else is refused, and what is refused has changed nothing",
  given: transferCases,
  subject: subjectOf(BlockTransfers),
  scripts: watched,
  holds: atEveryStep(judge),

  witnesses: refusedFor(
    "unknown-worker",
    "source-lacks-it",
    "pinned",
    "leaving",
    "target-has-it",
    "on-its-way",
    "target-full",
    "not-pinned",
    "no-such-transfer",
    "no-such-shard",
    "already-arrived",
  ),

  mutants: mutants(
    "takes the target's place before it looks at the source",
    "takes the block from the source before the target is found full",
    "sends what the source does not have",
    "takes a block in on a full target",
    "counts only what can be read as taken",
    "drops the source when the target has the block",
    "stores a block twice",
    "moves pinned blocks",
    "moves one block to two workers",
    "counts a pin for what it refuses",
    "refuses with another reason",
    "lets a shard arrive after the end",
  ),
});
