import { assert } from "#base";

/**
 * Values up to here are counted in an array, which doubles as it needs to; larger ones, which are
 * rare, in a map.
 */
const DENSE_LIMIT = 2 ** 20;

/**
 * How often each whole number of 0 or more came up. Token counts repeat, so ten million of them
 * need no more memory than their different values.
 */
export type Counts = {
  /** Counts `value` once more. */
  add(value: number): void;
  readonly size: () => number;
  readonly total: () => number;
  /** The largest value seen; 0 when there is none. */
  readonly max: () => number;
  /**
   * The smallest value that at least `share` of all do not exceed: the nearest rank. There must be
   * a value.
   */
  percentile(share: number): number;
};

/** Starts with no values. */
export const createCounts = (): Counts => {
  let dense = new Float64Array(1024);
  const sparse = new Map<number, number>();
  let size = 0;
  let total = 0;
  let max = 0;

  const addLarge = (value: number): void => {
    if (value < DENSE_LIMIT) {
      const grown = new Float64Array(2 ** Math.ceil(Math.log2(value + 1)));
      grown.set(dense);
      dense = grown;
      dense[value] = (dense[value] as number) + 1;
      return;
    }
    sparse.set(value, (sparse.get(value) ?? 0) + 1);
  };

  return {
    add(value) {
      size += 1;
      total += value;
      if (value > max) max = value;
      if (value < dense.length) dense[value] = (dense[value] as number) + 1;
      else addLarge(value);
    },
    size: () => size,
    total: () => total,
    max: () => max,
    percentile(share) {
      assert(size > 0 && share > 0 && share <= 1, "a percentile needs values and a share", share);
      // The same rank as `percentile` of #base, the hair included.
      const rank = Math.max(1, Math.ceil(share * size - 1e-9));
      let below = 0;
      for (let value = 0; value < dense.length; value += 1) {
        below += dense[value] as number;
        if (below >= rank) return value;
      }
      for (const value of Float64Array.from(sparse.keys()).toSorted()) {
        below += sparse.get(value) ?? 0;
        if (below >= rank) return value;
      }
      return max;
    },
  };
};
