import fc from "fast-check";
import { encode, largestValue } from "#spec";
import { finding, property, values } from "#verify";
import { type Layout, layouts } from "./layouts.ts";
import { noCarry, wraps } from "./mistakes.ts";
import {
  type Call,
  numberAt,
  type Point,
  points,
  type Reply,
  type Store,
  storing,
  text,
} from "./numbers.ts";
import { isTie } from "./tables.ts";

type Case = {
  readonly layout: Layout;
  readonly left: Point;
  readonly right: Point;
  /** Whether the right one lies half a step from the left one instead. */
  readonly isNear: boolean;
};

const inOrder = ({ layout, left, right, isNear }: Case): readonly [number, number] => {
  const near = left.at === "format" ? { ...left, isHalfWay: !left.isHalfWay } : right;
  const [one, other] = [numberAt(layout, left), numberAt(layout, isNear ? near : right)];
  return one <= other ? [one, other] : [other, one];
};

/** What is too large is not a number, where there is a code for that. */
const becomesNan: Store = (encoding, number) =>
  encoding.kind === "float" &&
  encoding.topExponent.value !== "finite" &&
  Math.abs(number) > largestValue(encoding)
    ? encode(encoding, Number.NaN)
    : encode(encoding, number);

/** Subnormals are read one exponent too high, above the first normal numbers. */
const tallSubnormals: Store = (encoding, number) => {
  if (encoding.kind === "integer") return encode(encoding, number);
  const smallest = 2 ** (1 - encoding.bias.value);
  return encode(encoding, Math.abs(number) < smallest ? 4 * number : number);
};

export default property<Case, Call, Reply>({
  id: "FMT-4",
  part: "format",
  statement: "of two numbers the larger is never stored as the smaller",
  given: values(fc.record({ layout: layouts, left: points, right: points, isNear: fc.boolean() })),
  subject: storing(),
  scripts: (given) => [
    inOrder(given).map((number) => ({ layout: given.layout, number: text(number) })),
  ],

  holds(_, [replies]) {
    const [low, high] = (replies as readonly Reply[]).map(({ value }) => Number(value)) as [
      number,
      number,
    ];
    return low <= high ? undefined : finding(1, `${low} or more`, high);
  },

  witnesses: {
    "two different numbers that become one": (given, [replies]) =>
      inOrder(given)[0] < inOrder(given)[1] && replies?.[0]?.value === replies?.[1]?.value,
    "a tie and another number": (given) => isTie(given.layout, inOrder(given)[1]),
    "numbers on both sides of zero": (given) => inOrder(given)[0] < 0 && inOrder(given)[1] > 0,
  },

  mutants: {
    "starts again from zero beyond the largest": storing(wraps),
    "loses the carry of a mantissa that rounds up": storing(noCarry),
    "makes NaN of what is beyond the largest": storing(becomesNan),
    "lifts subnormals above normal numbers": storing(tallSubnormals),
  },
});
