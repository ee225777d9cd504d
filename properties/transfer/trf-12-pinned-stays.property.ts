import { BlockTransfers, type PlacedBlock, type TransferCall, type TransferReply } from "#rack";
import { expectSame, type Finding, property } from "#verify";
import { transferCases } from "./cases.ts";
import type { TransferCase } from "./letters.ts";
import { mutants, subjectOf } from "./mutants.ts";
import { atEveryStep, placeOf, type Step, someStep, watched } from "./reading.ts";

/** How many pins a place has after an event; none when its worker was lost. */
const pinsAfter = ({ event, reply }: Step, { block, worker, pins }: PlacedBlock): number => {
  if (reply.kind === "refused" || !("worker" in event) || event.worker !== worker) return pins;
  if (event.kind === "lose") return 0;
  if (event.block !== block) return pins;
  return pins + (event.kind === "pin" ? 1 : event.kind === "unpin" ? -1 : 0);
};

/** Every place that is still pinned is there with its pins. */
const judge = (step: Step): Finding | undefined => {
  for (const place of step.before) {
    const { block, worker } = place;
    const expected = pinsAfter(step, place);
    if (expected === 0) continue;
    const found = placeOf(step.after, block, worker)?.pins ?? "gone";
    const wrong = expectSame(step, expected, found, `pins of block ${block} at worker ${worker}`);
    if (wrong) return wrong;
  }
  return undefined;
};

const pinnedAtSource = ({ event, before }: Step): boolean =>
  "from" in event && (placeOf(before, event.block, event.from)?.pins ?? 0) > 0;

export default property<TransferCase, TransferCall, TransferReply>({
  id: "TRF-12",
  part: "transfer",
  statement:
    "a pinned block stays where it is until it has been unpinned as often or its worker is lost; it can be copied",
  given: transferCases,
  subject: subjectOf(BlockTransfers),
  scripts: watched,
  holds: atEveryStep(judge),

  witnesses: {
    "a pinned block that should move": someStep(
      (step) => step.event.kind === "move" && pinnedAtSource(step) && step.reply.kind === "refused",
    ),
    "a pinned block that is copied": someStep(
      (step) => pinnedAtSource(step) && step.reply.kind === "copied",
    ),
    "a block pinned twice": someStep(({ after }) => after.some(({ pins }) => pins > 1)),
    "a block unpinned for the last time, and dropped or moved": (given, replies) => {
      let isFree = false;
      return someStep(({ event, reply }) => {
        if (event.kind === "unpin" && reply.kind === "done") isFree = true;
        return (
          isFree && (reply.kind === "moved" || (event.kind === "drop" && reply.kind === "done"))
        );
      })(given, replies);
    },
  },

  mutants: mutants(
    "moves pinned blocks",
    "lets go of all pins at once",
    "counts a pin for what it refuses",
    "evicts for a block on a full target",
  ),
});
