import { createHash } from "node:crypto";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { assert } from "./assert.ts";

/** A stream of random numbers. Not for secrets. */
export type RandomStream = {
  /** A whole number in 0 … 2^32 − 1. */
  next(): number;
  /** A whole number in 0 … bound − 1, every one as likely. `bound` must be in 1 … 2^32. */
  below(bound: number): number;
  /** A number in [0, 1), in steps of 2^-53. */
  unit(): number;
  /** A number from the normal distribution with mean 0 and deviation 1. */
  normal(): number;
  /** A number from the exponential distribution with mean 1. */
  exponential(): number;
};

/**
 * The stream called `name` under `seed`. Streams of different names share nothing, so a new draw in one part of the system
 * shifts no other part.
 */
export const randomStream = (seed: number, name: string): RandomStream => {
  const key = createHash("sha256").update(`${seed}\u0000${name}`).digest();
  const generator = xoroshiro128plus(key.readInt32LE(0) ^ key.readInt32LE(4));
  const next = (): number => generator.next() >>> 0;
  const unit = (): number => (next() * 2 ** 21 + (next() >>> 11)) / 2 ** 53;
  return {
    next,
    unit,
    below(bound) {
      assert(
        Number.isInteger(bound) && bound >= 1 && bound <= 2 ** 32,
        "a bound must be 1 … 2^32",
        bound,
      );
      const fair = 2 ** 32 - (2 ** 32 % bound);
      let draw = next();
      while (draw >= fair) draw = next();
      return draw % bound;
    },
    normal: () => Math.sqrt(-2 * Math.log(1 - unit())) * Math.cos(2 * Math.PI * unit()),
    exponential: () => -Math.log(1 - unit()),
  };
};
