/** Numbers to be stored, as plain data: most lie on, beside or half way between numbers of the format. */
import fc from "fast-check";
import { decode, type Encoding, encode } from "#spec";
import { encodingOf, type Layout } from "./layouts.ts";
import { tableOf } from "./tables.ts";

/** A number as text that says −0, infinities and NaN too, and gives every double back. */
export const text = (number: number): string => (Object.is(number, -0) ? "-0" : String(number));

/** The next double but some, away from zero or towards it. */
export const nudged = (number: number, doubles: number): number => {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, Math.abs(number));
  const moved = view.getBigInt64(0) + BigInt(doubles);
  view.setBigInt64(0, moved < 0n ? 0n : moved);
  const size = view.getFloat64(0);
  return number < 0 || Object.is(number, -0) ? -size : size;
};

/** Where a number lies: at a number of the format, or half way to the next one, or a double beside that; or anywhere. */
export type Point =
  | {
      readonly at: "format";
      readonly index: number;
      readonly isHalfWay: boolean;
      readonly doubles: number;
      readonly isNegative: boolean;
    }
  | { readonly at: "anywhere"; readonly significand: number; readonly exponent: number };

/** Numbers of the format, half way between them and a double beside; small, large and largest ones; and doubles of every size. */
export const points: fc.Arbitrary<Point> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      at: fc.constant("format" as const),
      index: fc.oneof(
        fc.constant(0),
        fc.nat({ max: 20 }),
        fc.nat({ max: 40_000 }),
        fc.integer({ min: -3, max: -1 }),
      ),
      isHalfWay: fc.boolean(),
      doubles: fc.constantFrom(0, 0, 1, -1),
      isNegative: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      at: fc.constant("anywhere" as const),
      significand: fc.integer({ min: -(2 ** 53 - 1), max: 2 ** 53 - 1 }),
      exponent: fc.oneof(fc.integer({ min: -70, max: -40 }), fc.integer({ min: -1074, max: 970 })),
    }),
  },
);

/** The number at a point. Half way beyond the largest is as far from it as half way below, plus the rest of that step. */
export const numberAt = (layout: Layout, point: Point): number => {
  if (point.at === "anywhere") return point.significand * 2 ** point.exponent;
  const { upwards } = tableOf(layout);
  const count = upwards.length;
  const index = ((point.index % count) + count) % count;
  const here = upwards[index] as number;
  const next = upwards[index + 1] ?? here + (here - (upwards[index - 1] as number));
  const number = nudged(point.isHalfWay ? (here + next) / 2 : here, point.doubles);
  return point.isNegative ? -number : number;
};

/** A question to a codec, and a number as text. */
export type Call = { readonly layout: Layout; readonly number: string };

/** The code of a number, and what that stands for. */
export type Reply = { readonly code: number; readonly value: string };

/** How a codec stores a number; mistakes are made of the right one. */
export type Store = (encoding: Encoding, number: number, layout: Layout) => number;

/** A subject that stores as told, and reads what it stored as the reference does. */
export const storing =
  (store: Store = encode) =>
  () =>
  ({ layout, number }: Call): Reply => {
    const encoding = encodingOf(layout);
    const code = store(encoding, Number(number), layout);
    return { code, value: text(decode(encoding, code)) };
  };
