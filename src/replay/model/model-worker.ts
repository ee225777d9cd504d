import type { Costs } from "#cost";
import type { Pool } from "#rack";
import type { workers } from "#spec";

/** The GPUs of a worker. */
type Place = ReturnType<typeof workers>[number];

/** One worker of a run. */
export type ModelWorkerSetup = {
  /** That of its first GPU. */
  readonly number: number;
  readonly tp: number;
  /** Workers of one kind can read each other's blocks, and are of one degree; requests of a kind go to them. */
  readonly kind: number;
  /** Whether it prefills what arrives, decodes what others have prefilled, or does both. */
  readonly role: "both" | "prefill" | "decode";
  readonly capacityBlocks: number;
  readonly costs: Costs;
};

/** A stretch of steps that decode one and the same batch: the moment of each is the shared formula's. */
export type ModelPhase = {
  readonly startNs: number;
  readonly size: number;
  readonly kvTokens: number;
  steps: number;
};

/** A worker, as plain as it can be: who is in its batch or its queue is looked up among all requests. */
export type ModelWorker = ModelWorkerSetup & {
  readonly place: Place;
  readonly pool: Pool;
  /**
   * `idle`; in a `step`; at the `boundary` between two; or there with the blocks for the next one taken (`grown`).
   */
  stage: "idle" | "step" | "boundary" | "grown";
  /** When the step under way ends. */
  endNs: number;
  /** The phase that the last step belongs to, unless somebody has joined or left since. */
  phase: ModelPhase | undefined;
  /** Whether everybody of the batch could stay, so that others may come. */
  isOpen: boolean;
  /** Whether anything has happened since it was last scheduled: then an idle worker looks again. */
  isStale: boolean;
};
