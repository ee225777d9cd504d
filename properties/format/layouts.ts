/** Number formats as plain data: those that there are, and small ones that nobody uses. */
import fc from "fast-check";
import { ENCODINGS, type Encoding, type EncodingName, supposed, type TopExponent } from "#spec";
import { oneOfValues } from "#verify";

/** What an encoding is made of; `supposed` is none that anybody uses. */
export type Layout =
  | {
      readonly name: string;
      readonly kind: "float";
      readonly exponentBits: number;
      readonly mantissaBits: number;
      readonly bias: number;
      readonly top: TopExponent;
    }
  | { readonly name: string; readonly kind: "integer"; readonly bits: number };

const float = (
  name: string,
  exponentBits: number,
  mantissaBits: number,
  bias: number,
  top: TopExponent,
): Layout => ({ name, kind: "float", exponentBits, mantissaBits, bias, top });

/** The encodings that there are, written out, to be checked by eye. */
export const NAMED: readonly Layout[] = [
  float("e2m1", 2, 1, 1, "finite"),
  { name: "int4", kind: "integer", bits: 4 },
  float("e4m3", 4, 3, 7, "nan"),
  float("e5m2", 5, 2, 15, "ieee"),
  float("fp16", 5, 10, 15, "ieee"),
  float("bf16", 8, 7, 127, "ieee"),
];

/** The encodings that there are, and small ones that nobody uses. */
export const layouts: fc.Arbitrary<Layout> = fc.oneof(
  { weight: 3, arbitrary: oneOfValues(...(NAMED as [Layout, ...Layout[]])) },
  {
    weight: 1,
    arbitrary: fc.record({
      name: fc.constant("supposed"),
      kind: fc.constant("float" as const),
      exponentBits: fc.integer({ min: 1, max: 5 }),
      mantissaBits: fc.integer({ min: 1, max: 4 }),
      bias: fc.integer({ min: -3, max: 16 }),
      top: fc.constantFrom<TopExponent[]>("finite", "nan", "ieee"),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      name: fc.constant("supposed"),
      kind: fc.constant("integer" as const),
      bits: fc.integer({ min: 2, max: 9 }),
    }),
  },
);

/** The encoding that a layout describes: the reference's own where it has one, so that its figures are under test too. */
export const encodingOf = (layout: Layout): Encoding => {
  if (layout.name in ENCODINGS) return ENCODINGS[layout.name as EncodingName];
  const { name } = layout;
  if (layout.kind === "integer") return { kind: "integer", name, bits: supposed(layout.bits) };
  return {
    kind: "float",
    name,
    exponentBits: supposed(layout.exponentBits),
    mantissaBits: supposed(layout.mantissaBits),
    bias: supposed(layout.bias),
    topExponent: supposed(layout.top),
  };
};

/** The bits of a code. */
export const widthOf = (layout: Layout): number =>
  layout.kind === "integer" ? layout.bits : 1 + layout.exponentBits + layout.mantissaBits;
