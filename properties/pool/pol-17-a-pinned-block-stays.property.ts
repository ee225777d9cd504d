import type { PoolCall, PoolReply } from "#rack";
import { expectSame, type Finding, property } from "#verify";
import { type PoolCase, pinningCases } from "./arbitraries.ts";
import {
  ClearsPins,
  EvictsPinnedBlocks,
  PinsTheLeafOnly,
  UnpinsForAll,
} from "./mutants-pinning.ts";
import { atEveryStep, isReadable, removedIn, type Step, someStep, watched } from "./reading.ts";
import { broken, fastPool } from "./subjects.ts";

const judge = (): ((step: Step) => Finding | undefined) => {
  const pins = new Map<number, readonly number[]>();
  /** Each block, with those before it in the chain that it was admitted in last. */
  const prefixes = new Map<number, readonly number[]>();
  return (step) => {
    const { call, reply } = step;
    if (call.kind === "admit" && reply.kind === "admitted") {
      for (const [depth, name] of call.blocks.entries()) {
        prefixes.set(name, call.blocks.slice(0, depth + 1));
      }
    }
    if (reply.kind === "unpinned" && call.kind === "unpin") pins.delete(call.block);
    if (reply.kind === "pinned" && call.kind === "pin") {
      pins.set(call.block, prefixes.get(call.block) ?? []);
    }
    const kept = [...new Set([...pins.values()].flat())];
    const readable = kept.filter((name) => isReadable(step.after, name));
    const active = kept.filter((name) => step.after.blocks.get(name)?.[1] === "active");
    return (
      expectSame(step, kept, readable, "the blocks that pins hold, and those of them readable") ??
      expectSame(step, kept, active, "the blocks that pins hold, and those of them not evictable")
    );
  };
};

export default property<PoolCase, PoolCall, PoolReply>({
  id: "POL-17",
  part: "pool",
  statement:
    "a pinned block and those before it in its chain stay readable and are not evictable until it is unpinned, whoever leaves and whatever is evicted or cleared",
  given: pinningCases(),
  subject: fastPool,
  scripts: watched,
  holds: atEveryStep(judge),

  witnesses: {
    "an eviction while something is pinned that no request holds": someStep(
      (step) =>
        step.call.kind === "admit" &&
        removedIn(step).length > 0 &&
        [...step.after.blocks.values()].some(
          ([name, state, users]) =>
            state === "active" &&
            users > 0 &&
            [...step.heldAfter.values()].every(({ chain }) => !chain.includes(name)),
        ),
    ),
    "a clear while something is pinned": someStep(
      (step) => step.call.kind === "clear" && step.after.counts.active > 0,
    ),
    "a block that two pins hold": someStep(
      ({ reply, after, heldAfter }) =>
        reply.kind === "pinned" &&
        heldAfter.size === 0 &&
        [...after.blocks.values()].some(([, , users]) => users > 1),
    ),
  },

  mutants: {
    "evicts what is pinned": broken(EvictsPinnedBlocks),
    "drops the pins with the cache": broken(ClearsPins),
    "holds the pinned block alone, not those before it": broken(PinsTheLeafOnly),
    "lets go of what another pin still holds": broken(UnpinsForAll),
  },
});
