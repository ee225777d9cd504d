import fc from "fast-check";
import { finding, oneOfValues, property, type Subject, values } from "#verify";
import { audit, type Reply, verdictsOf } from "./audits.ts";

/** What is done with a sum so far: joined with a number, which stands before or behind, in a unit of its own or in the sum's. */
type Step = {
  readonly op: "+" | "-" | "*" | "/";
  readonly count: number;
  readonly unit: Unit;
  readonly isAlike: boolean;
  readonly isBefore: boolean;
};
type Unit = "" | "tok" | "ktok" | "B" | "kB" | "GB" | "GiB" | "s" | "ms";
type Call = { readonly formula: string; readonly unit: string };

/** Powers of ten and two, and of which dimension. */
const UNITS: Readonly<Record<Unit, readonly [over: bigint, under: bigint, b: number, s: number]>> =
  {
    "": [1n, 1n, 0, 0],
    tok: [1n, 1n, 0, 0],
    ktok: [1000n, 1n, 0, 0],
    B: [1n, 1n, 1, 0],
    kB: [1000n, 1n, 1, 0],
    GB: [1_000_000_000n, 1n, 1, 0],
    GiB: [1_073_741_824n, 1n, 1, 0],
    s: [1n, 1n, 0, 1],
    ms: [1n, 1000n, 0, 1],
  };

/** An exact quantity: a fraction, and the exponents of bytes and seconds. */
type Exact = {
  readonly over: bigint;
  readonly under: bigint;
  readonly b: number;
  readonly s: number;
};
/** A sum on paper; nothing in place of its value when it adds apples to pears or divides by 0. */
type Paper = { readonly text: string; readonly value: Exact | undefined; readonly isVoid: boolean };

const apply = (op: string, left: Exact, right: Exact): Exact | undefined => {
  if (op === "*" || op === "/") {
    const sign = op === "*" ? 1 : -1;
    const [over, under] = op === "*" ? [right.over, right.under] : [right.under, right.over];
    return {
      over: left.over * over,
      under: left.under * under,
      b: left.b + sign * right.b,
      s: left.s + sign * right.s,
    };
  }
  if (left.b !== right.b || left.s !== right.s) return undefined;
  const other = op === "+" ? right.over : -right.over;
  return {
    ...left,
    over: left.over * right.under + other * left.under,
    under: left.under * right.under,
  };
};

const joined = (op: string, left: Paper, right: Paper): Paper => {
  // A unit belongs to its number also behind a line.
  const behind = op === "/" && !right.text.startsWith("(") ? `(${right.text})` : right.text;
  const text = `(${left.text} ${op} ${behind})`;
  const isVoid = left.isVoid || right.isVoid || (op === "/" && right.value?.over === 0n);
  const isKnown = !isVoid && left.value !== undefined && right.value !== undefined;
  return { text, isVoid, value: isKnown ? apply(op, left.value, right.value) : undefined };
};

const power = (unit: string, exponent: number): string =>
  exponent < 0 ? ` / ${unit}`.repeat(-exponent) : ` * ${unit}`.repeat(exponent);

const unitOf = ({ b, s }: Exact): string => `x${power("B", b)}${power("s", s)}`;

const START: Paper = {
  text: "(12 GB/s)",
  value: { over: 12_000_000_000n, under: 1n, b: 1, s: -1 },
  isVoid: false,
};

const operandOf = ({ count, unit, isAlike }: Step, { value }: Paper): Paper => {
  if (isAlike && value !== undefined) {
    const like = { over: BigInt(count), under: 1n, b: value.b, s: value.s };
    return { text: `(${count} * ${unitOf(like)})`, value: like, isVoid: false };
  }
  const [over, under, b, s] = UNITS[unit];
  const own = { over: BigInt(count) * over, under, b, s };
  return { text: `${count} ${unit}`.trim(), value: own, isVoid: false };
};

const paperOf = (steps: readonly Step[]): Paper =>
  steps.reduce((sofar, step) => {
    const operand = operandOf(step, sofar);
    return step.isBefore ? joined(step.op, operand, sofar) : joined(step.op, sofar, operand);
  }, START);

const ask = ({ formula, unit }: Call): Reply =>
  audit([{ id: "a", stated: "1", decimals: 0, unit, formula }]);

/** A calculator that is asked something else. */
const mistaking =
  (mistake: (formula: string) => string): Subject<Call, Reply> =>
  () =>
  (call) =>
    ask({ ...call, formula: mistake(call.formula) });

const isFaulty = (reply: Reply | undefined): boolean =>
  reply !== undefined && "faults" in reply && reply.faults.every((code) => code === "CLAIM-6");

export default property<readonly Step[], Call, Reply>({
  id: "AUD-2",
  part: "claims",
  statement:
    "a formula comes to what the same sum does in exact fractions with exponents of bytes and seconds, and is refused when the dimensions do not go together or are not the claim's",
  given: values(
    fc.array(
      fc.record({
        op: oneOfValues<Step["op"]>("+", "-", "*", "/"),
        count: fc.nat({ max: 99 }),
        unit: oneOfValues<Unit>("", "tok", "ktok", "B", "kB", "GB", "GiB", "s", "ms"),
        isAlike: fc.boolean(),
        isBefore: fc.boolean(),
      }),
      { maxLength: 4, size: "max" },
    ),
  ),
  subject: () => ask,
  scripts(steps) {
    const { text, value } = paperOf(steps);
    if (value === undefined) return [[{ formula: text, unit: "x" }]];
    const unit = unitOf(value);
    return [[{ formula: text, unit }], [{ formula: text, unit: `${unit} * B` }]];
  },

  holds(steps, replies) {
    const [right, wrong] = replies.map(([reply]) => reply);
    const { value, isVoid } = paperOf(steps);
    if (isVoid) return undefined;
    if (value === undefined)
      return isFaulty(right) ? undefined : finding(0, "CLAIM-6", JSON.stringify(right));
    if (!isFaulty(wrong)) return finding(0, "CLAIM-6", JSON.stringify(wrong), "another unit");
    const exact = Number((value.over * 10n ** 40n) / value.under) / 1e40;
    const found = verdictsOf(right)[0]?.computed;
    const isNear =
      typeof found === "number" &&
      Math.abs(found - exact) <= 1e-9 * Math.max(1e-12, Math.abs(exact));
    return isNear ? undefined : finding(0, exact, found ?? null);
  },

  witnesses: {
    "dimensions that do not go together": (steps) => {
      const { value, isVoid } = paperOf(steps);
      return value === undefined && !isVoid;
    },
    "a rate": (steps) => (paperOf(steps).value?.s ?? 0) < 0,
    "a plain number of quantities": (steps) => {
      const { value, text } = paperOf(steps);
      return value?.b === 0 && value.s === 0 && /B/.test(text);
    },
    "a sum within a sum": (steps) => /\(\(/.test(paperOf(steps).text),
  },

  mutants: {
    "reads a binary gigabyte as a decimal one": mistaking((text) => text.replaceAll("GiB", "GB")),
    "reads a kilobyte as 1,024 bytes": mistaking((text) => text.replaceAll("kB", "KiB")),
    "forgets the brackets": mistaking((text) => text.replace(/[()]/g, "")),
    "adds where it should subtract": mistaking((text) => text.replaceAll(" - ", " + ")),
    "forgets thousands of tokens": mistaking((text) => text.replaceAll("ktok", "tok")),
    "ignores dimensions": () => (call) => {
      const reply = ask(call);
      if (!("faults" in reply)) return reply;
      const bare = call.formula.replace(/\b([kG]?i?B|m?s)\b/g, "");
      return ask({ formula: bare, unit: "x" });
    },
    "takes milliseconds for seconds": mistaking((text) => text.replaceAll("ms", "s")),
  },
});
