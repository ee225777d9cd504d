export {
  allReduceTime,
  hiddenStateBytes,
  ringFactor,
  type Span,
  stepAllReduceTime,
} from "./all-reduce.ts";
export { CALIBRATIONS, type CalibrationName, calibrate, type Efficiency } from "./calibration.ts";
export { type CostSettings, type Costs, createCosts } from "./costs.ts";
export type { Deployment } from "./deployment.ts";
export { type EndToEndRow, endToEndRow, type Moved, type StatedThroughput } from "./end-to-end.ts";
export { endToEndColumn, endToEndDeployment, type Known } from "./end-to-end-deployment.ts";
export {
  blockBytes,
  blocksPerWorker,
  kvBudget,
  kvBytesPerToken,
  memorySavings,
  weightBytes,
} from "./memory.ts";
export { type RackTotals, rackPeak, rackTotals } from "./rack-totals.ts";
export {
  type Bounds,
  boundBy,
  crossoverBatch,
  decodeBounds,
  flopsPerToken,
  longest,
  prefillBounds,
} from "./roofline.ts";
export { batchFits, largestBatch, sessions } from "./sessions.ts";
export { decodeStepTime, prefillTime, type StepTime } from "./step-time.ts";
export { decodeThroughput, prefillThroughput } from "./throughput.ts";
export {
  nvlinkOneWay,
  type TransferSeconds,
  type TransferTime,
  transferSeconds,
  transferTime,
} from "./transfer-time.ts";
