import { InputError } from "#base";

/** Beyond this, counts stop being exact and their products may stop being numbers. */
const COUNT_MAX = Number.MAX_SAFE_INTEGER;

const refuse = (what: string, must: string, found: number): never => {
  throw new InputError([{ code: "SPEC-6", message: `${what} must be ${must}, found ${found}` }]);
};

/** A size, a batch or a count of tokens, whole or not. Throws an `InputError` (SPEC-6) unless it is above 0 and below 2^53. */
export const requirePositive = (what: string, found: number): number =>
  found > 0 && found <= COUNT_MAX ? found : refuse(what, "above 0 and below 2^53", found);

/** The same, but 0 is one too. Throws an `InputError` (SPEC-6). */
export const requireNotNegative = (what: string, found: number): number =>
  found >= 0 && found <= COUNT_MAX ? found : refuse(what, "0 or more and below 2^53", found);

/** A whole number of things, 1 or more: a degree of tensor parallelism, the tokens of a block. Throws an `InputError` (SPEC-6). */
export const requireWhole = (what: string, found: number): number =>
  Number.isSafeInteger(found) && found >= 1
    ? found
    : refuse(what, "a whole number of 1 or more", found);
