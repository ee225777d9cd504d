import {
  type Bytes,
  type BytesPerSecond,
  bytes,
  bytesPerSecond,
  type Flops,
  type FlopsPerSecond,
  flops,
  flopsPerSecond,
} from "#base";
import { type Model, peakOf } from "#spec";
import type { Deployment } from "./deployment.ts";
import { kvBytesPerToken, weightBytes } from "./memory.ts";
import { requireNotNegative, requirePositive, requireWhole } from "./require.ts";

/** What a step asks of a worker, and what the worker's GPUs together give. Times, bounds and throughputs are quotients of these. */
export type Demand = {
  readonly work: Flops;
  readonly peak: FlopsPerSecond;
  readonly read: Bytes;
  readonly bandwidth: BytesPerSecond;
};

/** The two lower bounds of a step's time, in seconds and not rounded. */
export type Bounds = { readonly compute: number; readonly memory: number };

/** Multiplying and adding every weight once: the arithmetic of one token, without attention. */
const FLOPS_PER_PARAMETER = 2;

/** The arithmetic of one token: `2 · parameters`, as the document counts it. Attention is not counted. */
export const flopsPerToken = (model: Model): Flops =>
  flops(FLOPS_PER_PARAMETER * model.parameters.value);

/** A step that takes `tokens` tokens through the model and reads `read` bytes from HBM, at a share of the roofline. */
const demand = (
  { gpu, model, weightFormat, tp }: Deployment,
  tokens: number,
  read: number,
  efficiency: number,
): Demand => {
  requireWhole("a degree of tensor parallelism", tp);
  return {
    work: flops(flopsPerToken(model) * tokens),
    peak: flopsPerSecond(peakOf(gpu, weightFormat).value * tp * efficiency),
    read: bytes(read),
    bandwidth: bytesPerSecond(gpu.hbmBandwidth.value * tp * efficiency),
  };
};

/**
 * What a prefill of `newTokens` tokens at once asks for: `2 · parameters · tokens` operations, and the weights once. Earlier KV is not read,
 * and attention not counted. Throws an `InputError`: SPEC-4 when the GPU lacks the weights' format, SPEC-6 when there are no tokens.
 */
export const prefillDemand = (
  deployment: Deployment,
  newTokens: number,
  efficiency: number,
): Demand => {
  requirePositive("the tokens of a prefill", newTokens);
  const { model, weightFormat } = deployment;
  return demand(deployment, newTokens, weightBytes(model, weightFormat), efficiency);
};

/**
 * What a decode step of `batch` requests asks for, which have `kvTokens` tokens of KV between them: `2 · parameters · batch` operations, the
 * weights once, and the KV. Throws an `InputError`: SPEC-4 when the GPU lacks the weights' format, SPEC-6 when there is no batch.
 */
export const decodeDemand = (
  deployment: Deployment,
  batch: number,
  kvTokens: number,
  efficiency: number,
): Demand => {
  requirePositive("the batch of a decode step", batch);
  requireNotNegative("the tokens of KV of a batch", kvTokens);
  const { model, weightFormat, kvFormat, tp } = deployment;
  const kv = kvTokens * kvBytesPerToken(model, kvFormat, tp);
  return demand(deployment, batch, weightBytes(model, weightFormat) + kv, efficiency);
};

const bounds = ({ work, peak, read, bandwidth }: Demand): Bounds => ({
  compute: work / peak,
  memory: read / bandwidth,
});

/**
 * The bounds of a prefill: `2 · parameters · tokens ÷ peak` and `weights ÷ bandwidth`, peak and bandwidth being those of the worker's `tp`
 * GPUs, times `efficiency`. Throws an `InputError` (SPEC-4, SPEC-6).
 */
export const prefillBounds = (deployment: Deployment, newTokens: number, efficiency = 1): Bounds =>
  bounds(prefillDemand(deployment, newTokens, efficiency));

/**
 * The bounds of a decode step: `2 · parameters · batch ÷ peak` and `(weights + KV) ÷ bandwidth`, peak and bandwidth being those of the worker's
 * `tp` GPUs, times `efficiency`. `kvTokens` is what the whole batch has between it. Throws an `InputError` (SPEC-4, SPEC-6).
 */
export const decodeBounds = (
  deployment: Deployment,
  batch: number,
  kvTokens: number,
  efficiency = 1,
): Bounds => bounds(decodeDemand(deployment, batch, kvTokens, efficiency));

/** Which of two bounds, in whatever unit, is the longer; memory when both, as in the document's code. */
export const boundBy = ({ compute, memory }: Bounds): "compute" | "memory" =>
  compute > memory ? "compute" : "memory";

/** The longer of two bounds: arithmetic and reading overlap. */
export const longest = ({ compute, memory }: Bounds): number => Math.max(compute, memory);

/**
 * The batch at which the arithmetic of a decode step takes as long as reading the weights, KV aside: `peak · bytes a parameter ÷
 * (2 · bandwidth)`, not rounded. Every larger batch is bound by compute, every smaller one by memory; the model and the degree of tensor
 * parallelism cancel out. It is as many tokens for a prefill. Throws an `InputError` (SPEC-4).
 */
export const crossoverBatch = ({
  gpu,
  weightFormat,
}: Pick<Deployment, "gpu" | "weightFormat">): number =>
  (peakOf(gpu, weightFormat).value * weightFormat.bytesPerValue.value) /
  (FLOPS_PER_PARAMETER * gpu.hbmBandwidth.value);
