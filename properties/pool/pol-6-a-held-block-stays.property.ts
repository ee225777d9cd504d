import type { PoolCall, PoolReply } from "#rack";
import { expectSame, property } from "#verify";
import { type PoolCase, poolCases } from "./arbitraries.ts";
import { EvictsHeldBlocks } from "./mutants-evicting.ts";
import { AbortsForAll, ClearsHeldBlocks, SharesWithoutHolding } from "./mutants-holding.ts";
import { atEveryStep, removedIn, type Step, someStep, watched } from "./reading.ts";
import { broken, fastPool } from "./subjects.ts";

/** The blocks that some request held before a step and still holds after it. */
const keptIn = ({ heldBefore, heldAfter }: Step): readonly number[] => {
  const still = new Set([...heldAfter.values()].flatMap(({ chain }) => chain));
  const before = new Set([...heldBefore.values()].flatMap(({ chain }) => chain));
  return [...before].filter((name) => still.has(name)).toSorted((left, right) => left - right);
};

export default property<PoolCase, PoolCall, PoolReply>({
  id: "POL-6",
  part: "pool",
  statement:
    "a block that a request holds stays until the request leaves, whatever is evicted or cleared; only cached blocks are removed",
  given: poolCases(),
  subject: fastPool,
  scripts: watched,

  holds: atEveryStep(() => (step) => {
    const kept = keptIn(step);
    const there = kept.filter((name) => step.after.blocks.has(name));
    const cached = removedIn(step).filter((name) => step.before.blocks.get(name)?.[1] === "cached");
    return (
      expectSame(step, kept, there, "the blocks that are held, and those of them that are there") ??
      expectSame(step, cached, removedIn(step), "the cached blocks removed, and all that were")
    );
  }),

  witnesses: {
    "an eviction while another request holds a block": someStep(
      (step) => removedIn(step).length > 0 && keptIn(step).length > 0,
    ),
    "a clear while a request holds a block": someStep(
      (step) => step.call.kind === "clear" && keptIn(step).length > 0,
    ),
    "a request that leaves while another fills the same block": someStep(
      (step) =>
        step.call.kind === "release" &&
        step.reply.kind === "released" &&
        keptIn(step).some((name) => step.before.blocks.get(name)?.[2] === 2),
    ),
  },

  mutants: {
    "evicts whatever is least recent": broken(EvictsHeldBlocks),
    "clears what is in use": broken(ClearsHeldBlocks),
    "frees a shared block when the first of its fillers leaves": broken(AbortsForAll),
    "shares without holding": broken(SharesWithoutHolding),
  },
});
