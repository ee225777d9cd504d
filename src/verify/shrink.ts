/**
 * Makes a failing case small. Events are cut out first, in halves, quarters and so on down to single ones (delta debugging), until each one
 * that is left is needed; then fast-check makes the values in them small, and the names are renumbered. fast-check alone also
 * shortens a history, but only one whose every event its arbitrary recognises, and without the promise that each event counts.
 */
import fc from "fast-check";
import { descending } from "#base";
import { type Given, isCase } from "./given.ts";

/** How many smaller numbers are tried for each number: a name among few is what a reader wants, the smallest of all is not. */
const RENAMES_MAX = 8;

/** Whether a candidate still fails. */
type Fails<Case> = (candidate: Case) => boolean;

/** Cuts out every run of events that is not needed. What remains fails, and without any single event of it would not. */
export const cutEvents = <Event>(
  history: readonly Event[],
  fails: Fails<readonly Event[]>,
): readonly Event[] => {
  let kept = history;
  for (let run = Math.ceil(kept.length / 2); run >= 1; ) {
    const before = kept.length;
    for (let from = 0; from < kept.length; ) {
      const shorter = kept.toSpliced(from, run);
      if (fails(shorter)) kept = shorter;
      else from += run;
    }
    // At single events, go round until a whole round cuts nothing: an early event may be free once a later one has gone.
    if (run > 1) run = Math.ceil(run / 2);
    else if (kept.length === before) break;
  }
  return kept;
};

/** Cuts a case that is a history, or a record that has histories in it. */
const cutWithin = <Case>(candidate: Case, fails: Fails<Case>): Case => {
  if (Array.isArray(candidate)) {
    return cutEvents(candidate, (shorter) => fails(shorter as Case)) as Case;
  }
  if (typeof candidate !== "object" || candidate === null) return candidate;
  let kept = candidate;
  for (const [key, value] of Object.entries(candidate)) {
    if (!Array.isArray(value)) continue;
    const shorter = cutEvents(value, (events) => fails({ ...kept, [key]: events }));
    kept = { ...kept, [key]: shorter };
  }
  return kept;
};

/** Makes the values inside a case small, as fast-check does for its own. Only a value that the inputs include can be shrunk so. */
const shrinkValues = <Case>(given: Given<Case>, failing: Case, fails: Fails<Case>): Case => {
  let smallest = failing;
  const holds = fc.property(given.plain, (candidate) => {
    const still = fails(candidate);
    if (still) smallest = candidate;
    return !still;
  });
  fc.check(holds, { examples: [[failing]], numRuns: 1, seed: 0 });
  return smallest;
};

/** The same JSON with every number passed through `rename`. */
const renumbered = (value: unknown, rename: (number: number) => number): unknown => {
  if (typeof value === "number") return rename(value);
  if (Array.isArray(value)) return value.map((item) => renumbered(item, rename));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, renumbered(item, rename)]),
  );
};

const numbersIn = (value: unknown): readonly number[] => {
  const found = new Set<number>();
  renumbered(value, (number) => {
    found.add(number);
    return number;
  });
  return [...found].filter((number) => number > 0).toSorted(descending((number) => number));
};

/**
 * Gives names their smallest numbers. A name that occurs twice cannot be made smaller one occurrence at a time, so each number is
 * replaced everywhere at once, and where that merges two names, they are exchanged instead.
 */
const renameNumbers = <Case>(given: Given<Case>, failing: Case, fails: Fails<Case>): Case => {
  let smallest = failing;
  for (const from of numbersIn(failing)) {
    for (let to = 0; to < Math.min(from, RENAMES_MAX); to += 1) {
      const merged = renumbered(smallest, (number) => (number === from ? to : number));
      const swapped = renumbered(smallest, (number) =>
        number === from ? to : number === to ? from : number,
      );
      const found = [merged, swapped].find(
        (candidate) => isCase(given, candidate) && fails(candidate),
      );
      if (found === undefined) continue;
      smallest = found as Case;
      break;
    }
  }
  return smallest;
};

/**
 * The smallest case found that still fails, starting from one that does. A history (an array, or one in
 * a record) comes back with every event needed.
 * A case that is none of the property's inputs is cut but its values stay as they are.
 */
export const shrinkCase = <Case>(given: Given<Case>, failing: Case, fails: Fails<Case>): Case => {
  const cut = (candidate: Case): Case => cutWithin(candidate, fails);
  const short = cut(failing);
  if (!isCase(given, short)) return short;
  return renameNumbers(given, cut(shrinkValues(given, short, fails)), fails);
};
