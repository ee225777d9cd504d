import type { PoolCall, PoolReply } from "#rack";
import { expectSame, property } from "#verify";
import { type PoolCase, poolCases } from "./arbitraries.ts";
import {
  CountsOwnHitsEvictable,
  EvictsBeforeRefusing,
  PinsWhatItRefuses,
  RefusesTheLastFit,
  WantsRoomForHits,
} from "./mutants-admitting.ts";
import { LeaksOnRefusedGrowth } from "./mutants-holding.ts";
import { atEveryStep, plainSight, roomFor, type Step, someStep, watched } from "./reading.ts";
import { broken, fastPool } from "./subjects.ts";

const isFull = ({ reply }: Step): boolean => reply.kind === "refused" && reply.because === "full";
const isTaken = ({ reply }: Step): boolean => reply.kind === "admitted" || reply.kind === "grown";

export default property<PoolCase, PoolCall, PoolReply>({
  id: "POL-5",
  part: "pool",
  statement:
    "a refused call has changed nothing and announced nothing; and room is refused exactly when the free blocks and those that could be evicted, a request's own hits not among them, do not suffice",
  given: poolCases(),
  subject: fastPool,
  scripts: watched,

  holds: atEveryStep(() => (step) => {
    const room = roomFor(step.call, step.before);
    if (room && (isFull(step) || isTaken(step))) {
      const verdict = (isIt: boolean): string => (isIt ? "refused: full" : "taken in");
      const tooMuch = room.needed > room.available;
      const wrong = expectSame(
        step,
        verdict(tooMuch),
        verdict(isFull(step)),
        `needs ${room.needed}, may use ${room.available}`,
      );
      if (wrong) return wrong;
    }
    if (step.reply.kind !== "refused") return undefined;
    return (
      expectSame(step, [], step.events, "announcements of a refused call") ??
      expectSame(step, plainSight(step.before), plainSight(step.after), "the pool after a refusal")
    );
  }),

  witnesses: {
    "a request that is one block too large": someStep((step) => {
      const room = roomFor(step.call, step.before);
      return isFull(step) && room !== undefined && room.needed === room.available + 1;
    }),
    "a request that just fits": someStep((step) => {
      const room = roomFor(step.call, step.before);
      return isTaken(step) && room !== undefined && room.needed === room.available;
    }),
    "a request that is refused because its own hits cannot be evicted": someStep((step) => {
      const { counts } = step.before;
      const room = roomFor(step.call, step.before);
      return isFull(step) && room !== undefined && room.needed <= counts.free + counts.cached;
    }),
    "a refusal for another reason": someStep(
      (step) => step.reply.kind === "refused" && !isFull(step),
    ),
  },

  mutants: {
    "refuses what would just fit": broken(RefusesTheLastFit),
    "wants room for hits": broken(WantsRoomForHits),
    "counts a request's own hits as room": broken(CountsOwnHitsEvictable),
    "keeps holding the hits of what it refused": broken(PinsWhatItRefuses),
    "evicts first and refuses then": broken(EvictsBeforeRefusing),
    "leaks a block when decode is refused": broken(LeaksOnRefusedGrowth),
  },
});
