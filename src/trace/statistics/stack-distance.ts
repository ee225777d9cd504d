import { assert } from "#base";

/** Slots to begin with. */
const FIRST_SLOTS = 4096;

/** Block numbers are dense, so this many mean a broken numbering, not a large trace. */
const BLOCKS_MAX = 2 ** 31 - 2;

/**
 * Measures how far back each reference reaches. An LRU cache of `c` blocks hits exactly the
 * references whose distance is 1 … `c`, so one pass answers for every capacity at once.
 */
export type StackDistances = {
  /**
   * References a block. The distance is the number of different blocks referenced since this one
   * was last, itself included: 1 when it is referenced twice in a row, 0 when it was never
   * referenced before.
   */
  touch(block: number): number;
  /** How many different blocks were referenced. */
  readonly distinct: () => number;
};

/**
 * Starts with nothing referenced. Each block holds the slot of its last reference; a Fenwick tree
 * counts the slots in use, so the blocks referenced since are the slots in use behind it. When the
 * slots run out, those in use are moved together, so memory goes with the different blocks and not
 * with the references. A reference costs the logarithm of the different blocks. `firstSlots`, 1 or
 * more, is there to make the slots run out early.
 */
export const createStackDistances = (firstSlots = FIRST_SLOTS): StackDistances => {
  let slots = firstSlots;
  let tree = new Int32Array(slots + 1);
  let blockAt = new Int32Array(slots);
  // One more than the slot of the block's last reference; 0 for none.
  let lastOf = new Int32Array(1024);
  let next = 0;
  let distinct = 0;

  const add = (slot: number, change: number): void => {
    for (let at = slot + 1; at <= slots; at += at & -at) tree[at] = (tree[at] as number) + change;
  };
  const usedUpTo = (slot: number): number => {
    let used = 0;
    for (let at = slot + 1; at > 0; at -= at & -at) used += tree[at] as number;
    return used;
  };

  const compact = (): void => {
    const grown = distinct * 2 > slots ? slots * 2 : slots;
    const moved = new Int32Array(grown);
    let used = 0;
    for (let slot = 0; slot < next; slot += 1) {
      const block = blockAt[slot] as number;
      if (lastOf[block] !== slot + 1) continue;
      moved[used] = block;
      used += 1;
      lastOf[block] = used;
    }
    slots = grown;
    blockAt = moved;
    tree = new Int32Array(slots + 1);
    // The slots in use are now the first ones: each node counts those of its range that are among them.
    for (let at = 1; at <= slots; at += 1) {
      const from = at - (at & -at);
      tree[at] = Math.max(0, Math.min(at, used) - from);
    }
    next = used;
  };

  const makeRoomFor = (block: number): void => {
    assert(
      block >= 0 && block <= BLOCKS_MAX,
      "a block's dense number must be below 2^31 − 1",
      block,
    );
    const grown = new Int32Array(Math.max(block + 1, lastOf.length * 2));
    grown.set(lastOf);
    lastOf = grown;
  };

  return {
    touch(block) {
      if (block >= lastOf.length) makeRoomFor(block);
      if (next === slots) compact();
      const last = (lastOf[block] as number) - 1;
      let distance = 0;
      if (last < 0) {
        distinct += 1;
      } else {
        distance = distinct - usedUpTo(last) + 1;
        add(last, -1);
      }
      add(next, 1);
      blockAt[next] = block;
      next += 1;
      lastOf[block] = next;
      return distance;
    },
    distinct: () => distinct,
  };
};
