import { BlockTransfers, type PlacedBlock, type TransferCall, type TransferReply } from "#rack";
import { expectSame, type Finding, property } from "#verify";
import { transferCases } from "./cases.ts";
import type { TransferCase } from "./letters.ts";
import { mutants, subjectOf } from "./mutants.ts";
import { atEveryStep, isReadable, placeOf, type Step, someStep, watched } from "./reading.ts";

/** What must be seen of each transfer that is under way. */
const underWay = (step: Step): Finding | undefined => {
  for (const { manner, block, from, to, shards } of step.flightsAfter.values()) {
    const target = placeOf(step.after, block, to);
    const kept = { block, worker: to, state: "arriving", shards: shards.length, pins: 0 };
    const wrong =
      expectSame(step, kept, target, "the place at the target") ??
      expectSame(step, true, isReadable(step.after, block, from), "readable at its source");
    if (wrong) return wrong;
    if (manner === "move") {
      const state = placeOf(step.after, block, from)?.state;
      const stays = expectSame(step, "leaving", state, "the place at the source");
      if (stays) return stays;
    }
  }
  return undefined;
};

/** What must be seen of a place, whoever keeps it. */
const whole = (step: Step, place: PlacedBlock): Finding | undefined => {
  const flights = [...step.flightsAfter.values()].filter(({ block }) => block === place.block);
  const arrives = flights.some(({ to }) => to === place.worker);
  const leaves = flights.some(({ manner, from }) => manner === "move" && from === place.worker);
  const state = arrives ? "arriving" : leaves ? "leaving" : "here";
  return (
    expectSame(step, state, place.state, `block ${place.block} at worker ${place.worker}`) ??
    (arrives ? undefined : expectSame(step, step.tp, place.shards, "its shards"))
  );
};

const judge = (step: Step): Finding | undefined => {
  const { event, reply, flightsBefore, tp } = step;
  const flight = event.kind === "arrive" ? flightsBefore.get(event.transfer) : undefined;
  if (flight && reply.kind !== "refused") {
    const missing = tp - flight.shards.length - 1;
    const sent = { kind: flight.manner === "move" ? "moved" : "copied" };
    const expected = missing > 0 ? { kind: "waiting", missing } : sent;
    const found = reply.kind === "waiting" ? reply : { kind: reply.kind };
    const wrong = expectSame(step, expected, found, "the reply");
    if (wrong) return wrong;
  }
  const wrong = underWay(step);
  if (wrong) return wrong;
  for (const place of step.after) {
    const found = whole(step, place);
    if (found) return found;
  }
  return undefined;
};

export default property<TransferCase, TransferCall, TransferReply>({
  id: "TRF-9",
  part: "transfer",
  statement:
    "a block can be read at a worker exactly when every shard is there: while it is on its way it is read at its source alone, and its place at the target is kept",
  given: transferCases,
  subject: subjectOf(BlockTransfers),
  scripts: watched,
  holds: atEveryStep(judge),

  witnesses: {
    "a block half of which is there": someStep(({ flightsAfter }) =>
      [...flightsAfter.values()].some(({ shards }) => shards.length > 0),
    ),
    "one block on its way to two workers": someStep(({ flightsAfter }) => {
      const blocks = [...flightsAfter.values()].map(({ block }) => block);
      return new Set(blocks).size < blocks.length;
    }),
    "the shard of the highest number before the others": someStep(
      ({ event, reply, tp }) =>
        event.kind === "arrive" && event.shard === tp - 1 && reply.kind === "waiting",
    ),
  },

  mutants: mutants(
    "lists the target as soon as the transfer begins",
    "lists the target with the first shard",
    "takes a block from its source as soon as it begins to move",
    "is done with the shard of the highest number",
    "keeps the place of an aborted transfer",
    "goes on sending from a lost worker",
  ),
});
