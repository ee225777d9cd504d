import { assert, InputError } from "#base";
import { bitsOf, type Encoding, type FloatEncoding } from "./encoding.ts";

/** The nearest whole number to one of 0 or more; the even one of two that are as near. */
const roundHalfEven = (number: number): number => {
  const below = Math.floor(number);
  const rest = number - below;
  return rest > 0.5 || (rest === 0.5 && below % 2 === 1) ? below + 1 : below;
};

/** The exponent of the largest power of two that is no larger than a positive double; −1023 for those too small to be normal. */
const exponentOf = (magnitude: number): number => {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, magnitude);
  return ((view.getUint16(0) >> 4) & 0x7ff) - 1023;
};

/** The code of the largest number. Codes of one sign count up with what they stand for, so every smaller one is a number too. */
const largestCode = (encoding: Encoding): number => {
  if (encoding.kind === "integer") return 2 ** (encoding.bits.value - 1) - 1;
  const { exponentBits, mantissaBits, topExponent } = encoding;
  const codes = 2 ** (exponentBits.value + mantissaBits.value);
  if (topExponent.value === "ieee") return codes - 2 ** mantissaBits.value - 1;
  return topExponent.value === "nan" ? codes - 2 : codes - 1;
};

/** What a code without its sign stands for. */
const magnitudeOf = (encoding: FloatEncoding, code: number): number => {
  const { mantissaBits, bias, topExponent } = encoding;
  if (code > largestCode(encoding)) {
    const infinity = largestCode(encoding) + 1;
    return topExponent.value === "ieee" && code === infinity
      ? Number.POSITIVE_INFINITY
      : Number.NaN;
  }
  const mantissas = 2 ** mantissaBits.value;
  const field = Math.floor(code / mantissas);
  const mantissa = code % mantissas;
  const significand = field === 0 ? mantissa : mantissas + mantissa;
  return significand * 2 ** (Math.max(field, 1) - bias.value - mantissaBits.value);
};

/**
 * The number that a code stands for, exactly: −0, infinities and NaN included where the encoding has them. Throws unless the code is a whole number of
 * as many bits as the encoding has.
 */
export const decode = (encoding: Encoding, code: number): number => {
  const codes = 2 ** bitsOf(encoding);
  assert(Number.isInteger(code) && code >= 0 && code < codes, `a code is 0 … ${codes - 1}`, code);
  const isNegative = code >= codes / 2;
  if (encoding.kind === "integer") return isNegative ? code - codes : code;
  return isNegative ? -magnitudeOf(encoding, code - codes / 2) : magnitudeOf(encoding, code);
};

/** The largest number, by closed form: 6, 7, 448, 57,344, 65,504 and 3.39 · 10^38. The smallest is its negative, and −8 for INT4. */
export const largestValue = (encoding: Encoding): number => decode(encoding, largestCode(encoding));

/** How many different finite numbers there are, by closed form; +0 and −0 are one. */
export const valueCount = (encoding: Encoding): number =>
  encoding.kind === "integer" ? 2 ** encoding.bits.value : 2 * largestCode(encoding) + 1;

/** Every finite number once, ascending; 0 stands for +0 and −0. A sixteen-bit encoding has over 60,000. */
export const finiteValues = (encoding: Encoding): readonly number[] => {
  const count = valueCount(encoding);
  if (encoding.kind === "integer")
    return Array.from({ length: count }, (_, index) => index - count / 2);
  const zero = largestCode(encoding);
  return Array.from({ length: count }, (_, index) =>
    index < zero ? -magnitudeOf(encoding, zero - index) : magnitudeOf(encoding, index - zero),
  );
};

const noCode = ({ name }: Encoding): InputError =>
  new InputError([{ code: "SPEC-9", message: `${name} must be given a number, found NaN` }]);

/** The code of NaN: every bit set but the sign's, as GPUs write it. */
const nanCode = (encoding: FloatEncoding): number => {
  if (encoding.topExponent.value === "finite") throw noCode(encoding);
  return 2 ** (bitsOf(encoding) - 1) - 1;
};

/** The code, without its sign, of the number nearest to a positive one below the largest. */
const nearestCode = ({ mantissaBits, bias }: FloatEncoding, magnitude: number): number => {
  const lowest = 1 - bias.value;
  const exponent = Math.max(exponentOf(magnitude), lowest);
  // What the last bit is worth here. Dividing by a power of two is exact, for nothing that matters underflows.
  const steps = roundHalfEven(magnitude / 2 ** (exponent - mantissaBits.value));
  // A mantissa that rounds up to the next power of two carries into the exponent by itself.
  return (exponent - lowest) * 2 ** mantissaBits.value + steps;
};

/**
 * The code of the number nearest to `number`; of two that are as near, the one whose last mantissa bit is 0. Beyond the largest, infinity
 * included, it is the largest: also in IEEE formats, where rounding would give infinity, because that is how GPUs convert weights and activations
 * (`satfinite`). Zero and what rounds to it keep their sign, except in two's complement. NaN becomes NaN with all mantissa bits set; throws an
 * `InputError` (SPEC-9) where there is none.
 */
export const encode = (encoding: Encoding, number: number): number => {
  const codes = 2 ** bitsOf(encoding);
  if (encoding.kind === "integer") {
    if (Number.isNaN(number)) throw noCode(encoding);
    const nearest = Math.sign(number) * roundHalfEven(Math.abs(number));
    const kept = Math.max(-codes / 2, Math.min(codes / 2 - 1, nearest));
    return kept < 0 ? kept + codes : Math.abs(kept);
  }
  if (Number.isNaN(number)) return nanCode(encoding);
  const magnitude = Math.abs(number);
  const sign = number < 0 || Object.is(number, -0) ? codes / 2 : 0;
  const isBeyond = magnitude >= largestValue(encoding);
  return sign + (isBeyond ? largestCode(encoding) : nearestCode(encoding, magnitude));
};
