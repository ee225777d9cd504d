import { checkTp, type Distance, hops, linkAt, peakOf } from "#spec";
import { type CalibrationName, calibrate } from "./calibration.ts";
import type { Deployment } from "./deployment.ts";
import { blockBytes, blocksPerWorker, kvBytesPerToken, weightBytes } from "./memory.ts";
import { flopsPerToken } from "./roofline.ts";

/** What a run's costs are worked out from, once. */
export type CostSettings = Deployment & {
  readonly blockTokens: number;
  readonly calibration: CalibrationName;
  /** Whole nanoseconds that every step takes beside its roofline; none when left out. */
  readonly stepOverheadNs?: number | undefined;
};

/**
 * The closed forms of one deployment, for a hot loop: plain numbers, whole nanoseconds, equal to `prefillTime`, `decodeStepTime` and
 * `transferTime` to the nanosecond. Arguments are not checked.
 */
export type Costs = {
  readonly blockTokens: number;
  /** One block, all shards together. */
  readonly blockBytes: number;
  readonly blocksPerWorker: number;
  /** Prefilling `newTokens` tokens, 1 or more, at once. */
  prefillNs(newTokens: number): number;
  /** One decode step of `batch` requests, 1 or more, with `kvTokens` tokens of KV between them. */
  decodeStepNs(batch: number, kvTokens: number): number;
  /**
   * One step that prefills `newTokens` tokens and decodes one for each of `batch` requests beside them, not both 0: the arithmetic of both, against
   * one reading of the weights and the batch's KV. Equal to `prefillNs` and `decodeStepNs`, plus the step's overhead, where one of the two is 0.
   */
  stepNs(newTokens: number, batch: number, kvTokens: number): number;
  /**
   * When step `steps` of a stretch of decoding has ended, from its begin: `batch` requests that have `kvTokens` tokens of KV between them before the
   * first step, and each one more after every step. The sum of the steps' times before rounding, rounded up once; for one step it is `stepNs`.
   */
  phaseNs(batch: number, kvTokens: number, steps: number): number;
  /** Fetching `blocks` blocks together from a worker at a distance, each shard from its namesake. */
  fetchNs(distance: Distance, blocks: number): number;
};

/** For each distance, what `fetchNs` needs: nothing lies between a worker and itself. */
const wires = ({ profile }: CostSettings) =>
  ([0, 1, 2, 3] as const).map((far) => ({
    latencyNs: hops(profile, far) * profile.hopLatency.value,
    bytesPerSecond: far === 0 ? Number.POSITIVE_INFINITY : linkAt(profile, far).rate.value,
  }));

/**
 * Works out a deployment's costs. Throws an `InputError`: SPEC-2 when the model leaves no room for a block of KV, SPEC-3 when the TP
 * degree does not divide a domain, SPEC-4 when the GPU lacks the weights' format, SPEC-5 when the calibration beats the roofline or
 * states nothing for the GPU.
 */
export const createCosts = (settings: CostSettings): Costs => {
  const { profile, gpu, model, weightFormat, kvFormat, tp, blockTokens } = settings;
  checkTp(profile, tp);
  // The operands are grouped as in the closed forms, so that rounding falls on the same side in the last place.
  const peak = peakOf(gpu, weightFormat).value * tp;
  const bandwidth = gpu.hbmBandwidth.value * tp;
  const efficiency = calibrate(profile, gpu.name, settings.calibration);
  const [prefillPeak, decodePeak] = [peak * efficiency.prefill, peak * efficiency.decode];
  const decodeBandwidth = bandwidth * efficiency.decode;
  const tokenFlops: number = flopsPerToken(model);
  const weights: number = weightBytes(model, weightFormat);
  const kvPerToken: number = kvBytesPerToken(model, kvFormat, tp);
  const oneBlock: number = blockBytes(model, kvFormat, blockTokens, tp);
  const prefillFloorNs = Math.ceil((weights / (bandwidth * efficiency.prefill)) * 1e9);
  const byDistance = wires(settings);
  const { stepOverheadNs = 0 } = settings;
  const decodeNs = (batch: number, kvTokens: number): number =>
    Math.max(
      Math.ceil(((tokenFlops * batch) / decodePeak) * 1e9),
      Math.ceil(((weights + kvTokens * kvPerToken) / decodeBandwidth) * 1e9),
    );

  return Object.freeze({
    blockTokens,
    blockBytes: oneBlock,
    blocksPerWorker: blocksPerWorker(settings, blockTokens),
    prefillNs: (newTokens: number): number =>
      Math.max(Math.ceil(((tokenFlops * newTokens) / prefillPeak) * 1e9), prefillFloorNs),
    decodeStepNs: decodeNs,
    stepNs(newTokens: number, batch: number, kvTokens: number): number {
      if (newTokens === 0) return stepOverheadNs + decodeNs(batch, kvTokens);
      const compute = (tokenFlops * newTokens) / prefillPeak + (tokenFlops * batch) / decodePeak;
      // Never less than the prefill by itself, which may be reckoned to read more slowly than a decode step.
      const memoryNs =
        batch === 0 ? 0 : Math.ceil(((weights + kvTokens * kvPerToken) / decodeBandwidth) * 1e9);
      return stepOverheadNs + Math.max(Math.ceil(compute * 1e9), memoryNs, prefillFloorNs);
    },
    phaseNs(batch: number, kvTokens: number, steps: number): number {
      const compute = (tokenFlops * batch) / decodePeak;
      const first = (weights + kvTokens * kvPerToken) / decodeBandwidth;
      const more = (batch * kvPerToken) / decodeBandwidth;
      // Memory overtakes arithmetic once, because the KV only grows: from then on the sum is that of an arithmetic progression.
      const bound = Math.min(steps, Math.max(0, Math.ceil((compute - first) / more)));
      const rest = steps - bound;
      const seconds = bound * compute + rest * first + ((bound + steps - 1) * rest * more) / 2;
      return steps * stepOverheadNs + Math.ceil(seconds * 1e9);
    },
    fetchNs(distance: Distance, blocks: number): number {
      const { latencyNs, bytesPerSecond } = byDistance[distance] as (typeof byDistance)[number];
      return latencyNs + Math.ceil((Math.ceil((blocks * oneBlock) / tp) / bytesPerSecond) * 1e9);
    },
  });
};
