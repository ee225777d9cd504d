import type { Connection } from "./connection.ts";
import { absent, insertBatch } from "./insert-batch.ts";
import type { RowReading } from "./read-rows.ts";
import type { RunRequestRow } from "./run-rows.ts";

const KEY = ["request"];
const COLUMNS = [
  "outcome",
  "reason",
  "deployment",
  "worker",
  "decode_worker",
  "arrival_ns",
  "enqueue_ns",
  "start_ns",
  "first_token_ns",
  "transfer_ns",
  "transferred_ns",
  "end_ns",
  "input_tokens",
  "output_tokens",
  "blocks",
  "local_blocks",
  "switch_blocks",
  "fetched_blocks",
  "fetched_from",
  "computed_tokens",
  "preemptions",
  "restarts",
];

/** Writes the requests of a run. */
export const runRequestRows = (connection: Connection, runId: number) => {
  const batch = insertBatch(connection, "run_requests", ["run_id", ...KEY, ...COLUMNS]);
  return {
    add(row: RunRequestRow): void {
      batch.values.push(
        runId,
        row.request,
        row.outcome,
        row.reason === "" ? null : row.reason,
        absent(row.deployment),
        absent(row.worker),
        absent(row.decodeWorker),
        row.arrivalNs,
        absent(row.enqueueNs),
        absent(row.startNs),
        absent(row.firstTokenNs),
        absent(row.transferNs),
        absent(row.transferredNs),
        row.endNs,
        row.inputTokens,
        row.outputTokens,
        row.blocks,
        row.localBlocks,
        row.switchBlocks,
        row.fetchedBlocks,
        row.fetchedFrom,
        row.computedTokens,
        row.preemptions,
        row.restarts,
      );
      batch.end();
    },
    flush: batch.flush,
  };
};

type Values = readonly [
  request: number,
  outcome: RunRequestRow["outcome"],
  reason: string | null,
  deployment: number | null,
  worker: number | null,
  decodeWorker: number | null,
  arrivalNs: number,
  enqueueNs: number | null,
  startNs: number | null,
  firstTokenNs: number | null,
  transferNs: number | null,
  transferredNs: number | null,
  endNs: number,
  inputTokens: number,
  outputTokens: number,
  blocks: number,
  localBlocks: number,
  switchBlocks: number,
  fetchedBlocks: number,
  fetchedFrom: number,
  computedTokens: number,
  preemptions: number,
  restarts: number,
];

/** Reads them by place in the trace. */
export const RUN_REQUESTS: RowReading<RunRequestRow, Values> = {
  table: "run_requests",
  key: KEY,
  columns: COLUMNS,
  row: (values) => ({
    request: values[0],
    outcome: values[1],
    reason: values[2] ?? "",
    deployment: values[3] ?? -1,
    worker: values[4] ?? -1,
    decodeWorker: values[5] ?? -1,
    arrivalNs: values[6],
    enqueueNs: values[7] ?? -1,
    startNs: values[8] ?? -1,
    firstTokenNs: values[9] ?? -1,
    transferNs: values[10] ?? -1,
    transferredNs: values[11] ?? -1,
    endNs: values[12],
    inputTokens: values[13],
    outputTokens: values[14],
    blocks: values[15],
    localBlocks: values[16],
    switchBlocks: values[17],
    fetchedBlocks: values[18],
    fetchedFrom: values[19],
    computedTokens: values[20],
    preemptions: values[21],
    restarts: values[22],
  }),
};
