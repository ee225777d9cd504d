import type { PoolCall, PoolReply } from "#rack";
import { expectSame, type Finding, property } from "#verify";
import { type PoolCase, poolCases } from "./arbitraries.ts";
import {
  EvictsByName,
  EvictsMostRecent,
  EvictsRootFirst,
  ForgetsHits,
} from "./mutants-evicting.ts";
import { atEveryStep, removedIn, type Step, someStep, watched } from "./reading.ts";
import { broken, fastPool } from "./subjects.ts";

/** When a block was last let go of, and how deep in its chain it stands. */
type Use = { readonly at: number; readonly depth: number };

const goesBefore = (left: Use, right: Use): boolean =>
  left.at < right.at || (left.at === right.at && left.depth > right.depth);

/** What could have been evicted in a step, in the order in which it should have been. */
const evictionOrder = (step: Step, uses: ReadonlyMap<number, Use>): readonly number[] => {
  const own = step.call.kind === "admit" ? step.call.blocks : [];
  const cached = [...step.before.blocks.values()].filter(([, state]) => state === "cached");
  const names = cached.map(([name]) => name).filter((name) => !own.includes(name));
  const use = (name: number): Use => uses.get(name) ?? { at: -1, depth: 0 };
  return names.toSorted((left, right) => (goesBefore(use(left), use(right)) ? -1 : 1));
};

const judge = (): ((step: Step) => Finding | undefined) => {
  const uses = new Map<number, Use>();
  return (step) => {
    const removed = removedIn(step);
    const expected = evictionOrder(step, uses).slice(0, removed.length);
    const { call, reply, heldBefore } = step;
    if (call.kind === "release" && reply.kind === "released") {
      for (const [depth, name] of (heldBefore.get(call.request)?.chain ?? []).entries()) {
        uses.set(name, { at: step.at, depth });
      }
    }
    return expectSame(step, expected, removed, "the blocks evicted, in order");
  };
};

export default property<PoolCase, PoolCall, PoolReply>({
  id: "POL-4",
  part: "pool",
  statement:
    "what is evicted or cleared goes least recently held first, and of one chain the deepest block first, so that no block is left without its parent",
  given: poolCases(),
  subject: fastPool,
  scripts: watched,
  holds: atEveryStep(judge),

  witnesses: {
    "an eviction with a choice": someStep(
      (step) =>
        step.call.kind !== "clear" &&
        removedIn(step).length > 0 &&
        step.before.counts.cached > removedIn(step).length,
    ),
    "two blocks evicted for one call": someStep(
      (step) => step.call.kind !== "clear" && removedIn(step).length > 1,
    ),
  },

  mutants: {
    "evicts the most recent": broken(EvictsMostRecent),
    "first in, first out": broken(ForgetsHits),
    "a parent before its children": broken(EvictsRootFirst),
    "by name": broken(EvictsByName),
  },
});
