import type { Profile } from "#spec";
import type { KvKind } from "./fleet-kinds.ts";

/** Another model on its way to a worker. */
export type FleetSwap = {
  readonly kind: KvKind;
  /** The blocks that the worker will have. */
  readonly capacityBlocks: number;
  /** How many of the blocks that it has stay empty meanwhile: the new weights take their room. */
  readonly blocks: number;
};

/** One worker: its GPUs and what runs on them. The fleet changes it; whoever drives the fleet looks at it. */
export type FleetWorker = {
  /** That of its first GPU. */
  readonly number: number;
  readonly owner: number;
  /** The number of its gang among all that the fleet has placed. */
  readonly gang: number;
  readonly gpus: readonly number[];
  readonly domain: number;
  /** What it serves, or will serve first. */
  kind: KvKind;
  /** The blocks that it has in all, of that kind. */
  capacityBlocks: number;
  /** Whether its first weights are whole. It serves from then on until it ends. */
  isServing: boolean;
  swap: FleetSwap | undefined;
};

/** What lies on each GPU of a worker, or has its room there; together never more than its memory. In bytes. */
export type HbmBudget = {
  readonly hbmBytes: number;
  readonly workspaceBytes: number;
  /** The largest shard of the weights, on their way or there. */
  readonly weightBytes: number;
  /** The largest shard of the weights that are on their way beside them. */
  readonly arrivingBytes: number;
  /** The shards of the blocks that the worker may have now. */
  readonly kvBytes: number;
  /** How many these are. */
  readonly kvBlocks: number;
};

/** What lies on each of a worker's GPUs at this instant. */
export const budgetOf = (
  { kind, capacityBlocks, swap }: Readonly<FleetWorker>,
  profile: Profile,
): HbmBudget => {
  const kvBlocks = capacityBlocks - (swap?.blocks ?? 0);
  return {
    hbmBytes: profile.gpus[profile.rackGpu].hbm.value,
    workspaceBytes: profile.workspace.value,
    weightBytes: shardOf(kind),
    arrivingBytes: swap === undefined ? 0 : shardOf(swap.kind),
    kvBytes: (kvBlocks * kind.blockBytes) / kind.tp,
    kvBlocks,
  };
};

/**
 * How many of a worker's blocks must go, and stay away, for other weights to fit beside its own on every GPU: what its blocks leave over is used
 * first. More than it has when they never fit.
 */
export const blocksInTheWay = (
  { kind, capacityBlocks }: Readonly<FleetWorker>,
  other: KvKind,
): number => {
  const over = kind.budgetBytes - capacityBlocks * kind.blockBytes;
  return Math.max(0, Math.ceil((shardOf(other) * kind.tp - over) / kind.blockBytes));
};

const shardOf = ({ weightBytes, tp }: KvKind): number => Math.ceil(weightBytes / tp);
