import type { PoolCall, PoolReply } from "#rack";
import { expectSame, property } from "#verify";
import { type PoolCase, poolCases } from "./arbitraries.ts";
import { EvictsOneTooMany, FlushesWhenShort, SparesFreeBlocks } from "./mutants-evicting.ts";
import { atEveryStep, removedIn, roomFor, someStep, watched } from "./reading.ts";
import { broken, fastPool } from "./subjects.ts";

export default property<PoolCase, PoolCall, PoolReply>({
  id: "POL-10",
  part: "pool",
  statement:
    "a request evicts exactly as many blocks as it needs beyond the free ones, and nothing else but a clear evicts",
  given: poolCases(),
  subject: fastPool,
  scripts: watched,

  holds: atEveryStep(() => (step) => {
    if (step.call.kind === "clear") return undefined;
    const taken = step.reply.kind === "admitted" || step.reply.kind === "grown";
    const needed = taken ? (roomFor(step.call, step.before)?.needed ?? 0) : 0;
    const expected = Math.max(0, needed - step.before.counts.free);
    return expectSame(step, expected, removedIn(step).length, "how many are evicted");
  }),

  witnesses: {
    "a request that takes free blocks and evicts others": someStep(
      (step) =>
        step.reply.kind === "admitted" && step.before.counts.free > 0 && removedIn(step).length > 0,
    ),
    "a request that evicts some of what is cached": someStep(
      (step) =>
        step.reply.kind === "admitted" &&
        removedIn(step).length > 0 &&
        step.after.counts.cached > 0,
    ),
    "decode that evicts": someStep(
      (step) => step.reply.kind === "grown" && removedIn(step).length > 0,
    ),
  },

  mutants: {
    "evicts one too many": broken(EvictsOneTooMany),
    "evicts beside the free blocks": broken(SparesFreeBlocks),
    "empties the cache when it is short": broken(FlushesWhenShort),
  },
});
