/** Every number of a format by brute force, and the nearest among them: nothing here asks the code under test. */
import { type Layout, widthOf } from "./layouts.ts";

type FloatLayout = Extract<Layout, { readonly kind: "float" }>;

/** What the digits after the sign stand for. */
const readFloat = ({ bias, top }: FloatLayout, exponent: string, mantissa: string): number => {
  const isTop = !exponent.includes("0");
  if (isTop && top === "ieee")
    return mantissa.includes("1") ? Number.NaN : Number.POSITIVE_INFINITY;
  if (isTop && top === "nan" && !mantissa.includes("0")) return Number.NaN;
  const field = Number.parseInt(exponent, 2);
  let significand = field === 0 ? 0 : 1;
  for (const [place, digit] of [...mantissa].entries())
    if (digit === "1") significand += 2 ** -(place + 1);
  return significand * 2 ** ((field === 0 ? 1 : field) - bias);
};

/** What a code stands for, read off its digits. */
const read = (layout: Layout, code: number): number => {
  const digits = code.toString(2).padStart(widthOf(layout), "0");
  const isNegative = digits.startsWith("1");
  if (layout.kind === "integer")
    return Number.parseInt(digits.slice(1), 2) - (isNegative ? 2 ** (layout.bits - 1) : 0);
  const split = 1 + layout.exponentBits;
  const size = readFloat(layout, digits.slice(1, split), digits.slice(split));
  return isNegative ? -size : size;
};

/** Every code with what it stands for, in the order of codes. */
export type Table = {
  readonly byCode: readonly number[];
  /** The finite numbers from 0 up. */
  readonly upwards: readonly number[];
  /** The lowest finite number. */
  readonly lowest: number;
};

const tables = new Map<string, Table>();

/** Everything that can be stored, counted out once a layout. */
export const tableOf = (layout: Layout): Table => {
  const key = JSON.stringify(layout);
  const known = tables.get(key);
  if (known !== undefined) return known;
  const byCode = Array.from({ length: 2 ** widthOf(layout) }, (_, code) => read(layout, code));
  const upwards = byCode.slice(0, byCode.length / 2).filter(Number.isFinite);
  const lowest = byCode.filter(Number.isFinite).reduce((left, right) => Math.min(left, right));
  const table = { byCode, upwards, lowest };
  tables.set(key, table);
  return table;
};

/** The last of ascending numbers that is no larger than `size`. */
const lastUpTo = (upwards: readonly number[], size: number): number => {
  let [from, to] = [0, upwards.length - 1];
  while (from < to) {
    const middle = Math.ceil((from + to) / 2);
    if ((upwards[middle] as number) <= size) from = middle;
    else to = middle - 1;
  }
  return from;
};

/** Whether a number lies half way between two of the format, apart from the lowest in two's complement. */
export const isTie = (layout: Layout, number: number): boolean => {
  const { upwards } = tableOf(layout);
  const below = lastUpTo(upwards, Math.abs(number));
  const [here, next] = [upwards[below] as number, upwards[below + 1]];
  return next !== undefined && Math.abs(number) === (here + next) / 2;
};

/** The code that a number must have: looked up among the two neighbours, whose mean is a double without rounding. */
export const wantedCode = (layout: Layout, number: number): number => {
  const { upwards, lowest } = tableOf(layout);
  const isNegative = number < 0 || Object.is(number, -0);
  const size = Math.abs(number);
  const below = lastUpTo(upwards, size);
  const above = Math.min(below + 1, upwards.length - 1);
  const mean = ((upwards[below] as number) + (upwards[above] as number)) / 2;
  const tied = below % 2 === 0 ? below : above;
  const nearest = size === mean ? tied : size < mean ? below : above;
  if (layout.kind === "float") return nearest + (isNegative ? 2 ** (widthOf(layout) - 1) : 0);
  if (!isNegative) return nearest;
  // In two's complement there is one more number below zero than above it, and the mean with it is not in the table.
  const isLowest = size > -lowest - 0.5 || (size === -lowest - 0.5 && lowest % 2 === 0);
  const steps = isLowest ? -lowest : nearest;
  return steps === 0 ? 0 : 2 ** layout.bits - steps;
};
