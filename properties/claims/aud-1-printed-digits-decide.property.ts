import fc from "fast-check";
import { finding, property, type Subject, values } from "#verify";
import { audit, decimal, type Reply, verdictsOf } from "./audits.ts";

/** A printed figure in units of its last digit, and how far the right one is from it in hundredths of that unit. */
type Case = { readonly printed: number; readonly decimals: number; readonly off: number };
type Call = { readonly stated: string; readonly right: string; readonly decimals: number };

const callOf = ({ printed, decimals, off }: Case): Call => ({
  stated: decimal(BigInt(printed), decimals),
  right: decimal(BigInt(printed) * 100n + BigInt(off), decimals + 2),
  decimals,
});

const row = ({ stated, right, decimals }: Call) => ({
  id: "a",
  stated,
  decimals,
  unit: "x",
  formula: right,
});

const ask = (call: Call): Reply => audit([row(call)]);

const verdict = (reply: Reply | undefined): string => verdictsOf(reply)[0]?.verdict ?? "faulty";

/** An auditor with its own idea of what is near. */
const thinking =
  (isNear: (stated: number, right: number, unit: number) => boolean): Subject<Call, Reply> =>
  () =>
  (call) => {
    const { stated, right, decimals } = call;
    const [one] = verdictsOf(ask(call));
    if (one === undefined || one.verdict === "consistent") return ask(call);
    const near = isNear(Number(stated), Number(right), 10 ** -decimals);
    return { verdicts: [{ ...one, verdict: near ? "rounded" : "inconsistent" }] };
  };

const expected = ({ off }: Case): string => {
  if (off === 0) return "consistent";
  return Math.abs(off) <= 50 ? "rounded" : "inconsistent";
};

export default property<Case, Call, Reply>({
  id: "AUD-1",
  part: "claims",
  statement:
    "a figure is consistent when it is the right one, rounded when they are at most half a unit of the last printed digit apart, and else inconsistent, by exact decimal arithmetic",
  given: values(
    fc.record({
      printed: fc.integer({ min: -99_999, max: 99_999 }),
      decimals: fc.integer({ min: -3, max: 4 }),
      off: fc.oneof(
        fc.integer({ min: -200, max: 200 }),
        fc.constantFrom(-51, -50, -49, 49, 50, 51),
      ),
    }),
  ),
  subject: () => ask,
  scripts: (given) => [[callOf(given)]],

  holds(given, replies) {
    const found = verdict(replies[0]?.[0]);
    return found === expected(given) ? undefined : finding(0, expected(given), found);
  },

  witnesses: {
    "half a unit above": ({ off }) => off === 50,
    "half a unit below": ({ off }) => off === -50,
    "a hair further": ({ off }) => Math.abs(off) === 51,
    "hundreds that are printed": ({ decimals, off }) => decimals < 0 && off !== 0,
    "a figure below 0": ({ printed }) => printed < 0,
  },

  mutants: {
    "cuts the right figure off": thinking(
      (stated, right, unit) => Math.trunc(right / unit + 1e-9) === Math.round(stated / unit),
    ),
    "spares a whole unit": thinking(
      (stated, right, unit) => Math.abs(stated - right) <= unit * 1.000001,
    ),
    "spares one in a hundred": thinking(
      (stated, right) => Math.abs(stated - right) <= 0.01 * Math.abs(right),
    ),
    "spares no half": thinking((stated, right, unit) => Math.abs(stated - right) < unit * 0.499999),
    "rounds halves up alone": thinking(
      (stated, right, unit) => Math.floor(right / unit + 0.5) === Math.round(stated / unit),
    ),
    "forgets the decimals": () => (call) => audit([{ ...row(call), decimals: 0 }]),
    "forgets that hundreds are printed": () => (call) =>
      audit([{ ...row(call), decimals: Math.max(0, call.decimals) }]),
    "calls what is near exact": () => (call) => {
      const [one] = verdictsOf(ask(call));
      if (one === undefined || one.verdict !== "rounded") return ask(call);
      return { verdicts: [{ ...one, verdict: "consistent" }] };
    },
  },
});
