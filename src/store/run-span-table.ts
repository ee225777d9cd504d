import type { Connection } from "./connection.ts";
import { absent, insertBatch } from "./insert-batch.ts";
import type { RowReading } from "./read-rows.ts";
import type { RunSpanRow } from "./run-rows.ts";

const KEY = ["start_ns", "seq"];
const COLUMNS = ["kind", "worker", "end_ns", "request", "from_worker", "bytes"];

/** Writes the spans of a run. */
export const runSpanRows = (connection: Connection, runId: number) => {
  const batch = insertBatch(connection, "run_spans", ["run_id", ...KEY, ...COLUMNS]);
  let seq = 0;
  return {
    add(row: RunSpanRow): void {
      batch.values.push(
        runId,
        row.startNs,
        seq,
        row.kind,
        row.worker,
        row.endNs,
        absent(row.request),
        absent(row.from),
        row.bytes,
      );
      seq += 1;
      batch.end();
    },
    flush: batch.flush,
  };
};

type Values = readonly [
  startNs: number,
  seq: number,
  kind: RunSpanRow["kind"],
  worker: number,
  endNs: number,
  request: number | null,
  from: number | null,
  bytes: number,
];

/** Reads them by when they began, then in the order in which they were told. */
export const RUN_SPANS: RowReading<RunSpanRow, Values> = {
  table: "run_spans",
  key: KEY,
  columns: COLUMNS,
  row: (values) => ({
    kind: values[2],
    worker: values[3],
    startNs: values[0],
    endNs: values[4],
    request: values[5] ?? -1,
    from: values[6] ?? -1,
    bytes: values[7],
  }),
};
