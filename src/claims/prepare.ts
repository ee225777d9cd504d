import { InputError, type Issue, meant } from "#base";
import type { Claim } from "./claim.ts";
import { dependencies, namesOf } from "./dependencies.ts";
import type { Prepared } from "./evaluate.ts";
import { type Formula, readFormula } from "./formula.ts";
import type { Place } from "./records.ts";
import { inUnit, type Value } from "./units.ts";

const issueAt = ({ at }: Claim, code: Issue["code"], message: string, place?: Place): Issue => ({
  code,
  message,
  file: at.file,
  line: at.line,
  ...place,
});

/** A formula that is known to be readable: its faults were told when its file was read. */
const formulaOf = (text: string): Formula | undefined => {
  if (text === "") return undefined;
  const read = readFormula(text);
  return "faults" in read ? undefined : read;
};

const NOTHING = {
  claim: () => {
    throw new RangeError("a unit names no claim");
  },
  call: () => {
    throw new RangeError("a unit calls no function");
  },
};

const unitOf = (claim: Claim, issues: Issue[]): Value | undefined => {
  if (claim.unit === "text") return undefined;
  try {
    const value = formulaOf(claim.unit)?.evaluate(NOTHING);
    if (value !== undefined && inUnit(value, value) === 1) return value;
  } catch {
    // Told below: a unit that calls or names something is none.
  }
  issues.push(
    issueAt(
      claim,
      "CLAIM-6",
      `the unit of ${claim.id} must be of units and counts, such as GB/s, found ${claim.unit}`,
    ),
  );
  return undefined;
};

const unknownNames = (prepared: ReadonlyMap<string, Prepared>): readonly Issue[] =>
  [...prepared.values()].flatMap((one) =>
    namesOf(one)
      .filter((name) => !prepared.has(name))
      .map((name) => {
        const near = meant(name, [...prepared.keys()]);
        const hint = near.length === 0 ? "" : ` (${near.join(", ")}?)`;
        const which = one.formula?.claims.includes(name) ? "formula" : "route";
        return issueAt(
          one.claim,
          "CLAIM-5",
          `claim must name one that exists${hint}, found "${name}" in ${one.claim.id}`,
          one.claim.at[which],
        );
      }),
  );

const circles = (prepared: ReadonlyMap<string, Prepared>): readonly Issue[] =>
  dependencies(prepared).circles.flatMap((circle): Issue[] => {
    const claim = prepared.get(circle[0] ?? "")?.claim;
    const message = `a claim must not rest on itself, found ${circle.join(" → ")}`;
    return claim === undefined ? [] : [issueAt(claim, "CLAIM-5", message, claim.at.formula)];
  });

/**
 * Reads the formulas of claims that are audited together. Throws an `InputError` with every id that stands twice (CLAIM-1), every unit that
 * is none (CLAIM-6), every name of a claim that does not exist, and every circle (CLAIM-5).
 */
export const prepare = (claims: readonly Claim[]): ReadonlyMap<string, Prepared> => {
  const issues: Issue[] = [];
  const prepared = new Map<string, Prepared>();
  for (const claim of claims) {
    const first = prepared.get(claim.id)?.claim.at;
    if (first !== undefined)
      issues.push(
        issueAt(
          claim,
          "CLAIM-1",
          `an id must be a claim's own, found ${claim.id} again after ${first.file}:${first.line}`,
        ),
      );
    else
      prepared.set(claim.id, {
        claim,
        unit: unitOf(claim, issues),
        formula: formulaOf(claim.formula),
        route: formulaOf(claim.route),
      });
  }
  issues.push(...unknownNames(prepared));
  if (issues.length === 0) issues.push(...circles(prepared));
  if (issues.length > 0) throw new InputError(issues);
  return prepared;
};
