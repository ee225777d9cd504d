import { createRequire } from "node:module";
import type { FactoryFunctionMap, MathJsInstance, MathNode, Unit } from "mathjs";

/** The library in one file, as its authors build it: it loads in a tenth of the time of its thousand modules, and only when somebody reckons. */
const LIBRARY = "mathjs/lib/browser/math.js";

/** The part of the calculator's table of types that is changed below, which its own types leave out. */
type Typed = {
  addConversion(
    conversion: { from: string; to: string; convert: () => never },
    options: { override: true },
  ): void;
};

const NUMBERS = ["number", "BigNumber", "bigint", "Fraction"];

/** Makes the calculator, which knows units: bytes and seconds from the start, arithmetic operations as declared here. */
const created = (): MathJsInstance => {
  const mathjs = createRequire(import.meta.url)(LIBRARY) as Required<typeof import("mathjs")>;
  const math = mathjs.create(mathjs.all as FactoryFunctionMap);
  // Left to itself, the calculator reads '3' as 3 and yes as 1.
  for (const [from, what, kinds] of [
    ["string", "a text", [...NUMBERS, "Complex"]],
    ["boolean", "yes or no", NUMBERS],
  ] as const)
    for (const to of kinds)
      (math.typed as unknown as Typed).addConversion(
        {
          from,
          to,
          convert() {
            throw new TypeError(`${what} where a number is needed`);
          },
        },
        { override: true },
      );

  math.import({
    equal: math.typed("equal", {
      "string, string": (left: string, right: string) => left === right,
    }),
    and: math.typed("and", {
      "boolean, boolean": (left: boolean, right: boolean) => left && right,
    }),
    or: math.typed("or", { "boolean, boolean": (left: boolean, right: boolean) => left || right }),
    not: math.typed("not", { boolean: (truth: boolean) => !truth }),
  });
  math.createUnit("FLOP", { prefixes: "short" });
  math.createUnit("FLOPS", { definition: "1 FLOP/s", prefixes: "short" });
  return math;
};

let known: MathJsInstance | undefined;

/** The one calculator. */
const calculator = (): MathJsInstance => {
  known ??= created();
  return known;
};

/** What a formula can come to. */
export type Value = number | string | boolean | Unit;

/** The units that may stand in a formula, beside the counts, which are plain numbers. */
export const UNITS: ReadonlySet<string> = new Set(
  [
    ["B", "kB", "MB", "GB", "TB", "PB", "KiB", "MiB", "GiB", "TiB"],
    ["s", "ms", "us", "ns", "W"],
    ["FLOP", "FLOPS", "GFLOPS", "TFLOPS", "PFLOPS"],
  ].flat(),
);

/** Counts by name: tokens, sessions and multiples have no dimension. */
export const COUNTS: ReadonlyMap<string, number> = new Map([
  ["x", 1],
  ["count", 1],
  ["tok", 1],
  ["ktok", 1e3],
  ["Mtok", 1e6],
]);

/** Reads an expression. Throws the library's `SyntaxError`, which has a `char` counted from 1. */
export const parse = (text: string): MathNode => calculator().parse(text);

/** A number in a unit. */
export const quantity = (value: number, unit: string): Value =>
  unit === "" ? value : calculator().unit(value, unit);

/** A quantity as a number of `unit`, or undefined when it is something else altogether. */
export const inUnit = (value: Value, unit: Value): number | undefined => {
  if (typeof value === "string" || typeof value === "boolean") return undefined;
  const ratio: unknown = calculator().divide(value as Unit, unit as Unit);
  return typeof ratio === "number" ? ratio : undefined;
};

/** The number of units of `unit` in a quantity, `B` for instance; undefined when it is something else. */
export const counted = (value: Value, unit: string): number | undefined =>
  inUnit(value, quantity(1, unit));

const BYTES = ["PB", "TB", "GB", "MB", "kB", "B"];

/** Bytes, and bytes a second, in decimal units: the calculator itself would take binary ones where they make a shorter number. */
const inBytes = (value: Unit): Unit => {
  for (const rate of ["", "/s"]) {
    const count = counted(value, `B${rate}`);
    if (count === undefined) continue;
    const unit = BYTES.find((name) => Math.abs(count) >= (counted(quantity(1, name), "B") ?? 0));
    return value.to(`${unit ?? "B"}${rate}`);
  }
  return value;
};

/** A quantity for people, such as `8 TB / s`: at most `digits` digits, in the unit with the shortest number. */
export const shownValue = (value: Value, digits = 6): string => {
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "string") return value;
  return calculator().format(typeof value === "number" ? value : inBytes(value), {
    precision: digits,
  });
};

/** So many of a unit. */
export const times = (count: number, unit: Value): Value =>
  calculator().multiply(count, unit as Unit) as Value;

/** A unit that stands alone is one of it. */
export const whole = (value: Value): Value =>
  typeof value === "object" && value.value === null ? times(1, value) : value;
