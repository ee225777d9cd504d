import type { Effort } from "./prove.ts";

/** How hard `rackproof verify` tries: while writing code, in a pipeline, or over night. */
export const EFFORT_PROFILES = {
  smoke: { cases: 100, mutantCases: 2_000, smallCases: 1_000, witnessShare: 0.005 },
  ci: { cases: 250, mutantCases: 2_000, smallCases: 20_000, witnessShare: 0.01 },
  soak: { cases: 10_000, mutantCases: 10_000, smallCases: 2_000_000, witnessShare: 0.01 },
} as const satisfies Record<string, Omit<Effort, "seed" | "clock">>;

/** The name of an effort profile. */
export type EffortProfile = keyof typeof EFFORT_PROFILES;
