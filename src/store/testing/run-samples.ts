import type { RunRecord, RunRequestRow, RunSeriesRow, RunSpanRow } from "../index.ts";

/** A run of the trace `t`, with what differs. */
export const aRun = (other: Partial<RunRecord> = {}): RunRecord => ({
  trace: "t",
  options: { tp: 8, profile: "document" },
  seed: 1,
  version: "0.1.0",
  digest: "12".repeat(32),
  requests: { total: 10, completed: 8, failed: 1 },
  summary: { z_first: 1, a_last: { nested: [null, 0.5] } },
  invariants: [
    {
      id: "RUN-2",
      statement: "the clock never goes back",
      evaluated: 9,
      premise_true: 8,
      violated: 1,
    },
    { id: "RUN-1", statement: "no request is lost", evaluated: 5, premise_true: 0, violated: 0 },
  ],
  ...other,
});

/** A request that came at once, waited 1 ms, had its first token at 3 ms and its eleventh and last at 13 ms. */
export const aRunRequest = (request = 0, other: Partial<RunRequestRow> = {}): RunRequestRow => ({
  request,
  outcome: "completed",
  reason: "",
  deployment: 0,
  worker: 8,
  decodeWorker: 8,
  arrivalNs: 0,
  enqueueNs: 0,
  startNs: 1_000_000,
  firstTokenNs: 3_000_000,
  transferNs: -1,
  transferredNs: -1,
  endNs: 13_000_000,
  inputTokens: 1000,
  outputTokens: 11,
  blocks: 4,
  localBlocks: 1,
  switchBlocks: 0,
  fetchedBlocks: 1,
  fetchedFrom: 3,
  computedTokens: 500,
  preemptions: 0,
  restarts: 0,
  ...other,
});

/** A worker that computed for 15 s, with what differs. */
export const aSeriesRow = (
  atNs: number,
  worker: number,
  other: Partial<RunSeriesRow> = {},
): RunSeriesRow => ({
  atNs,
  worker,
  waiting: 1,
  running: 2,
  heldBlocks: 30,
  cachedBlocks: 20,
  freeBlocks: 50,
  busyNs: 15e9,
  prefillTokens: 500,
  decodeTokens: 100,
  ...other,
});

/** A decode of 1 µs on worker 8, with what differs. */
export const aSpan = (startNs: number, other: Partial<RunSpanRow> = {}): RunSpanRow => ({
  kind: "decode",
  worker: 8,
  startNs,
  endNs: startNs + 1000,
  request: -1,
  from: -1,
  bytes: 0,
  ...other,
});
