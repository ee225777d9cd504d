import type { Json } from "#base";
import { type ReplayOptions, type ReplayResult, replay } from "#replay";
import type { Store, StoredRun } from "#store";
import { VERSION } from "./version.ts";

/** A replay and where it is kept. */
export type KeptRun = {
  readonly runId: number;
  readonly trace: string;
  readonly result: ReplayResult;
};

/** Replays a stored trace and keeps the run. The same run again is found to be the same, digest and all. */
export const replayStored = (store: Store, trace: string, options: ReplayOptions): KeptRun => {
  const { blockTokens } = store.trace(trace).conventions;
  const result = replay(store.requests(trace), blockTokens, options);
  const { digest, requests, invariants, options: _, ...measured } = result;
  const { runId } = store.saveRun({
    trace,
    options: options as unknown as Json,
    seed: options.seed ?? 0,
    version: VERSION,
    digest,
    requests: {
      total: requests.total,
      completed: requests.completed,
      failed: requests.failed,
    },
    summary: { requests, ...measured } as unknown as Json,
    invariants,
  });
  return { runId, trace, result };
};

/** What a kept run found. */
export const resultOf = (run: StoredRun): ReplayResult =>
  ({
    options: run.options,
    ...(run.summary as object),
    digest: run.digest,
    invariants: run.invariants,
  }) as unknown as ReplayResult;
