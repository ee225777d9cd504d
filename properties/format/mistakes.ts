/** Codecs as they are got wrong, each by one mistake. */
import { decode, type Encoding, encode, type FloatEncoding, largestValue, supposed } from "#spec";
import { type Layout, widthOf } from "./layouts.ts";
import { nudged, type Store } from "./numbers.ts";

/** A mistake that two's complement cannot make, because it has no exponent. */
const inFloats =
  (store: (encoding: FloatEncoding, number: number, layout: Layout) => number): Store =>
  (encoding, number, layout) =>
    encoding.kind === "float" ? store(encoding, number, layout) : encode(encoding, number);

const signOf = (layout: Layout, code: number): number => code - (code % 2 ** (widthOf(layout) - 1));

/** The other reading of an encoding: another bias, another meaning of the largest exponent. */
const otherwise =
  (change: (encoding: FloatEncoding) => Partial<FloatEncoding>): Store =>
  (encoding, number) =>
    encode(encoding.kind === "float" ? { ...encoding, ...change(encoding) } : encoding, number);

const isBeyond = (encoding: Encoding, number: number): boolean =>
  Math.abs(number) > largestValue(encoding);

/** Of two numbers that are as near, the larger one. */
export const tiesAway: Store = (encoding, number) => encode(encoding, nudged(number, 1));

/** Of two numbers that are as near, the higher one, as a language's own rounding does. */
export const tiesUp: Store = (encoding, number) =>
  encode(encoding, nudged(number, number > 0 ? 1 : -1));

/** The next number towards zero. */
export const cutOff: Store = (encoding, number) => {
  const code = encode(encoding, number);
  if (Math.abs(decode(encoding, code)) <= Math.abs(number)) return code;
  return encoding.kind === "integer" && number < 0
    ? (code + 1) % 2 ** encoding.bits.value
    : code - 1;
};

/** The next number below, whatever the sign. */
export const roundedDown: Store = (encoding, number) => {
  const code = encode(encoding, number);
  if (decode(encoding, code) <= number) return code;
  if (encoding.kind === "integer")
    return (code + 2 ** encoding.bits.value - 1) % 2 ** encoding.bits.value;
  return number < 0 ? code + 1 : code - 1;
};

/** Numbers below the smallest normal one are zero. */
export const noSubnormals: Store = inFloats((encoding, number, layout) => {
  const code = encode(encoding, number);
  const sign = signOf(layout, code);
  return code - sign < 2 ** encoding.mantissaBits.value ? sign : code;
});

/** What is too large starts again from zero. */
export const wraps: Store = (encoding, number, layout) => {
  if (encoding.kind === "float")
    return isBeyond(encoding, number)
      ? signOf(layout, encode(encoding, number))
      : encode(encoding, number);
  const codes = 2 ** encoding.bits.value;
  const steps = Math.round(number) % codes;
  return isBeyond(encoding, number) ? (steps + codes) % codes : encode(encoding, number);
};

/** What is too large becomes infinity where there is one. */
export const overflows: Store = inFloats((encoding, number) => {
  const code = encode(encoding, number);
  return encoding.topExponent.value === "ieee" && isBeyond(encoding, number) ? code + 1 : code;
});

/** The sign of zero is lost. */
export const unsignedZero: Store = (encoding, number, layout) => {
  const code = encode(encoding, number);
  return code === signOf(layout, code) && encoding.kind === "float" ? 0 : code;
};

/** A mantissa that rounds up to the next power of two does not carry. */
export const noCarry: Store = inFloats((encoding, number) => {
  const code = encode(encoding, number);
  const mantissas = 2 ** encoding.mantissaBits.value;
  const carried = code % mantissas === 0 && Math.abs(decode(encoding, code)) > Math.abs(number);
  return carried ? code - mantissas : code;
});

/** The bias is one too large. */
export const biasOff: Store = otherwise(({ bias }) => ({ bias: supposed(bias.value + 1) }));

/** The largest exponent is kept for infinity, so that E4M3 ends at 240 and E2M1 at 3. */
export const withInfinity: Store = otherwise(() => ({ topExponent: supposed("ieee" as const) }));

/** Rounded to a float32 on the way, and so twice. */
export const throughFloat32: Store = (encoding, number) => encode(encoding, Math.fround(number));

/** Negative codes count down from the top, as in two's complement. */
export const complemented: Store = inFloats((encoding, number, layout) => {
  const code = encode(encoding, number);
  const sign = signOf(layout, code);
  return sign === 0 || code === sign ? code : 2 * sign - (code - sign);
});
