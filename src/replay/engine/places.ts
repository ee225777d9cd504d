import type { Live } from "./live.ts";
import type { EngineWorker } from "./worker.ts";

/** Where a request is. Only an engine gives its requests their places, and all of them are its workers. */
export const workerOf = ({ worker }: Live): EngineWorker | undefined =>
  worker as EngineWorker | undefined;

/** Where a request's KV goes; likewise. */
export const targetOf = ({ target }: Live): EngineWorker | undefined =>
  target as EngineWorker | undefined;
