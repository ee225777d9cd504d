import type { RunRequestRow, RunSeriesRow, RunSpanRow } from "#store";
import { csvPieces } from "./csv-table.ts";
import type { Cell } from "./table.ts";

/** The header of each field, in the order of the columns: the compiler sees that none is left out. */
type Headers<Row> = Readonly<Record<keyof Row, string>>;

const REQUEST: Headers<RunRequestRow> = {
  request: "request",
  outcome: "outcome",
  reason: "reason",
  deployment: "deployment",
  worker: "worker",
  decodeWorker: "decode_worker",
  arrivalNs: "arrival_ns",
  enqueueNs: "enqueue_ns",
  startNs: "start_ns",
  firstTokenNs: "first_token_ns",
  transferNs: "transfer_ns",
  transferredNs: "transferred_ns",
  endNs: "end_ns",
  inputTokens: "input_tokens",
  outputTokens: "output_tokens",
  blocks: "blocks",
  localBlocks: "local_blocks",
  switchBlocks: "switch_blocks",
  fetchedBlocks: "fetched_blocks",
  fetchedFrom: "fetched_from",
  computedTokens: "computed_tokens",
  preemptions: "preemptions",
  restarts: "restarts",
};

const SERIES: Headers<RunSeriesRow> = {
  atNs: "at_ns",
  worker: "worker",
  waiting: "waiting",
  running: "running",
  heldBlocks: "held_blocks",
  cachedBlocks: "cached_blocks",
  freeBlocks: "free_blocks",
  busyNs: "busy_ns",
  prefillTokens: "prefill_tokens",
  decodeTokens: "decode_tokens",
};

const SPAN: Headers<RunSpanRow> = {
  kind: "kind",
  worker: "worker",
  startNs: "start_ns",
  endNs: "end_ns",
  request: "request",
  from: "from_worker",
  bytes: "bytes",
};

/** Nothing for what never was, and for nobody. */
const cellOf = (value: string | number): Cell =>
  value === "" || (typeof value === "number" && value < 0) ? null : value;

function* cellsOf<Row extends Readonly<Record<keyof Row, string | number>>>(
  headers: Headers<Row>,
  rows: Iterable<Row>,
): Generator<readonly Cell[], void, undefined> {
  const fields = Object.keys(headers) as (keyof Row)[];
  for (const row of rows) yield fields.map((field) => cellOf(row[field]));
}

const csvOf =
  <Row extends Readonly<Record<keyof Row, string | number>>>(headers: Headers<Row>) =>
  (rows: Iterable<Row>): Generator<string, void, undefined> =>
    csvPieces(Object.values(headers), cellsOf(headers, rows));

/** A run's requests as CSV, a piece of text at a time. What never came to be is an empty field. */
export const runRequestsCsv = csvOf(REQUEST);

/** A run's series as CSV, likewise. */
export const runSeriesCsv = csvOf(SERIES);

/** A run's spans as CSV, likewise. */
export const runSpansCsv = csvOf(SPAN);
