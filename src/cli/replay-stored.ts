import type { Json } from "#base";
import {
  type Recorder,
  type ReplayOptions,
  type ReplayResult,
  type ReplayTrace,
  replay,
} from "#replay";
import type { RunFindings, Store, StoredRun } from "#store";
import type { TraceRequest } from "#trace";
import { VERSION } from "./version.ts";

/** A replay and where it is kept. */
export type KeptRun = {
  readonly runId: number;
  readonly trace: string;
  readonly result: ReplayResult;
};

/** What makes a run the run it is. */
export const runInput = (trace: string, options: ReplayOptions) => ({
  trace,
  options: options as unknown as Json,
  seed: options.seed ?? 0,
  version: VERSION,
});

/** Hears how many requests of a trace have been sent. */
type Told = (done: number, total: number) => void;

/** How many requests pass between two tellings. */
const TOLD_EVERY = 1024;

function* telling(
  requests: Iterable<TraceRequest>,
  total: number,
  told: Told,
): Generator<TraceRequest> {
  let done = 0;
  for (const request of requests) {
    if (done % TOLD_EVERY === 0) told(done, total);
    done += 1;
    yield request;
  }
}

/** A stored trace as it is replayed. */
export const replayTraceOf = (
  store: Pick<Store, "trace" | "requests" | "models" | "largest">,
  name: string,
  told?: Told,
): ReplayTrace => {
  const { conventions, distinctBlocks, requests: total } = store.trace(name);
  const requests = store.requests(name);
  return {
    requests: told === undefined ? requests : telling(requests, total, told),
    blockTokens: conventions.blockTokens,
    models: store.models(name),
    distinctBlocks,
    largest: (blockTokens) => store.largest(name, blockTokens),
  };
};

/** What is kept of what a replay found. */
export const findingsOf = (result: ReplayResult): RunFindings => {
  const { digest, requests, invariants, options: _, ...measured } = result;
  const { total, completed, failed } = requests;
  return {
    digest,
    requests: { total, completed, failed },
    summary: { requests, ...measured } as unknown as Json,
    invariants,
  };
};

/** Replays a stored trace and keeps the run, with its rows when they are wanted. The same run again is found to be the same, digest and all. */
export const replayStored = (
  store: Store,
  trace: string,
  options: ReplayOptions,
  hasRows = false,
  told?: Told,
): KeptRun => {
  const input = runInput(trace, options);
  const given = replayTraceOf(store, trace, told);
  if (!hasRows) {
    const result = replay(given, options);
    const { runId } = store.saveRun({ ...input, ...findingsOf(result) });
    return { runId, trace, result };
  }
  const writer = store.beginRun(input);
  try {
    const recorder: Recorder = writer;
    const result = replay(given, options, { recorder });
    const { runId } = writer.commit(findingsOf(result));
    return { runId, trace, result };
  } catch (thrown) {
    writer.abort();
    throw thrown;
  }
};

/** What a kept run found. */
export const resultOf = (run: StoredRun): ReplayResult =>
  ({
    options: run.options,
    ...(run.summary as object),
    digest: run.digest,
    invariants: run.invariants,
  }) as unknown as ReplayResult;
