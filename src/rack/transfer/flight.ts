import type { Manner } from "./contract.ts";

/** A transfer under way: from one slot to another, and which shards have arrived, a bit each. */
export type Flight = {
  readonly manner: Manner;
  readonly from: number;
  readonly to: number;
  readonly ns: number;
  arrived: number;
};

/** The set bits of a whole number of at most 8 bits: the largest degree of tensor parallelism is 8. */
export const bitCount = (bits: number): number => {
  let count = 0;
  for (let left = bits; left > 0; left &= left - 1) count += 1;
  return count;
};
