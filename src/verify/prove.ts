/**
 * Proves one property: saved cases first, then every small case, then drawn ones; counts the witnesses; and makes sure that each
 * mutant is caught by the same cases.
 */
import fc from "fast-check";
import { assert, type Json } from "#base";
import { play } from "./obligations.ts";
import type { Finding, Property, Subject } from "./property.ts";
import { shrinkCase } from "./shrink.ts";

/** How hard to try. */
export type Effort = {
  readonly seed: number;
  /** Drawn cases for the reference. */
  readonly cases: number;
  /** Drawn cases at most for each mutant. */
  readonly mutantCases: number;
  /** Small cases at most, reference and mutants alike; a cut is reported. */
  readonly smallCases: number;
  /** A witness must come up at least this often, as a share of the drawn cases; small and saved ones count for it too. */
  readonly witnessShare: number;
  /** Milliseconds of some clock; only differences are used, and no verdict depends on them. */
  readonly clock: () => number;
};

/** Where a case came from. */
export type CaseOrigin = "saved" | "small scope" | "drawn";

/** A case that breaks the property, as small as it could be made. */
export type Counterexample = {
  readonly origin: CaseOrigin;
  readonly case: Json;
  readonly finding: Finding;
};

/** `holds` only when the reference held, every witness came up and every mutant was caught; `unproven` when only it held. */
export type ProofVerdict = "holds" | "broken" | "unproven";

/** What came of proving one property. */
export type Proof = {
  readonly id: string;
  readonly part: string;
  readonly statement: string;
  readonly seed: number;
  readonly casesAsked: number;
  readonly casesDone: number;
  /** Of the small scope: how many there were to do (0 without one), and whether all were done. */
  readonly small: { readonly done: number; readonly complete: boolean };
  readonly witnesses: readonly {
    readonly name: string;
    readonly count: number;
    readonly minimum: number;
  }[];
  readonly mutants: readonly {
    readonly name: string;
    readonly caught: boolean;
    readonly cases: number;
    readonly ms: number;
  }[];
  readonly verdict: ProofVerdict;
  readonly counterexample?: Counterexample;
};

/** Judges one case: plays its scripts on the subject and asks the property. A subject that throws has broken it. */
export const judge = (
  property: Property,
  subject: Subject<unknown, unknown>,
  given: unknown,
  seen?: (replies: readonly (readonly unknown[])[]) => void,
): Finding | undefined => {
  const replies: (readonly unknown[])[] = [];
  for (const script of property.scripts(given)) {
    try {
      replies.push(play(subject, script));
    } catch (thrown) {
      return {
        at: -1,
        expected: "an answer to every call",
        found: `an exception: ${String(thrown)}`,
      };
    }
  }
  seen?.(replies);
  return property.holds(given, replies);
};

type Hunt = {
  readonly done: number;
  readonly small: { readonly done: number; readonly complete: boolean };
  readonly caught?: {
    readonly origin: CaseOrigin;
    readonly given: unknown;
    readonly finding: Finding;
  };
};

type Hunted = {
  readonly subject: Subject<unknown, unknown>;
  readonly saved: readonly unknown[];
  readonly cases: number;
  readonly seen?: (given: unknown, replies: readonly (readonly unknown[])[]) => void;
};

/**
 * Draws cases until one breaks the property. fast-check takes an exception for a failure of the case; here it is a defect of the property,
 * so it is carried past fast-check and thrown again.
 */
const draw = (
  property: Property,
  seed: number,
  cases: number,
  attempt: (given: unknown) => Finding | undefined,
): { readonly given: unknown; readonly finding: Finding } | undefined => {
  let broken: { readonly given: unknown; readonly finding: Finding } | undefined;
  let thrown: { readonly error: unknown } | undefined;
  const holds = (given: unknown): boolean => {
    try {
      const finding = attempt(given);
      if (finding) broken = { given, finding };
      return finding === undefined;
    } catch (error) {
      thrown = { error };
      return false;
    }
  };
  const drawn = fc.property(property.given.arbitrary, holds);
  fc.check(drawn, { seed, numRuns: cases, endOnFailure: true });
  if (thrown) throw thrown.error;
  return broken;
};

/** Looks for a case that breaks the property, and stops at the first. */
const hunt = (property: Property, effort: Effort, hunted: Hunted): Hunt => {
  let done = 0;
  const attempt = (given: unknown): Finding | undefined => {
    done += 1;
    return judge(property, hunted.subject, given, (replies) => hunted.seen?.(given, replies));
  };
  const small = { done: 0, complete: true };
  const caught = (origin: CaseOrigin, given: unknown, finding: Finding): Hunt => ({
    done,
    small: { ...small, complete: false },
    caught: { origin, given, finding },
  });

  for (const given of hunted.saved) {
    const finding = attempt(given);
    if (finding) return caught("saved", given, finding);
  }
  for (const given of property.given.small?.() ?? []) {
    if (small.done === effort.smallCases) {
      small.complete = false;
      break;
    }
    small.done += 1;
    const finding = attempt(given);
    if (finding) return caught("small scope", given, finding);
  }
  const drawn = draw(property, effort.seed, hunted.cases, attempt);
  if (drawn) return caught("drawn", drawn.given, drawn.finding);
  return { done, small };
};

/** The smallest case found that still breaks the property on this subject, starting from one that does. */
export const shrink = (
  property: Property,
  subject: Subject<unknown, unknown>,
  given: unknown,
): { readonly given: unknown; readonly finding: Finding } => {
  const fails = (candidate: unknown): boolean => judge(property, subject, candidate) !== undefined;
  if (!fails(given)) throw new RangeError("a case that breaks nothing cannot be shrunk");
  const smallest = shrinkCase(property.given, given, fails);
  const finding = judge(property, subject, smallest);
  assert(finding !== undefined, "a shrunk case still breaks the property");
  return { given: smallest, finding };
};

/** Proves a property of its reference, or of another `subject`; `saved` cases are played first. */
export const prove = (
  property: Property,
  effort: Effort,
  saved: readonly unknown[] = [],
  subject: Subject<unknown, unknown> = property.subject,
): Proof => {
  const counts = new Map(Object.keys(property.witnesses).map((name) => [name, 0]));
  const hunted = hunt(property, effort, {
    subject,
    saved,
    cases: effort.cases,
    seen(given, replies) {
      for (const [name, cameUp] of Object.entries(property.witnesses)) {
        if (cameUp(given, replies)) counts.set(name, (counts.get(name) ?? 0) + 1);
      }
    },
  });
  const minimum = Math.max(1, Math.ceil(effort.cases * effort.witnessShare));
  const witnesses = [...counts].map(([name, count]) => ({ name, count, minimum }));
  const mutants = Object.entries(property.mutants).map(([name, mutant]) => {
    const start = effort.clock();
    const { caught, done } = hunt(property, effort, {
      subject: mutant,
      saved: [],
      cases: effort.mutantCases,
    });
    return { name, caught: caught !== undefined, cases: done, ms: effort.clock() - start };
  });
  const asked = effort.cases + hunted.small.done + saved.length;
  const proven =
    hunted.done >= asked &&
    mutants.length > 0 &&
    witnesses.length > 0 &&
    mutants.every(({ caught }) => caught) &&
    witnesses.every(({ count }) => count >= minimum);
  const common = {
    id: property.id,
    part: property.part,
    statement: property.statement,
    seed: effort.seed,
    casesAsked: asked,
    casesDone: hunted.done,
    small: hunted.small,
    witnesses,
    mutants,
  };
  if (hunted.caught === undefined) return { ...common, verdict: proven ? "holds" : "unproven" };
  const { given, finding } = shrink(property, subject, hunted.caught.given);
  return {
    ...common,
    verdict: "broken",
    counterexample: { origin: hunted.caught.origin, case: given as Json, finding },
  };
};
