import { InputError } from "#base";
import { findFormat, type Gpu, type PrecisionChoice } from "#spec";
import { configureLayer } from "./layer.ts";

/** What one precision has over another, in time. A speedup is the other's time over its own. */
export type Speedup = {
  /** Of each matrix product where arithmetic alone counts: the quotient of the two peaks. */
  readonly qk: number;
  readonly pv: number;
  readonly linear: number;
  /** Of the linear layers at the batch: each is as slow as the slower of its arithmetic and the reading of its weights. */
  readonly effective: number;
  /** Which of the two bounds the linear layers in this precision; memory in a tie. */
  readonly boundBy: "compute" | "memory";
};

/** The two bounds on the time that one parameter of a linear layer takes, in seconds. */
const linearSeconds = (gpu: Gpu, batch: number, choice: PrecisionChoice) => {
  const layer = configureLayer(gpu, choice);
  const { bytesPerValue } = findFormat(layer.precision.linear.weights.value);
  const compute = (2 * batch) / layer.linear.value;
  const memory = bytesPerValue.value / gpu.hbmBandwidth.value;
  return { layer, compute, memory, longer: Math.max(compute, memory) };
};

/**
 * How much faster a GPU runs a layer in one precision than in another, for `batch` tokens at once: 2 operations a token and one read of its bytes for
 * every parameter. Not rounded; attention's reading of KV is not part of it. Throws an `InputError`: SPEC-1 and SPEC-4 as `configureLayer`,
 * SPEC-6 unless the batch is above 0 and below 2^53.
 */
export const speedup = (
  gpu: Gpu,
  batch: number,
  choice: PrecisionChoice,
  against: PrecisionChoice,
): Speedup => {
  if (!(batch > 0 && batch <= Number.MAX_SAFE_INTEGER)) {
    const message = `a batch must be above 0 and below 2^53, found ${batch}`;
    throw new InputError([{ code: "SPEC-6", message }]);
  }
  const own = linearSeconds(gpu, batch, choice);
  const other = linearSeconds(gpu, batch, against);
  return {
    qk: own.layer.qk.value / other.layer.qk.value,
    pv: own.layer.pv.value / other.layer.pv.value,
    linear: own.layer.linear.value / other.layer.linear.value,
    effective: other.longer / own.longer,
    boundBy: own.compute > own.memory ? "compute" : "memory",
  };
};
