import type { Place } from "./records.ts";

/** What an audit says of a claim. */
export const VERDICTS = ["input", "consistent", "rounded", "inconsistent"] as const;

/** What an audit says of a claim: taken as given, exact, right to its printed digits, or not what follows. */
export type Verdict = (typeof VERDICTS)[number];

/** Why a figure does not follow, each with its sentence. The closed list: what is printed is printed from here. */
export const CAUSES = {
  "wrong-formula": "the formula is another quantity's",
  "wrong-operand": "an operand belongs to something else",
  unit: "units or bases are mixed up",
  "wrong-count": "something is counted wrongly",
  inherited: "it follows from a claim that does not hold",
  label: "what it is called is not what it is",
  "does-not-fit": "it does not fit in memory",
  exaggeration: "the words say more than the figures",
  arithmetic: "the sum does not give it",
} as const;

/** Why a figure does not follow. */
export type Cause = keyof typeof CAUSES;

/** Where a claim stands in its file, for messages. */
export type ClaimPlace = {
  readonly file: string;
  /** The line that it begins on, counted from 1. */
  readonly line: number;
  /** Where the formula and the route begin. */
  readonly formula: Place;
  readonly route: Place;
};

/** One figure or relation that a document states, as its file has it. */
export type Claim = {
  /** Dotted, unique among all claims that are audited together. */
  readonly id: string;
  /** The chapter. */
  readonly section: string;
  /** `table gpu/HBM capacity/Ratio`, `paragraph 2`, `formula crossover`, `code capacity`. */
  readonly place: string;
  /** What is stated, in words of our own. */
  readonly states: string;
  /** As printed, without separators; empty where a formula is stated and no result of it. */
  readonly stated: string;
  /** An expression such as `GB/s`, `tok`, `x` for a multiple; `text` for words and yes or no. */
  readonly unit: string;
  /** Digits that are printed after the point. */
  readonly decimals: number;
  readonly kind: "input" | "derived";
  /** The right way to the figure; for an input the fact that holds it, or empty. */
  readonly formula: string;
  /** The document's way, where it is another one. */
  readonly route: string;
  /** As recorded; empty where nobody has audited it yet. */
  readonly verdict: Verdict | "";
  readonly cause: Cause | "";
  /** Why, so that a reader can redo the sum. */
  readonly because: string;
  readonly at: ClaimPlace;
};
