import { type FlopsPerSecond, InputError, shown } from "#base";
import { bitsOf } from "./encoding.ts";
import { type Fact, fact, inDocument, published, reading, supposed } from "./fact.ts";
import { findFormat } from "./find.ts";
import { type Gpu, peakOf } from "./gpu.ts";
import { encodingOf, type FormatName, type NumberFormat } from "./number-format.ts";

/** The formats that a layer can hand on its results in. */
const OUTPUTS = ["fp16", "fp8"] as const;

/** What the results of a layer are summed up and handed on in. */
type Results = {
  readonly accumulator: Fact<"fp32">;
  readonly output: Fact<(typeof OUTPUTS)[number]>;
};

/** Which formats the operands and the results of a layer's matrix products have. */
export type LayerPrecision = {
  readonly attention: Results & {
    readonly q: Fact<FormatName>;
    readonly k: Fact<FormatName>;
    readonly v: Fact<FormatName>;
  };
  readonly linear: Results & {
    readonly weights: Fact<FormatName>;
    readonly activations: Fact<FormatName>;
  };
};

/** What can be chosen of a layer's precision; the rest is fixed. */
export type PrecisionChoice = {
  readonly weights?: string;
  /** Of keys and values. */
  readonly kv?: string;
  readonly output?: string;
};

const runner = (what: string) => inDocument(`model runner code: ${what}`);

const outputOf = (name: string): Fact<(typeof OUTPUTS)[number]> => {
  const output = OUTPUTS.find((known) => known === name);
  if (output !== undefined) return supposed(output);
  const message = `a layer's output must be one of ${OUTPUTS.join(", ")}, found ${shown(name)}`;
  throw new InputError([{ code: "SPEC-1", message }]);
};

/**
 * A layer's precision, frozen: weights in FP4, keys and values in FP8 and output in FP16 unless chosen otherwise, as in the document; queries and
 * activations in FP8 and accumulation in FP32 always. Throws an `InputError` (SPEC-1) when a format is not known, or not one for output.
 */
export const layerPrecision = (choice: PrecisionChoice = {}): LayerPrecision => {
  const stored = (name: string | undefined, otherwise: FormatName, what: string) =>
    name === undefined ? fact(otherwise, runner(what)) : supposed(findFormat(name).name);
  const fixed = (what: string) => fact<FormatName>("fp8", runner(what));
  const kv = stored(choice.kv, "fp8", "default of the KV format");
  const results: Results = {
    accumulator: fact("fp32", runner("accumulator")),
    output:
      choice.output === undefined
        ? fact("fp16", runner("default of the output format"))
        : outputOf(choice.output),
  };
  return Object.freeze({
    attention: Object.freeze({ q: fixed("queries"), k: kv, v: kv, ...results }),
    linear: Object.freeze({
      weights: stored(choice.weights, "fp4", "default of the weight format"),
      activations: fixed("activations"),
      ...results,
    }),
  });
};

const CUTLASS =
  "https://github.com/NVIDIA/cutlass, media/docs/cpp/blackwell_functionality.md, first table";
const narrowMix = published(
  `${CUTLASS}: f8f6f4 multiplies any mix of 4 and 8 bits at the FP8 rate, and only FP4 with FP4 has twice that`,
);
const widened = reading(
  `sixteen-bit cores take two operands of one format (${CUTLASS}: f16), so what is narrower is widened first`,
);

/** Tensor cores, narrowest first. */
const CORES = ["fp4", "fp8", "fp16"] as const;

/** Of two formats the one that runs on the wider tensor cores; the left one when both run on the same. */
const wider = (left: NumberFormat, right: NumberFormat): NumberFormat =>
  CORES.indexOf(left.computesAs.value) >= CORES.indexOf(right.computesAs.value) ? left : right;

/**
 * The tensor cores that a product of operands in two formats runs on: the wider of those that the two run on alone. FP16 and BF16 do not go
 * together, for neither holds the other's numbers: that throws an `InputError` (SPEC-4).
 */
export const computesTogetherAs = (
  left: NumberFormat,
  right: NumberFormat,
): Fact<(typeof CORES)[number]> => {
  if (left.name === right.name) return left.computesAs;
  if ([left, right].every((format) => bitsOf(encodingOf(format)) === 16)) {
    const message = `two operands of sixteen bits must be in one format, found ${left.name} and ${right.name}`;
    throw new InputError([{ code: "SPEC-4", message }]);
  }
  const cores = wider(left, right).computesAs.value;
  return fact(cores, cores === "fp16" ? widened : narrowMix);
};

/**
 * The peak at which a product of operands in two formats runs, whichever of them are the weights; `peakOf` when they are equal. Throws an
 * `InputError` (SPEC-4) when the GPU lacks one of them or the two do not go together.
 */
export const mixedPeak = (
  gpu: Gpu,
  left: NumberFormat,
  right: NumberFormat,
): Fact<FlopsPerSecond> => {
  const cores = computesTogetherAs(left, right).value;
  const [leftPeak, rightPeak] = [peakOf(gpu, left), peakOf(gpu, right)];
  return left.computesAs.value === cores ? leftPeak : rightPeak;
};
