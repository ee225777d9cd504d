import { assert } from "#base";
import { createStackDistances } from "./stack-distance.ts";

const UNSEEN = 0;
const TWO_PARENTS = -1;

/** What a pass over a trace's blocks counts. */
export type BlockFigures = {
  /** Takes a request's blocks, leading first. */
  prompt(blocks: Uint32Array): void;
  readonly references: () => number;
  readonly distinct: () => number;
  /**
   * References inside the leading run of blocks that earlier requests referenced: the hits of an
   * endless cache.
   */
  readonly prefixHits: () => number;
  /** Hits of an LRU cache at each of the capacities given, in their order. */
  readonly lruHits: () => readonly number[];
  /** Blocks that followed two different blocks: zero when a number names its whole prefix. */
  readonly twoParents: () => number;
};

/** Starts to count, for LRU caches of these capacities in ascending order. */
export const createBlockFigures = (capacities: readonly number[]): BlockFigures => {
  const distances = createStackDistances();
  // Hits whose distance the capacity at the same place is the first to cover.
  const hitsFirstAt = new Float64Array(capacities.length);
  const largest = capacities.at(-1) ?? 0;
  // By block: its parent + 2, 1 for a leading block, 0 when it has not come up, −1 once it has two.
  let parentOf = new Int32Array(1024);
  let references = 0;
  let prefixHits = 0;
  let twoParents = 0;

  const countHit = (distance: number): void => {
    if (distance > largest) return;
    let at = 0;
    while (distance > (capacities[at] as number)) at += 1;
    hitsFirstAt[at] = (hitsFirstAt[at] as number) + 1;
  };
  const meetParent = (block: number, mark: number): void => {
    const known = parentOf[block] as number;
    if (known === mark || known === TWO_PARENTS) return;
    if (known !== UNSEEN) twoParents += 1;
    parentOf[block] = known === UNSEEN ? mark : TWO_PARENTS;
  };
  const makeRoomFor = (block: number): void => {
    assert(block < 2 ** 31 - 2, "a block's dense number must be below 2^31 − 2", block);
    const grown = new Int32Array(Math.max(block + 1, parentOf.length * 2));
    grown.set(parentOf);
    parentOf = grown;
  };

  return {
    prompt(blocks) {
      let leading = true;
      let mark = 1;
      for (let at = 0; at < blocks.length; at += 1) {
        const block = blocks[at] as number;
        if (block >= parentOf.length) makeRoomFor(block);
        const distance = distances.touch(block);
        if (distance === 0) leading = false;
        else countHit(distance);
        if (leading) prefixHits += 1;
        meetParent(block, mark);
        mark = block + 2;
      }
      references += blocks.length;
    },
    references: () => references,
    distinct: distances.distinct,
    prefixHits: () => prefixHits,
    lruHits() {
      let sum = 0;
      return Array.from(hitsFirstAt, (hits) => {
        sum += hits;
        return sum;
      });
    },
    twoParents: () => twoParents,
  };
};
