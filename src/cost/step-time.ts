import { later, type Nanos, timeToCompute, timeToMove } from "#base";
import type { Deployment } from "./deployment.ts";
import { boundBy, type Demand, decodeDemand, prefillDemand } from "./roofline.ts";

/** How long a step takes on one worker, and what it is made of. */
export type StepTime = {
  /** The longer of the two: arithmetic and reading overlap. */
  readonly total: Nanos;
  /** Which ceiling the step touches; memory when both. Reports print it: it says what faster hardware would buy. */
  readonly boundBy: "compute" | "memory";
  readonly compute: Nanos;
  readonly memory: Nanos;
};

const step = ({ work, peak, read, bandwidth }: Demand): StepTime => {
  const compute = timeToCompute(work, peak);
  const memory = timeToMove(read, bandwidth);
  return {
    total: later(compute, memory),
    boundBy: boundBy({ compute, memory }),
    compute,
    memory,
  };
};

/**
 * How long one worker takes to prefill `newTokens` tokens at once: the longer of the `prefillBounds`, each rounded up to the nanosecond. Attention,
 * its reads of earlier KV, and the all-reduce are not counted. Throws an `InputError` (SPEC-4, SPEC-6).
 */
export const prefillTime = (deployment: Deployment, newTokens: number, efficiency = 1): StepTime =>
  step(prefillDemand(deployment, newTokens, efficiency));

/**
 * How long one worker takes to decode one token for each of `batch` requests that have `kvTokens` tokens of KV between them: the longer of the
 * `decodeBounds`, each rounded up to the nanosecond. Throws an `InputError` (SPEC-4, SPEC-6).
 */
export const decodeStepTime = (
  deployment: Deployment,
  batch: number,
  kvTokens: number,
  efficiency = 1,
): StepTime => step(decodeDemand(deployment, batch, kvTokens, efficiency));
