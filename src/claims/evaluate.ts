import { InputError, type Issue } from "#base";
import { type Fact, type Figure, mapFacts, type Reference } from "#spec";
import type { Claim } from "./claim.ts";
import { complaint, type Formula } from "./formula.ts";
import { inUnit, shownValue, times, type Value } from "./units.ts";
import { callFunction } from "./vocabulary.ts";

/** A claim whose formulas have been read. */
export type Prepared = {
  readonly claim: Claim;
  /** One of its unit; undefined for texts. */
  readonly unit: Value | undefined;
  readonly formula: Formula | undefined;
  readonly route: Formula | undefined;
};

/** One function that a formula called, what it gave (`declined` when the reference did), and the figures that it read. */
export type Call = {
  /** `weight_bytes('llama-70b', 'fp8')` */
  readonly text: string;
  readonly value: Value;
  readonly figures: readonly Figure[];
};

/** What a formula came to, and how; or why it came to nothing. */
export type Outcome = {
  readonly value: Value | undefined;
  /** Why there is no value: the reference declined, for instance because a model does not fit. */
  readonly declined: InputError | undefined;
  readonly calls: readonly Call[];
};

/** Thrown when a formula cannot be worked out at all: the fault is the formula's, not the document's. */
export class FormulaError extends Error {
  readonly issue: Issue;

  constructor(issue: Issue) {
    super(issue.message);
    this.issue = issue;
  }
}

/** What the reference may decline for the sake of its figures; everything else is a fault of the formula. */
const DECLINES: ReadonlySet<string> = new Set(["SPEC-2", "SPEC-4", "SPEC-5"]);

/** Evaluates the formulas of a set of claims against one reference. */
export type Evaluator = {
  /** By the formula, with other claims as computed. A claim without a formula is what it states. */
  exact(id: string): Outcome;
  /** By the formula or the route, with other claims as stated. */
  printed(id: string, which: "formula" | "route"): Outcome;
  /** What a claim states: the printed figure in its unit, or what the route gives where no figure is printed. */
  stated(id: string): Outcome;
  /** A quantity in a claim's unit. Throws a `FormulaError` (CLAIM-6), which names the formula or the route, when it is something else. */
  inUnitOf(id: string, value: Value, which: "formula" | "route"): number | string;
};

const argument = (value: Value): string =>
  typeof value === "string" ? `'${value}'` : shownValue(value, 15);

const isDecline = (thrown: unknown): thrown is InputError =>
  thrown instanceof InputError && thrown.issues.every(({ code }) => DECLINES.has(code));

const yesOrNo = (truth: boolean): string => (truth ? "yes" : "no");

/** The reference, with a list of the figures that were read since it was last emptied. */
const watched = (reference: Reference) => {
  const read = new Map<string, Fact<unknown>>();
  const watching = mapFacts(reference, (address, fact) => ({
    get value() {
      read.set(address, fact);
      return fact.value;
    },
    source: fact.source,
  }));
  const emptied = (): readonly Figure[] => {
    const figures = [...read].map(([address, fact]) => ({ address, fact }));
    read.clear();
    return figures;
  };
  return { watching, emptied };
};

/** Evaluates prepared claims, which refer to one another without circles, against a reference. */
export const createEvaluator = (
  prepared: ReadonlyMap<string, Prepared>,
  reference: Reference,
): Evaluator => {
  const { watching, emptied } = watched(reference);
  const exactly = new Map<string, Outcome>();
  const asStated = new Map<string, Outcome>();

  const of = (id: string): Prepared => prepared.get(id) as Prepared;

  const fault = (
    { claim }: Prepared,
    which: "formula" | "route",
    code: Issue["code"],
    what: string,
  ) =>
    new FormulaError({
      code,
      message: `the ${which} of ${claim.id} must be worked out, found: ${what}`,
      file: claim.at.file,
      ...claim.at[which],
    });

  const run = (
    owner: Prepared,
    which: "formula" | "route",
    claimValue: (id: string) => Value,
  ): Outcome => {
    const calls: Call[] = [];
    const call = (name: string, args: readonly Value[]): Value => {
      emptied();
      let value: Value = "declined";
      try {
        value = callFunction(watching, name, args);
        return value;
      } finally {
        const text = `${name}(${args.map(argument).join(", ")})`;
        calls.push({ text, value, figures: emptied() });
      }
    };
    try {
      const value = (owner[which] as Formula).evaluate({ claim: claimValue, call });
      const isTruth = typeof value === "boolean";
      return { value: isTruth ? yesOrNo(value) : value, declined: undefined, calls };
    } catch (thrown) {
      if (thrown instanceof FormulaError) throw thrown;
      if (isDecline(thrown)) return { value: undefined, declined: thrown, calls };
      const code = thrown instanceof InputError ? "CLAIM-5" : "CLAIM-6";
      throw fault(owner, which, code, complaint(thrown));
    }
  };

  /** The value of another claim; where that one has none, neither has the one that rests on it. */
  const resultOf = ({ value, declined }: Outcome): Value => {
    if (value !== undefined) return value;
    throw declined;
  };

  const exact = (id: string): Outcome => {
    const known = exactly.get(id);
    if (known !== undefined) return known;
    const owner = of(id);
    const outcome =
      owner.formula === undefined
        ? stated(id)
        : run(owner, "formula", (other) => resultOf(exact(other)));
    exactly.set(id, outcome);
    return outcome;
  };

  const printed = (id: string, which: "formula" | "route"): Outcome =>
    run(of(id), which, (other) => resultOf(stated(other)));

  const statedOf = (id: string): Outcome => {
    const { claim, unit } = of(id);
    if (claim.stated === "") return printed(id, "route");
    const value = unit === undefined ? claim.stated : times(Number(claim.stated), unit);
    return { value, declined: undefined, calls: [] };
  };

  const stated = (id: string): Outcome => {
    const outcome = asStated.get(id) ?? statedOf(id);
    asStated.set(id, outcome);
    return outcome;
  };

  const inUnitOf = (id: string, value: Value, which: "formula" | "route"): number | string => {
    const owner = of(id);
    const { claim, unit } = owner;
    if (unit === undefined && typeof value === "string") return value;
    const number = unit === undefined ? undefined : inUnit(value, unit);
    if (number !== undefined) return number;
    throw fault(owner, which, "CLAIM-6", `${shownValue(value)} where ${claim.unit} is stated`);
  };

  return { exact, printed, stated, inUnitOf };
};
