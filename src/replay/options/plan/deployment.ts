import { InputError } from "#base";
import {
  type CalibrationName,
  type CostSettings,
  type Costs,
  createCosts,
  weightBytes,
} from "#cost";
import {
  findFormat,
  findGpu,
  findModel,
  type Model,
  type NumberFormat,
  type Reference,
} from "#spec";
import type { DeploymentOptions } from "../deployment-options.ts";
import type { Findings } from "./findings.ts";

/** How a deployment is called in a sentence: by its place in the options. */
export const called = (place: number): string => `deploy[${place}]`;

/** The kind of KV that a deployment's workers keep: only workers of one kind can read each other's blocks. `llama-70b/fp8/fp8/tp2`. */
export const kindOf = (given: DeploymentOptions): string =>
  `${given.model}/${given.weight_format}/${given.kv_format}/tp${given.tp}`;

/** What follows from a deployment by itself. */
export type DeploymentCosts = {
  readonly model: Model;
  readonly weightFormat: NumberFormat;
  readonly kvFormat: NumberFormat;
  readonly costs: Costs;
  /** The same at efficiency 1 and without overhead: nothing is faster. */
  readonly roofline: Costs;
  /** Blocks of one worker. */
  readonly capacityBlocks: number;
  /** All shards of the weights, each rounded up to a byte. */
  readonly weightBytes: number;
  /** What all GPUs of a worker have for weights and KV together. */
  readonly roomBytes: number;
};

/** A deployment that has been checked, and what follows from it. */
export type PlannedDeployment = DeploymentCosts & {
  /** Its place in the options. */
  readonly place: number;
  readonly options: DeploymentOptions;
  /** The kind of KV: `llama-70b/fp8/fp8/tp2`. */
  readonly kind: string;
  readonly tp: number;
  /** Workers of its own; 0 when it is served by swapping. */
  readonly replicas: number;
  /** The place of the deployment that does the other half of its requests; −1 when it does whole ones. */
  readonly partner: number;
};

/** What costs depend on besides the deployment. */
export type CostFacts = {
  readonly reference: Reference;
  readonly blockTokens: number;
  readonly calibration: CalibrationName;
  readonly stepOverheadNs: number;
};

const capacityOf = (most: number, wanted: number | null): number => {
  if (wanted === null || wanted <= most) return wanted ?? most;
  const message = `capacity_blocks must be at most ${most}, which is what weights and workspace leave of the HBM, found ${wanted}`;
  throw new InputError([{ code: "REPLAY-2", message }]);
};

/** Works out what follows from a deployment by itself; nothing when something is wrong with it, which is then among the findings. */
export const costsOf = (
  given: DeploymentOptions,
  place: number,
  { reference, blockTokens, calibration, stepOverheadNs }: CostFacts,
  findings: Findings,
): DeploymentCosts | undefined => {
  const { profile, models, formats } = reference;
  const here = called(place);
  const gpu = findings.gather(() => findGpu(profile, profile.rackGpu), here);
  const model = findings.gather(() => findModel(given.model, models), here);
  const weightFormat = findings.gather(() => findFormat(given.weight_format, formats), here);
  const kvFormat = findings.gather(() => findFormat(given.kv_format, formats), here);
  if (!(gpu && model && weightFormat && kvFormat)) return undefined;
  const { tp } = given;
  const bare = { profile, gpu, model, weightFormat, kvFormat, tp, blockTokens };
  const settings: CostSettings = { ...bare, calibration, stepOverheadNs };
  return findings.gather(() => {
    const roofline = createCosts({ ...bare, calibration: "roofline" });
    const costs = createCosts(settings);
    return {
      model,
      weightFormat,
      kvFormat,
      costs,
      roofline,
      capacityBlocks: capacityOf(costs.blocksPerWorker, given.capacity_blocks),
      weightBytes: Math.ceil(weightBytes(model, weightFormat) / tp) * tp,
      roomBytes: (gpu.hbm.value - profile.workspace.value) * tp,
    };
  }, here);
};
