import { type Deployment, kvBudget, kvBytesPerToken, memorySavings, weightBytes } from "#cost";
import { findFormat, type LayerPrecision, type NumberFormat, type PrecisionChoice } from "#spec";
import { configureLayer } from "./layer.ts";

/** What runs a model, but for its formats. */
export type RunnerSetup = Omit<Deployment, "weightFormat" | "kvFormat">;

/** What one precision has over another, in memory. A gain is the other's figure over its own, so that 2 is half as large. */
export type MemoryGain = {
  /** Of the whole model; below 0 when it takes more. */
  readonly weightBytesSaved: number;
  readonly weightGain: number;
  /** The KV of one token on the worker. */
  readonly kvBytesPerTokenSaved: number;
  readonly kvGain: number;
  /** Tokens that the worker has room for over those of the other: smaller weights and smaller KV together. */
  readonly roomGain: number;
};

const weightsOf = ({ linear }: LayerPrecision): NumberFormat => findFormat(linear.weights.value);
const kvOf = ({ attention }: LayerPrecision): NumberFormat => findFormat(attention.k.value);

/** The figures of one precision. */
const figures = (setup: RunnerSetup, choice: PrecisionChoice) => {
  const { gpu, model, tp } = setup;
  const { precision } = configureLayer(gpu, choice);
  const weights = weightsOf(precision);
  const kv = kvBytesPerToken(model, kvOf(precision), tp);
  const tokens = kvBudget({ ...setup, weightFormat: weights }) / kv;
  return { weights, bytes: weightBytes(model, weights), kv, tokens };
};

/**
 * What the memory of a worker gains by one precision against another. Not rounded. Throws an `InputError`: SPEC-1 and SPEC-4 as
 * `configureLayer`, SPEC-2 when either leaves no room for KV, SPEC-6 when the degree is no number of GPUs.
 */
export const memoryGain = (
  setup: RunnerSetup,
  choice: PrecisionChoice,
  against: PrecisionChoice,
): MemoryGain => {
  const own = figures(setup, choice);
  const other = figures(setup, against);
  return {
    weightBytesSaved: memorySavings(setup.model, other.weights, own.weights),
    weightGain: other.bytes / own.bytes,
    kvBytesPerTokenSaved: other.kv - own.kv,
    kvGain: other.kv / own.kv,
    roomGain: own.tokens / other.tokens,
  };
};
