import { mixed } from "#base";

/** Numbers pairs of whole numbers, 0, 1, 2, … in order of first appearance. */
export type PairNumbers = {
  /** The pair's number, a new one when it was never seen. Both parts must be in 0 … 2^32 − 1. */
  numberOf(left: number, right: number): number;
  size(): number;
};

/**
 * Where a pair is looked for first, in a table of `mask` + 1 slots. One part is mixed before the other comes in, so that ids in which the halves
 * are a product, a sum or a shift of one another do not meet. Ids made against this very function still would, and are then slow to number.
 */
export const slotOf = (left: number, right: number, mask: number): number =>
  (mixed(mixed(left) + right) >>> 0) & mask;

/** An empty table: open addressing over typed arrays, at most half full, 12 bytes a slot and no object a pair. */
export const createPairNumbers = (): PairNumbers => {
  let slots = 2048;
  let lefts = new Uint32Array(slots);
  let rights = new Uint32Array(slots);
  /** A pair's number and 1; 0 is a free slot. */
  let numbers = new Uint32Array(slots);
  let size = 0;

  const find = (left: number, right: number): number => {
    let slot = slotOf(left, right, slots - 1);
    while (numbers[slot] !== 0 && (lefts[slot] !== left || rights[slot] !== right)) {
      slot = (slot + 1) & (slots - 1);
    }
    return slot;
  };
  const put = (slot: number, left: number, right: number, number: number): void => {
    lefts[slot] = left;
    rights[slot] = right;
    numbers[slot] = number;
  };
  const grow = (): void => {
    const [oldLefts, oldRights, oldNumbers] = [lefts, rights, numbers];
    slots *= 2;
    lefts = new Uint32Array(slots);
    rights = new Uint32Array(slots);
    numbers = new Uint32Array(slots);
    for (let old = 0; old < oldNumbers.length; old += 1) {
      const number = oldNumbers[old] as number;
      if (number === 0) continue;
      const [left, right] = [oldLefts[old] as number, oldRights[old] as number];
      put(find(left, right), left, right, number);
    }
  };

  return {
    numberOf(left, right) {
      const slot = find(left, right);
      const known = numbers[slot] as number;
      if (known !== 0) return known - 1;
      size += 1;
      put(slot, left, right, size);
      if (size * 2 > slots) grow();
      return size - 1;
    },
    size: () => size,
  };
};
