import fc from "fast-check";
import { InputError } from "#base";
import { decode, type Encoding, encode, type FloatEncoding, supposed } from "#spec";
import { finding, property, type Subject, values } from "#verify";
import { encodingOf, type Layout, layouts, NAMED, widthOf } from "./layouts.ts";
import { text } from "./numbers.ts";
import { tableOf } from "./tables.ts";

type Case = { readonly layout: Layout; readonly code: number };
/** What the code stands for, and the code that this is stored as, or the issue. */
type Reply = { readonly value: string; readonly again: number | string };

const stored = (encoding: Encoding, number: number): number | string => {
  try {
    return encode(encoding, number);
  } catch (thrown) {
    if (!(thrown instanceof InputError)) throw thrown;
    return thrown.issues[0]?.code ?? "none";
  }
};

/** The code itself, inside the format whatever was drawn. */
const codeOf = ({ layout, code }: Case): number => code % 2 ** widthOf(layout);

/** A subject that reads a code in its own way. */
const reading =
  (read: (encoding: Encoding, code: number) => number = decode): Subject<Case, Reply> =>
  () =>
  (call) => {
    const encoding = encodingOf(call.layout);
    const number = read(encoding, codeOf(call));
    return { value: text(number), again: stored(encoding, number) };
  };

/** A subject that reads a floating-point code in its own way. */
const readingFloats = (
  read: (encoding: FloatEncoding, code: number) => number,
): Subject<Case, Reply> =>
  reading((encoding, code) =>
    encoding.kind === "float" ? read(encoding, code) : decode(encoding, code),
  );

/** A subject that has one figure of the encoding wrong. */
const misreading = (
  change: (encoding: FloatEncoding) => Partial<FloatEncoding>,
): Subject<Case, Reply> =>
  readingFloats((encoding, code) => decode({ ...encoding, ...change(encoding) }, code));

/** Around the largest numbers, infinities and NaN of E5M2, FP16 and BF16, and the zeros. */
const edges = fc.constantFrom(
  0x7b,
  0x7c,
  0x7d,
  0xfc,
  0x7bff,
  0x7c00,
  0xfc00,
  0x7f80,
  0xff80,
  0xff81,
  0x8000,
);

/** What is stored for NaN: every bit set but the sign's. */
const nanCode = (layout: Layout): number => 2 ** (widthOf(layout) - 1) - 1;

/** Every code of the formats of eight bits or fewer. */
function* small(): Generator<Case> {
  for (const layout of NAMED)
    if (widthOf(layout) <= 8)
      for (let code = 0; code < 2 ** widthOf(layout); code += 1) yield { layout, code };
}

export default property<Case, Case, Reply>({
  id: "FMT-2",
  part: "format",
  statement:
    "every code stands for its number, and that is stored as the same code; but for infinities, which become the largest, and NaN, which has one code",
  given: values(
    fc.record({ layout: layouts, code: fc.oneof(fc.nat({ max: 2 ** 16 - 1 }), edges) }),
    small,
  ),
  subject: reading(),
  scripts: (given) => [[given]],

  holds(given, [replies]) {
    const { layout } = given;
    const code = codeOf(given);
    const { byCode, upwards } = tableOf(layout);
    const number = byCode[code] as number;
    const sign = number < 0 ? 2 ** (widthOf(layout) - 1) : 0;
    const again = Number.isNaN(number)
      ? nanCode(layout)
      : Number.isFinite(number)
        ? code
        : sign + upwards.length - 1;
    const wanted = { value: text(number), again };
    const found = replies?.[0] as Reply;
    return found.value === wanted.value && found.again === wanted.again
      ? undefined
      : finding(0, wanted, found);
  },

  witnesses: {
    "a negative zero": (_, [replies]) => replies?.[0]?.value === "-0",
    "an infinity": (_, [replies]) => replies?.[0]?.value.endsWith("Infinity") === true,
    "a NaN of another code": (given, [replies]) =>
      replies?.[0]?.value === "NaN" && codeOf(given) !== nanCode(given.layout),
    "the largest exponent as numbers": ({ layout }, [replies]) =>
      layout.name === "e4m3" && Math.abs(Number(replies?.[0]?.value)) > 240,
    "sixteen bits": ({ layout }) => widthOf(layout) === 16,
  },

  mutants: {
    "has a bias that is one too small": misreading(({ bias }) => ({
      bias: supposed(bias.value - 1),
    })),
    "takes the largest exponent for infinity and NaN": misreading(() => ({
      topExponent: supposed("ieee" as const),
    })),
    "takes the largest exponent for numbers throughout": misreading(() => ({
      topExponent: supposed("finite" as const),
    })),
    "gives one bit of the exponent to the mantissa": misreading(
      ({ exponentBits, mantissaBits }) => ({
        exponentBits: supposed(exponentBits.value - 1),
        mantissaBits: supposed(mantissaBits.value + 1),
      }),
    ),
    "reads subnormals as zero": readingFloats((encoding, code) => {
      const number = decode(encoding, code);
      return Math.abs(number) < 2 ** (1 - encoding.bias.value) ? 0 * number : number;
    }),
    "gives subnormals the exponent of their field": readingFloats((encoding, code) => {
      const number = decode(encoding, code);
      return Math.abs(number) < 2 ** (1 - encoding.bias.value) ? number / 2 : number;
    }),
    "loses the sign of zero": reading((encoding, code) => decode(encoding, code) + 0),
    "reads two's complement as sign and size": reading((encoding, code) => {
      const number = decode(encoding, code);
      if (encoding.kind === "float" || number >= 0) return number;
      return -(code - 2 ** (encoding.bits.value - 1));
    }),
    "reads whole numbers without a sign": reading((encoding, code) =>
      encoding.kind === "integer" ? code : decode(encoding, code),
    ),
  },
});
