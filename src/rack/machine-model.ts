import { createBlockDirectory, DirectoryModel } from "./directory/index.ts";
import { executeModelWith, planTransfers } from "./express/index.ts";
import { Fleet } from "./fleet.ts";
import { FLEET_PARTS } from "./fleet-parts.ts";
import { GangsModel } from "./gang/index.ts";
import type { MachineParts } from "./machine-contract.ts";
import { BlockPool, PoolModel } from "./pool/index.ts";
import {
  chooseWorker,
  createRouter,
  type Policy,
  type Router,
  type RouterArrays,
  type RouterView,
} from "./router/index.ts";
import { SwitchTier, TierModel } from "./tier/index.ts";
import { BlockTransfers, TransferModel } from "./transfer/index.ts";

/** The reference: every part in its fast version. */
export const fastParts = (policy: Policy, seed: number): MachineParts => ({
  ...FLEET_PARTS,
  createFleet: (...given) => new Fleet(...given),
  createPool: (capacity, events) => new BlockPool(capacity, events),
  createDirectory: createBlockDirectory,
  createTier: (shape) => new SwitchTier(shape),
  createTransfers: (shape) => new BlockTransfers(shape),
  router: createRouter(policy, seed),
});

/**
 * The same rack of models: every part in the version that is obviously right. Plans are made by the same planner, because the model of planning
 * knows when a plan is over and not who sends what; they are carried out byte by byte, so that weights must be a handful of bytes and
 * rates whole.
 */
export const modelParts = (policy: Policy, seed: number): MachineParts => ({
  ...FLEET_PARTS,
  createFleet: (...given) => new Fleet(...given),
  createGangs: (shape, events) => new GangsModel(shape, events),
  createPool: (capacity, events) => new PoolModel(capacity, events),
  createDirectory: (shape) => new DirectoryModel(shape),
  createTier: (shape) => new TierModel(shape),
  createTransfers: (shape) => new TransferModel(shape),
  router: modelRouter(policy, seed),
  execute: executeModelWith(planTransfers),
});

const modelRouter =
  (policy: Policy, seed: number): Router =>
  (arrays) => {
    const decision = chooseWorker(policy, seed, viewOf(arrays));
    return decision.kind === "chosen" ? decision.worker : -1;
  };

const viewOf = ({ live, promptBlocks, number, ...arrays }: RouterArrays): RouterView => ({
  candidates: Array.from(live, (isLive, worker) => ({
    worker,
    overlapBlocks: arrays.overlapBlocks[worker] as number,
    distance: arrays.distances[worker] as number,
    loadBlocks: arrays.loadBlocks[worker] as number,
    activeRequests: arrays.activeRequests[worker] as number,
    live: isLive === 1,
  })),
  promptBlocks,
  number,
});
