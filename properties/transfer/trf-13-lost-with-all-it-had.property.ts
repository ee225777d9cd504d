import { BlockTransfers, type PlacedBlock, type TransferCall, type TransferReply } from "#rack";
import { expectSame, type Finding, property } from "#verify";
import { transferCases } from "./cases.ts";
import type { TransferCase } from "./letters.ts";
import { mutants, subjectOf } from "./mutants.ts";
import { atEveryStep, type Step, someStep, watched } from "./reading.ts";

/** The places of the other workers, without those kept for what the lost one was sending, and what was leaving for it stays. */
const wanted = ({ before, flightsBefore }: Step, lost: number): readonly PlacedBlock[] => {
  const flights = [...flightsBefore.values()];
  return before
    .filter(({ worker }) => worker !== lost)
    .filter(
      ({ block, worker }) =>
        !flights.some((one) => one.from === lost && one.to === worker && one.block === block),
    )
    .map((place) => {
      const leftForLost = flights.some(
        (one) => one.to === lost && one.from === place.worker && one.block === place.block,
      );
      return place.state === "leaving" && leftForLost ? { ...place, state: "here" } : place;
    });
};

const judge = (step: Step): Finding | undefined => {
  const { event, reply, after } = step;
  if (event.kind !== "lose" || reply.kind === "refused") return undefined;
  return expectSame(step, wanted(step, event.worker), after, "what is left");
};

const losing =
  (isIt: (flight: { readonly from: number; readonly to: number }, lost: number) => boolean) =>
  ({ event, reply, flightsBefore }: Step): boolean =>
    event.kind === "lose" &&
    reply.kind === "done" &&
    [...flightsBefore.values()].some((flight) => isIt(flight, event.worker));

export default property<TransferCase, TransferCall, TransferReply>({
  id: "TRF-13",
  part: "transfer",
  statement:
    "a lost worker has nothing any more, what it was sending is nowhere on its way, what was being sent to it stays where it was, and nobody else loses anything",
  given: transferCases,
  subject: subjectOf(BlockTransfers),
  scripts: watched,
  holds: atEveryStep(judge),

  witnesses: {
    "a worker that was sending": someStep(losing(({ from }, lost) => from === lost)),
    "a worker that was being sent to": someStep(losing(({ to }, lost) => to === lost)),
    "a worker with a pinned block": someStep(
      ({ event, before }) =>
        event.kind === "lose" &&
        before.some(({ worker, pins }) => worker === event.worker && pins > 0),
    ),
    "a block that others have too": someStep(
      ({ event, before }) =>
        event.kind === "lose" &&
        before.some(
          ({ block, worker }) =>
            worker === event.worker &&
            before.some((other) => other.block === block && other.worker !== worker),
        ),
    ),
  },

  mutants: mutants(
    "goes on sending from a lost worker",
    "keeps what a lost worker has pinned",
    "loses a lost worker's blocks everywhere",
    "keeps the places that a lost worker was sending to",
    "takes the block from the source of an aborted move",
  ),
});
