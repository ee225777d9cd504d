import fc from "fast-check";
import {
  SwitchTier,
  type TierBlock,
  type TierCall,
  type TierCandidate,
  type TierReply,
} from "#rack";
import { differs, property, values } from "#verify";
import { access, DOMAIN } from "./cases.ts";
import { mutants, subjectOf } from "./mutants.ts";

/** Who reads which block; the reads are made in this order and in another. */
type Reading = { readonly gpu: number; readonly block: number };
type Case = { readonly reads: readonly Reading[]; readonly by: number };

/** The same reads, turned round and then backwards. */
const reordered = ({ reads, by }: Case): readonly Reading[] => {
  const start = reads.length === 0 ? 0 : by % reads.length;
  return [...reads.slice(start), ...reads.slice(0, start)].toReversed();
};

/** A switch that has room for all blocks, so that none goes. */
const script = (reads: readonly Reading[]): readonly TierCall[] => [
  { kind: "create", domainGpus: DOMAIN, capacityBytes: 1000 },
  ...reads.map(({ gpu, block }) => access(gpu, block, 10 + block, block)),
  { kind: "contents" },
  { kind: "candidates" },
  { kind: "usedBytes" },
];

/** What there is at the end, whatever its order. */
const ending = (replies: readonly TierReply[]) => {
  const blocks = replies.at(-3) as readonly TierBlock[];
  return {
    blocks: blocks.toSorted((left, right) => left.block - right.block),
    candidates: replies.at(-2) as readonly TierCandidate[],
    usedBytes: replies.at(-1) as number,
  };
};

export default property<Case, TierCall, TierReply>({
  id: "TIR-8",
  part: "tier",
  statement:
    "the order in which GPUs read blocks decides nothing while there is room: the same blocks are promoted, and the same readers wait",
  given: values(
    fc.record({
      reads: fc.array(
        fc.record({ gpu: fc.integer({ min: 7, max: 12 }), block: fc.nat({ max: 3 }) }),
        { maxLength: 24, size: "max" },
      ),
      by: fc.nat({ max: 23 }),
    }),
  ),
  subject: subjectOf(SwitchTier),
  scripts: (given) => [script(given.reads), script(reordered(given))],

  holds(_, [one = [], other = []]) {
    const difference = differs(ending(one), ending(other));
    return difference && { at: -1, ...difference };
  },

  witnesses: {
    "promoted blocks and candidates": (_, [one = []]) =>
      ending(one).blocks.length > 0 && ending(one).candidates.length > 0,
    "two blocks promoted in another order": (_, [one = [], other = []]) =>
      differs(one.at(-3), other.at(-3)) !== undefined,
  },

  mutants: mutants(
    "counts a GPU again when another has read in between",
    "counts only those who read a block in a row",
    "starts the count at one after a promotion",
    "forgets who else has read a block when another is promoted",
  ),
});
