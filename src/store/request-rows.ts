import type { Nanos } from "#base";
import type { TraceRequest } from "#trace";
import type { Connection } from "./connection.ts";
import { fault } from "./faults.ts";
import { absent, insertBatch } from "./insert-batch.ts";
import { packU32, unpackU32 } from "./words.ts";

/** How many requests are read at a time: enough to make the crossing cheap, and few enough to hold in memory. */
const PAGE = 256;

const COLUMNS = [
  "arrival_ns",
  "input_tokens",
  "output_tokens",
  "session",
  "turn",
  "delay_ns",
  "priority",
  "model",
  "failed",
  "extra_json",
  "blocks",
];

/** In the order of `COLUMNS`; no blocks come as null, which spares an empty buffer a row. */
type RequestRow = readonly [
  arrivalNs: number,
  inputTokens: number,
  outputTokens: number,
  session: number | null,
  turn: number,
  delayNs: number | null,
  priority: number,
  model: number | null,
  failed: number,
  extra: string | null,
  blocks: Buffer | null,
];

/** Writes the requests of one trace. */
export type RequestRows = {
  /** Keeps `request` until its batch is written: its blocks must not change. */
  add(request: TraceRequest): void;
  /** Writes what is still kept. */
  flush(): void;
  count(): number;
};

const EMPTY = Buffer.alloc(0);

/** Writes requests under a trace's number, in the order in which they come. */
export const requestRows = (connection: Connection, traceId: number): RequestRows => {
  const batch = insertBatch(connection, "trace_requests", ["trace_id", "seq", ...COLUMNS]);
  let seq = 0;
  return {
    add(request) {
      batch.values.push(
        traceId,
        seq,
        request.arrivalNs,
        request.inputTokens,
        request.outputTokens,
        absent(request.session),
        request.turn,
        absent(request.delayNs),
        request.priority,
        absent(request.model),
        request.failed ? 1 : 0,
        request.extra === "" ? null : request.extra,
        request.blocks.length === 0 ? EMPTY : packU32(request.blocks),
      );
      seq += 1;
      batch.end();
    },
    flush: batch.flush,
    count: () => seq,
  };
};

const NO_BLOCKS = new Uint32Array(0);

const requestFrom = (row: RequestRow): TraceRequest => ({
  arrivalNs: row[0] as Nanos,
  inputTokens: row[1],
  outputTokens: row[2],
  blocks: row[10] === null ? NO_BLOCKS : unpackU32(row[10]),
  session: row[3] ?? -1,
  turn: row[4],
  delayNs: row[5] ?? -1,
  priority: row[6],
  model: row[7] ?? -1,
  failed: row[8] === 1,
  extra: row[9] ?? "",
});

/**
 * The requests of a trace by arrival, then by place in the file, a page at a time: between two pages the database is free, and memory holds one
 * page. Throws an `InputError` when the trace is removed meanwhile.
 */
export function* readRequests(
  { db, path, read }: Connection,
  traceId: number,
  count: number,
): Generator<TraceRequest, void, undefined> {
  const columns = COLUMNS.join(", ").replace("blocks", "nullif(blocks, x'')");
  const page = db
    .prepare<[number, number, number], RequestRow>(
      `SELECT ${columns} FROM trace_requests
        WHERE trace_id = ? AND seq >= ? AND seq < ? ORDER BY seq`,
    )
    .raw();
  for (let from = 0; from < count; from += PAGE) {
    const to = Math.min(from + PAGE, count);
    const rows = read(() => page.all(traceId, from, to));
    if (rows.length !== to - from) {
      const must = "a trace must stay in the database while it is read";
      throw fault("STORE-5", `${must}, found that it was removed`, path);
    }
    for (const row of rows) yield requestFrom(row);
  }
}
