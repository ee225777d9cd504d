import type {
  CreateDirectory,
  CreateFabric,
  CreatePlane,
  CreatePool,
  CreateTier,
  FleetParts,
  Router,
} from "#rack";
import type { EngineWorker } from "./engine/worker.ts";

/** The parts of a rack. Given, so that each can be replaced: by its model, by a mutant, by somebody else's. */
export type RackParts = FleetParts & {
  readonly createPool: CreatePool;
  readonly createDirectory: CreateDirectory;
  readonly createPlane: CreatePlane;
  readonly createFabric: CreateFabric;
  readonly createTier: CreateTier;
  readonly router: Router;
};

/** Who watches what lies on which GPUs. */
export type PlacementWatcher = {
  /** A worker, by the number of its first GPU, is given its GPUs. */
  placed(worker: number, gpus: readonly number[]): void;
  /** They are nobody's any more. */
  freed(worker: number): void;
  /** What lies on each GPU of a worker from now on, or has its room there, in bytes. */
  budget(usedBytes: number, hbmBytes: number): void;
};

/** Who has to know that a worker comes or goes. */
export type ServiceEvents = {
  /** A worker serves from now on. */
  opened(worker: EngineWorker, nowNs: number): void;
  /** A worker is about to go, with all its blocks: whoever is there must be sent elsewhere. */
  closing(worker: EngineWorker, nowNs: number): void;
  /** Blocks of a worker are about to be held by somebody else. */
  touching(worker: EngineWorker): void;
  /** The run's clock. */
  nowNs(): number;
  /** Who watches what lies where. */
  readonly placements?: PlacementWatcher;
};
