import type { Connection } from "./connection.ts";
import { insertBatch } from "./insert-batch.ts";
import type { RowReading } from "./read-rows.ts";
import type { RunSeriesRow } from "./run-rows.ts";

const KEY = ["at_ns", "worker"];
const COLUMNS = [
  "waiting",
  "running",
  "held_blocks",
  "cached_blocks",
  "free_blocks",
  "busy_ns",
  "prefill_tokens",
  "decode_tokens",
];

/** Writes the series of a run. */
export const runSeriesRows = (connection: Connection, runId: number) => {
  const batch = insertBatch(connection, "run_series", ["run_id", ...KEY, ...COLUMNS]);
  return {
    add(row: RunSeriesRow): void {
      batch.values.push(
        runId,
        row.atNs,
        row.worker,
        row.waiting,
        row.running,
        row.heldBlocks,
        row.cachedBlocks,
        row.freeBlocks,
        row.busyNs,
        row.prefillTokens,
        row.decodeTokens,
      );
      batch.end();
    },
    flush: batch.flush,
  };
};

type Values = readonly [
  atNs: number,
  worker: number,
  waiting: number,
  running: number,
  heldBlocks: number,
  cachedBlocks: number,
  freeBlocks: number,
  busyNs: number,
  prefillTokens: number,
  decodeTokens: number,
];

/** Reads it by instant, then by worker. */
export const RUN_SERIES: RowReading<RunSeriesRow, Values> = {
  table: "run_series",
  key: KEY,
  columns: COLUMNS,
  row: (values) => ({
    atNs: values[0],
    worker: values[1],
    waiting: values[2],
    running: values[3],
    heldBlocks: values[4],
    cachedBlocks: values[5],
    freeBlocks: values[6],
    busyNs: values[7],
    prefillTokens: values[8],
    decodeTokens: values[9],
  }),
};
