/**
 * Tries a property on somebody's implementation: kept cases first, then small ones, then drawn ones. Unlike a proof it asks nothing of the property, which has
 * been proved on the reference, and it is fair to an implementation that has not everything: what it lacks is left out of a
 * case, and a case that cannot do without is passed over.
 */
import fc from "fast-check";
import type { Json } from "#base";
import type { Answers, TriedSubject } from "./answers.ts";
import { isCase } from "./given.ts";
import { type Illustrated, type Missing, missingIn, without } from "./missing.ts";
import type { Finding, Property } from "./property.ts";
import type { CaseOrigin, Counterexample, Effort } from "./prove.ts";
import { shrinkCase } from "./shrink.ts";
import { asksTooMuch, findingOn, judgeHonestly, type Replies } from "./trial-judge.ts";

/** How hard to try: as a proof, without what only proofs need. */
export type TrialEffort = Pick<Effort, "seed" | "cases" | "smallCases">;

/**
 * `holds` only when every case that was judged did and every situation came up that gives the property its meaning; `not applicable` when it
 * held of what could be asked, and that was not enough or nothing.
 */
export type TrialVerdict = "holds" | "broken" | "not applicable";

/** What came of trying one property on one implementation. */
export type Trial = {
  readonly id: string;
  readonly part: string;
  readonly statement: string;
  readonly verdict: TrialVerdict;
  /** Different cases that were judged: every call was answered. */
  readonly judged: number;
  /** Different cases that were not, because a call that they need was not answered. */
  readonly passedOver: number;
  readonly missing: readonly Missing[];
  /** Situations that never came up in what was judged; empty when the property is broken. */
  readonly unmet: readonly string[];
  readonly counterexample?: Counterexample;
};

/** What is known while cases are tried. */
type Tally = {
  /** Cases as text, so that one that comes again is not judged again. */
  readonly seen: Set<string>;
  readonly missing: Map<string, Illustrated>;
  readonly unmet: Set<string>;
  judged: number;
  broken?: { readonly origin: CaseOrigin; readonly given: unknown };
};

/** Strikes out the situations that came up in a case that held. */
const witness = (
  property: Property,
  unmet: Set<string>,
  given: unknown,
  replies: Replies,
): void => {
  for (const name of [...unmet]) if (property.witnesses[name]?.(given, replies)) unmet.delete(name);
};

/** Tries one case, without what the implementation lacks. Whether the property is broken now. */
const attempt = (
  property: Property,
  subject: Answers,
  tally: Tally,
  origin: CaseOrigin,
  whole: unknown,
): boolean => {
  const given = without(whole, subject.lacks);
  const isCut = given !== whole;
  if (isCut || property.scripts(given).some((script) => asksTooMuch(subject, script)))
    missingIn(property, subject.lacks, whole, tally.missing);
  const text = JSON.stringify(given);
  if (tally.seen.has(text)) return false;
  if (isCut && !isCase(property.given, given)) return false;
  tally.seen.add(text);
  const outcome = judgeHonestly(property, subject, given);
  if (outcome.kind === "passed over") return false;
  tally.judged += 1;
  if (outcome.kind === "held") witness(property, tally.unmet, given, outcome.replies);
  else tally.broken = { origin, given };
  return outcome.kind === "broke";
};

/** Tries one property on an implementation. `saved` cases are played first. */
const tryProperty = (
  property: Property,
  subject: Answers,
  effort: TrialEffort,
  saved: readonly unknown[],
): Trial => {
  const tally: Tally = {
    seen: new Set(),
    missing: new Map(),
    unmet: new Set(Object.keys(property.witnesses)),
    judged: 0,
  };
  everyCase(property, effort, saved, (origin, given) =>
    attempt(property, subject, tally, origin, given),
  );
  const { judged, broken } = tally;
  const common = {
    id: property.id,
    part: property.part,
    statement: property.statement,
    judged,
    passedOver: tally.seen.size - judged,
    missing: [...tally.missing.values()].map(({ tries: _, ...missing }) => missing),
  };
  if (broken === undefined) {
    const isShown = judged > 0 && tally.unmet.size === 0;
    return { ...common, verdict: isShown ? "holds" : "not applicable", unmet: [...tally.unmet] };
  }
  const { origin, given } = broken;
  const counterexample = { origin, ...smallest(property, subject, given) };
  return { ...common, verdict: "broken", unmet: [], counterexample };
};

/** Hands out cases, kept ones first, until one has broken the property. */
const everyCase = (
  property: Property,
  { seed, cases, smallCases }: TrialEffort,
  saved: readonly unknown[],
  attempt: (origin: CaseOrigin, given: unknown) => boolean,
): void => {
  for (const given of saved) if (attempt("saved", given)) return;
  let small = 0;
  for (const given of property.given.small?.() ?? []) {
    if (small === smallCases) break;
    small += 1;
    if (attempt("small scope", given)) return;
  }
  for (const given of fc.sample(property.given.arbitrary, { seed, numRuns: cases }))
    if (attempt("drawn", given)) return;
};

/** The smallest case found that breaks the property, starting from one that does. */
const smallest = (
  property: Property,
  subject: Answers,
  given: unknown,
): Pick<Counterexample, "case" | "finding"> => {
  const findingOf = (candidate: unknown): Finding | undefined =>
    findingOn(property, subject, candidate);
  const found = shrinkCase(property.given, given, (one) => findingOf(one) !== undefined);
  return { case: found as Json, finding: findingOf(found) as Finding };
};

/** What came of trying all properties that ask an implementation something. */
export type SubjectTrial = Pick<TriedSubject, "name" | "part" | "about"> & {
  readonly trials: readonly Trial[];
};

/** Tries every property that asks an implementation something; `savedOf` gives the kept cases of a property. */
export const trySubject = (
  { name, part, about, answersFor }: TriedSubject,
  properties: readonly Property[],
  effort: TrialEffort,
  savedOf: (property: Property) => readonly unknown[] = () => [],
): SubjectTrial => ({
  name,
  part,
  about,
  trials: properties.flatMap((property) => {
    const subject = answersFor(property);
    return subject === undefined ? [] : [tryProperty(property, subject, effort, savedOf(property))];
  }),
});
