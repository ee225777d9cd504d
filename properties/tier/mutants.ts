import { type Tier, type TierShape, tierSubject } from "#rack";
import { COUNTING } from "./mutants-counting.ts";
import { ARITHMETIC, EVICTING } from "./mutants-evicting.ts";
import { READING } from "./mutants-reading.ts";

/** A class of tiers as a subject. */
export const subjectOf = (Class: new (shape: TierShape) => Tier) =>
  tierSubject((shape) => new Class(shape));

const MUTANTS = { ...COUNTING, ...EVICTING, ...READING, ...ARITHMETIC } as const;

/** Some of the broken tiers, by name. */
export const mutants = (...names: readonly (keyof typeof MUTANTS)[]) =>
  Object.fromEntries(names.map((name) => [name, subjectOf(MUTANTS[name])]));
