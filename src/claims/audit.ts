import { InputError, type Issue } from "#base";
import type { Reference } from "#spec";
import type { Cause, Claim, Verdict } from "./claim.ts";
import { closeness, corrected } from "./closeness.ts";
import { dependencies } from "./dependencies.ts";
import {
  type Call,
  createEvaluator,
  type Evaluator,
  FormulaError,
  type Outcome,
  type Prepared,
} from "./evaluate.ts";

/** What an audit found out about one claim. Figures are in the claim's unit. */
export type Judged = {
  readonly claim: Claim;
  /** The printed figure, or what the route gives where none is printed; null when that has no value. */
  readonly stated: number | string | null;
  /** By the formula; null when the claim has none, or the reference declined. */
  readonly computed: number | string | null;
  /** (stated − computed) ÷ |computed|; null for texts, where something is missing, and where 0 or nothing finite is computed. */
  readonly relativeError: number | null;
  readonly verdict: Verdict;
  /** Why it is inconsistent; null when it is not. */
  readonly cause: Cause | null;
  /** The claims that do not hold and that this one follows from; empty unless the cause is `inherited`. */
  readonly inherits: readonly string[];
  /** What should stand there, with the printed digits; null when it stands there. */
  readonly corrected: string | null;
  /** Whether the route gives the stated figure; null when there is no route. */
  readonly isReconstructed: boolean | null;
  /** Why the reference declined to compute. */
  readonly declined: string | null;
  readonly calls: readonly Call[];
  /** The claims that its formula uses. */
  readonly uses: readonly string[];
  /** The addresses of all figures that it rests on, its operands' included. */
  readonly rests: ReadonlySet<string>;
};

const isSound = ({ verdict }: { verdict: Verdict }): boolean => verdict !== "inconsistent";

type Finding = Pick<Judged, "verdict" | "cause" | "inherits">;

const sound = (verdict: Verdict): Finding => ({ verdict, cause: null, inherits: [] });

/** A claim that was sound when it was recorded is no longer so because an operand changed; else a sum that nobody explained is just a sum. */
const fallback = ({ kind, verdict }: Claim): Cause =>
  kind === "input" || (verdict !== "" && verdict !== "inconsistent")
    ? "wrong-operand"
    : "arithmetic";

type Figures = number | string | null;

/** What is needed to judge one claim: its figures, and what is known of the claims that it uses. */
type Bench = {
  readonly prepared: Prepared;
  readonly evaluator: Evaluator;
  /** Evaluates with the reference that routes and causes were written for. */
  readonly recorder: Evaluator;
  readonly judge: (id: string) => Judged;
};

const figure = (
  { prepared: { claim }, evaluator }: Bench,
  { value }: Pick<Outcome, "value">,
  which: "formula" | "route" = "formula",
): Figures => (value === undefined ? null : evaluator.inUnitOf(claim.id, value, which));

/** What is declined because a claim that it uses is: it follows from that one. */
const declinedWith = ({ judge }: Bench, names: readonly string[]): Finding | undefined => {
  const inherits = names.filter((name) => judge(name).declined !== null);
  if (inherits.length === 0) return undefined;
  return { verdict: "inconsistent", cause: "inherited", inherits };
};

/** Follows from claims that do not hold, if any of these does not. */
const inherited = ({ judge }: Bench, names: readonly string[]): Finding | undefined => {
  const inherits = names.filter((name) => !isSound(judge(name)));
  if (inherits.length === 0) return undefined;
  return { verdict: "inconsistent", cause: "inherited", inherits };
};

const inconsistent = (cause: Cause): Finding => ({ verdict: "inconsistent", cause, inherits: [] });

const own = (claim: Claim): Cause | undefined =>
  claim.cause === "" || claim.cause === "inherited" ? undefined : claim.cause;

/** A figure that the formula gives: sound, unless it was known to be right by a wrong route alone. */
const whenNear = (bench: Bench, stated: Figures, near: "equal" | "rounded"): Finding => {
  const { claim } = bench.prepared;
  const cause = own(claim);
  const recordedly = cause === undefined ? null : figure(bench, bench.recorder.exact(claim.id));
  if (cause !== undefined && closeness(claim, stated, recordedly) !== "apart")
    return inconsistent(cause);
  return sound(near === "equal" ? "consistent" : "rounded");
};

/** A figure that the formula does not give: from rounded operands, from operands that do not hold, or by itself. */
const whenApart = (bench: Bench, stated: Figures, isReconstructed: boolean | null): Finding => {
  const { claim, formula, route } = bench.prepared;
  const names = formula?.claims ?? [];
  const asPrinted =
    names.length === 0 ? null : figure(bench, bench.evaluator.printed(claim.id, "formula"));
  if (closeness(claim, stated, asPrinted) !== "apart")
    return inherited(bench, names) ?? sound("rounded");
  const byRoute = isReconstructed === true ? inherited(bench, route?.claims ?? []) : undefined;
  return byRoute ?? inconsistent(own(claim) ?? fallback(claim));
};

const findingOf = (
  bench: Bench,
  exact: Outcome | undefined,
  stated: Figures,
  isReconstructed: boolean | null,
): Finding => {
  const { claim } = bench.prepared;
  if (exact === undefined) return sound("input");
  if (exact.declined !== undefined) {
    const isFull = exact.declined.issues.some(({ code }) => code === "SPEC-2");
    const names = bench.prepared.formula?.claims ?? [];
    return declinedWith(bench, names) ?? inconsistent(isFull ? "does-not-fit" : "wrong-operand");
  }
  const near = closeness(claim, stated, figure(bench, exact));
  if (claim.kind === "input")
    return near === "apart" ? inconsistent(own(claim) ?? fallback(claim)) : sound("input");
  return near === "apart"
    ? whenApart(bench, stated, isReconstructed)
    : whenNear(bench, stated, near);
};

const restsOf = (exact: Outcome | undefined, used: readonly Judged[]): ReadonlySet<string> =>
  new Set([
    ...(exact?.calls ?? []).flatMap(({ figures }) => figures.map(({ address }) => address)),
    ...used.flatMap(({ rests }) => [...rests]),
  ]);

const relativeError = (stated: Figures, computed: Figures): number | null => {
  if (typeof stated !== "number" || typeof computed !== "number") return null;
  const error = (stated - computed) / Math.abs(computed);
  return Number.isFinite(error) ? error : null;
};

const judgeOne = (bench: Bench): Judged => {
  const { prepared, evaluator, recorder, judge } = bench;
  const { claim, formula, route } = prepared;
  const stated = figure(bench, evaluator.stated(claim.id), "route");
  const exact = formula === undefined ? undefined : evaluator.exact(claim.id);
  const computed = exact === undefined ? null : figure(bench, exact);
  // Where no figure is printed, what is stated is what the route gives.
  const isPrinted = claim.stated !== "";
  const routed =
    route === undefined || !isPrinted
      ? stated
      : figure(bench, recorder.printed(claim.id, "route"), "route");
  const isReconstructed = route === undefined ? null : closeness(claim, stated, routed) !== "apart";
  const finding = findingOf(bench, exact, stated, isReconstructed);
  const uses = formula?.claims ?? [];
  return {
    claim,
    stated,
    computed,
    relativeError: relativeError(stated, computed),
    ...finding,
    corrected: isSound(finding) ? null : corrected(claim, stated, computed),
    isReconstructed,
    declined: exact?.declined?.issues.map(({ message }) => message).join("; ") ?? null,
    calls: exact?.calls ?? [],
    uses,
    rests: restsOf(exact, uses.map(judge)),
  };
};

/** The same fault, met again on the way from another claim. */
const isSameIssue = (left: Issue, right: Issue): boolean =>
  left.message === right.message && left.file === right.file && left.line === right.line;

/**
 * Judges prepared claims against a reference, in their order. `recorded` is the reference that routes and causes were written for: under
 * another one a figure may come right that was right by a wrong route alone, or wrong. Throws an `InputError` with every formula that cannot be worked out: names that
 * the reference does not have (CLAIM-5) and results in another unit than the claim's (CLAIM-6).
 */
export const auditClaims = (
  prepared: ReadonlyMap<string, Prepared>,
  reference: Reference,
  recorded: Reference = reference,
): readonly Judged[] => {
  const evaluator = createEvaluator(prepared, reference);
  const recorder = recorded === reference ? evaluator : createEvaluator(prepared, recorded);
  const judged = new Map<string, Judged>();
  const judge = (id: string): Judged => {
    const known = judged.get(id);
    if (known !== undefined) return known;
    const found = judgeOne({ prepared: prepared.get(id) as Prepared, evaluator, recorder, judge });
    judged.set(id, found);
    return found;
  };
  const issues: Issue[] = [];
  // What a claim uses is judged before it, so that no chain of claims is too long.
  for (const id of dependencies(prepared).order) {
    try {
      judge(id);
    } catch (thrown) {
      if (!(thrown instanceof FormulaError)) throw thrown;
      if (!issues.some((issue) => isSameIssue(issue, thrown.issue))) issues.push(thrown.issue);
    }
  }
  if (issues.length > 0) throw new InputError(issues);
  return [...prepared.keys()].map(judge);
};
