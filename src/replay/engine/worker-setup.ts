import type { Costs } from "#cost";
import type { ServingWorker } from "#rack";

/** What the engine's worker is made with. */
export type EngineWorkerSetup = {
  readonly serving: ServingWorker;
  /** Its place in the options. */
  readonly deployment: number;
  readonly costs: Costs;
  /** Whether a stretch in which the batch does not change is one leap; else every step is looked at, which comes to the same. */
  readonly isLeaping: boolean;
  /** Whether a leap ends where a cached block must go: for a directory that hears late, the instant counts. */
  readonly isExactlyEvicting: boolean;
};
