import { assert } from "./assert.ts";

/**
 * The nearest-rank percentile of numbers in ascending order: the smallest that at least `share` of them do not exceed. Always one
 * of the numbers, never between two. `share` is in (0, 1]; the list must not be empty.
 */
export const percentile = (ascending: ArrayLike<number>, share: number): number => {
  assert(
    ascending.length > 0 && share > 0 && share <= 1,
    "a percentile needs numbers and a share",
    share,
  );
  // A share such as 0.99 has no exact double, so that 0.99 · 100 may come out a hair above 99: the hair is taken off first.
  const rank = Math.ceil(share * ascending.length - 1e-9);
  return ascending[Math.max(rank, 1) - 1] as number;
};
