import {
  assert,
  bytes,
  bytesPerSecond,
  flops,
  flopsPerSecond,
  later,
  type Nanos,
  timeToCompute,
  timeToMove,
} from "#base";
import { peakOf } from "#spec";
import type { Deployment } from "./deployment.ts";
import { kvBytesPerToken, weightBytes } from "./memory.ts";

/** How long a step takes on one worker, and what it is made of. */
export type StepTime = {
  /** The longer of the two: arithmetic and reading overlap. */
  readonly total: Nanos;
  /** Which ceiling the step touches; memory when both. Reports print it: it says what faster hardware would buy. */
  readonly boundBy: "compute" | "memory";
  readonly compute: Nanos;
  readonly memory: Nanos;
};

/** Multiplying and adding every weight once: the arithmetic of one token, without attention. */
const FLOPS_PER_PARAMETER = 2;

/** A step that takes `tokens` tokens through the model and reads `readBytes` from HBM, at a share of the roofline. */
const step = (
  deployment: Deployment,
  tokens: number,
  readBytes: number,
  efficiency: number,
): StepTime => {
  const { gpu, model, weightFormat, tp } = deployment;
  const peak = flopsPerSecond(peakOf(gpu, weightFormat).value * tp * efficiency);
  const bandwidth = bytesPerSecond(gpu.hbmBandwidth.value * tp * efficiency);
  const work = flops(FLOPS_PER_PARAMETER * model.parameters.value * tokens);
  const compute = timeToCompute(work, peak);
  const memory = timeToMove(bytes(readBytes), bandwidth);
  return {
    total: later(compute, memory),
    boundBy: compute > memory ? "compute" : "memory",
    compute,
    memory,
  };
};

/**
 * How long one worker takes to prefill `newTokens` tokens at once, 1 or more: `max(2 · parameters · tokens ÷ peak, weights ÷ bandwidth)`, peak
 * and bandwidth being those of its `tp` GPUs. `efficiency` is the share of the roofline that is reached, 1 for all of it. Each bound rounds
 * up to the nanosecond. Attention, its reads of earlier KV, and the all-reduce are not counted.
 */
export const prefillTime = (
  deployment: Deployment,
  newTokens: number,
  efficiency = 1,
): StepTime => {
  assert(newTokens >= 1, "a prefill has one token or more", newTokens);
  const { model, weightFormat } = deployment;
  return step(deployment, newTokens, weightBytes(model, weightFormat), efficiency);
};

/**
 * How long one worker takes to decode one token for each of `batch` requests, 1 or more, that have `kvTokens` tokens of KV between them:
 * `max(2 · parameters · batch ÷ peak, (weights + KV) ÷ bandwidth)`. `efficiency` and rounding as for a prefill.
 */
export const decodeStepTime = (
  deployment: Deployment,
  batch: number,
  kvTokens: number,
  efficiency = 1,
): StepTime => {
  assert(batch >= 1, "a decode step has one request or more", batch);
  assert(kvTokens >= 0, "a batch has no fewer than 0 tokens of KV", kvTokens);
  const { model, weightFormat, kvFormat } = deployment;
  const kv = kvTokens * kvBytesPerToken(model, kvFormat);
  return step(deployment, batch, weightBytes(model, weightFormat) + kv, efficiency);
};
