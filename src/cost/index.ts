export {
  CALIBRATIONS,
  type CalibrationName,
  calibrate,
  type Efficiency,
  endToEndDeployment,
} from "./calibration.ts";
export { type CostSettings, type Costs, createCosts } from "./costs.ts";
export type { Deployment } from "./deployment.ts";
export { blockBytes, blocksPerWorker, kvBudget, kvBytesPerToken, weightBytes } from "./memory.ts";
export { decodeStepTime, prefillTime, type StepTime } from "./step-time.ts";
export { type TransferTime, transferTime } from "./transfer-time.ts";
