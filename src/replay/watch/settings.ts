import type { Costs } from "#cost";
import type { Fabric } from "#rack";
import type { Census } from "../engine/census.ts";
import type { Scheduling } from "../engine/scheduler.ts";
import type { EngineWorker } from "../engine/worker.ts";
import type { OnViolation } from "./counts.ts";

/** What a watch goes by. */
export type WatchSettings = Omit<Scheduling, "preemption"> & {
  readonly onViolation: OnViolation;
  readonly gpusPerDomain: number;
  /** A worker's costs at efficiency 1 and without overhead: nothing is faster. */
  readonly rooflineOf: (worker: EngineWorker) => Costs;
  /** How many blocks of a worker are kept empty for weights that are on their way. None when left out. */
  readonly keptOf?: ((worker: number) => number) | undefined;
  /** Events between two full audits, and before the first; 50,000 and 1,000 when left out. */
  readonly auditEvery?: number | undefined;
};

/** What is watched: the engine's own counts, and its parts. */
export type WatchedRun = {
  readonly engine: {
    readonly census: Pick<Census, "counts" | "open">;
    readonly tally: {
      readonly total: number;
      readonly completed: number;
      readonly failed: number;
      readonly cancelled: number;
    };
  };
  /** By the number of its first GPU. */
  readonly workers: readonly (EngineWorker | undefined)[];
  readonly fabric: Pick<Fabric, "audit" | "ledger">;
};
