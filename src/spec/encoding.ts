import { type Fact, fact, published } from "./fact.ts";

/** The names of the encodings: what the bits of a stored number mean. */
export type EncodingName = "e2m1" | "int4" | "e4m3" | "e5m2" | "fp16" | "bf16";

/**
 * What the largest exponent field means. `finite`: a number like any other. `nan`: numbers too, but for the code with every mantissa bit set, which is
 * NaN. `ieee`: infinity when the mantissa is zero, else NaN.
 */
export type TopExponent = "finite" | "nan" | "ieee";

/** A binary floating-point format: one sign bit, then the exponent, then the mantissa. An exponent field of 0 holds zero and the subnormals. */
export type FloatEncoding = {
  readonly kind: "float";
  readonly name: string;
  readonly exponentBits: Fact<number>;
  /** Without the leading bit, which is not stored. */
  readonly mantissaBits: Fact<number>;
  /** Subtracted from the exponent field. */
  readonly bias: Fact<number>;
  readonly topExponent: Fact<TopExponent>;
};

/** Whole numbers in two's complement: −2^(bits−1) … 2^(bits−1) − 1. */
export type IntegerEncoding = {
  readonly kind: "integer";
  readonly name: string;
  readonly bits: Fact<number>;
};

/** How numbers are stored as codes, which are whole numbers from 0. */
export type Encoding = FloatEncoding | IntegerEncoding;

const float4 = published(
  "https://onnx.ai/onnx/_sources/technical/float4.md.txt, after the OCP Microscaling Formats 1.0: bias 1, no infinity, no NaN, largest S.11.1",
);
const float8 = published(
  "https://arxiv.org/abs/2209.05433, table 1: E4M3 has bias 7 and S.1111.111 alone as NaN, E5M2 has bias 15 and infinities and NaN as in IEEE 754",
);
const half = published(
  "https://thecharlieblake.co.uk/fp16, after IEEE 754 binary16: 5 and 10 bits, bias 15",
);
const brain = published(
  "https://docs.amd.com/r/en-US/68552-AOCL-api-guide/BFloat16-Format: 8 and 7 bits, the exponent of float32, whose bias is 127",
);
const integer = published(
  "https://google.github.io/tensorstore/python/api/tensorstore.int4.html: four bits, two's complement",
);

const float = (
  name: EncodingName,
  source: Fact<unknown>["source"],
  [exponentBits, mantissaBits, bias]: readonly [number, number, number],
  topExponent: TopExponent,
): FloatEncoding =>
  Object.freeze({
    kind: "float",
    name,
    exponentBits: fact(exponentBits, source),
    mantissaBits: fact(mantissaBits, source),
    bias: fact(bias, source),
    topExponent: fact(topExponent, source),
  });

/** Every encoding by its name, narrowest first. */
export const ENCODINGS: Readonly<Record<EncodingName, Encoding>> = Object.freeze({
  e2m1: float("e2m1", float4, [2, 1, 1], "finite"),
  int4: Object.freeze({ kind: "integer", name: "int4", bits: fact(4, integer) }),
  e4m3: float("e4m3", float8, [4, 3, 7], "nan"),
  e5m2: float("e5m2", float8, [5, 2, 15], "ieee"),
  fp16: float("fp16", half, [5, 10, 15], "ieee"),
  bf16: float("bf16", brain, [8, 7, 127], "ieee"),
});

/** The bits of one stored number, its sign included. */
export const bitsOf = (encoding: Encoding): number =>
  encoding.kind === "integer"
    ? encoding.bits.value
    : 1 + encoding.exponentBits.value + encoding.mantissaBits.value;
