import { byNearest, type Json, type Nanos, shown } from "#base";
import type { TraceConventions, TraceFormat, TraceSource } from "#trace";
import type { Connection } from "./connection.ts";
import { fault } from "./faults.ts";

/** Where a trace came from, without what takes a list. */
type TraceFile = Omit<TraceSource, "models" | "sessions" | "blockIds">;

/** A trace as it is listed: its name, where it came from, and how much it is. */
export type StoredTrace = TraceFile & {
  readonly name: string;
  /** What the importer was told, so that the same file read in another way is another trace. */
  readonly options: Json;
  readonly requests: number;
  /** The last arrival. */
  readonly spanNs: Nanos;
  /** Lines that were passed over because of at least one fault. */
  readonly rejectedRows: number;
  /** Requests that arrived before one that stands above them in the file. They are stored where they belong. */
  readonly outOfOrder: number;
  /** How many dense numbers the requests' blocks have: they are all below. */
  readonly distinctBlocks: number;
};

/** A row of `traces`, with what follows from the tables below it. */
type TraceRow = {
  readonly trace_id: number;
  readonly name: string;
  readonly file: string;
  readonly sha256: string;
  readonly size_bytes: number;
  readonly compressed: number;
  readonly format: string;
  readonly because: string;
  readonly conventions_json: string;
  readonly options_json: string;
  readonly origin: string;
  readonly importer_version: number;
  readonly requests: number;
  readonly out_of_order: number;
  readonly span_ns: number;
  readonly rejected_rows: number;
  readonly distinct_blocks: number;
};

/** Selects `TraceRow`s; a condition and an order may follow. */
const SELECT_TRACES = `SELECT t.*,
  (SELECT arrival_ns FROM trace_requests r WHERE r.trace_id = t.trace_id AND seq = requests - 1)
    AS span_ns,
  (SELECT count(DISTINCT line) FROM trace_rejects r WHERE r.trace_id = t.trace_id) AS rejected_rows,
  (SELECT coalesce(sum(length(ids)), 0) / 8 FROM trace_block_ids b WHERE b.trace_id = t.trace_id)
    AS distinct_blocks
FROM traces t`;

/** Where a row's trace came from. Only an import writes rows, so that their texts are what `TraceSource` allows. */
export const fileFrom = (row: TraceRow): TraceFile => ({
  file: row.file,
  sha256: row.sha256,
  sizeBytes: row.size_bytes,
  compressed: row.compressed === 1,
  format: row.format as TraceFormat,
  because: row.because,
  conventions: JSON.parse(row.conventions_json) as TraceConventions,
  origin: row.origin,
  importerVersion: row.importer_version,
});

/** What a row says. */
export const traceFrom = (row: TraceRow): StoredTrace => ({
  name: row.name,
  options: JSON.parse(row.options_json) as Json,
  ...fileFrom(row),
  requests: row.requests,
  spanNs: row.span_ns as Nanos,
  rejectedRows: row.rejected_rows,
  outOfOrder: row.out_of_order,
  distinctBlocks: row.distinct_blocks,
});

/** All traces, in the order in which they were imported. */
export const allTraces = ({ db }: Connection): readonly StoredTrace[] =>
  db.prepare<[], TraceRow>(`${SELECT_TRACES} ORDER BY trace_id`).all().map(traceFrom);

const unknownTrace = ({ db, path }: Connection, name: string): Error => {
  const names = db.prepare<[], string>("SELECT name FROM traces").pluck().all();
  const nearest = byNearest(name, names).slice(0, 3).map(shown);
  const stored = names.length === 0 ? "none is stored yet" : `the nearest: ${nearest.join(", ")}`;
  const must = "a name must be that of a stored trace";
  return fault("STORE-3", `${must}, found ${shown(name)}; ${stored}`, path);
};

/** The row of a trace by name. Throws an `InputError` STORE-3 with the nearest names when there is none. */
export const traceRowOf = (connection: Connection, name: string): TraceRow => {
  const row = connection.db
    .prepare<[string], TraceRow>(`${SELECT_TRACES} WHERE name = ?`)
    .get(name);
  if (row === undefined) throw unknownTrace(connection, name);
  return row;
};

/** The number of a trace by name. Throws as `traceRowOf` does. */
export const traceIdOf = (connection: Connection, name: string): number => {
  const id = connection.db
    .prepare<[string], number>("SELECT trace_id FROM traces WHERE name = ?")
    .pluck()
    .get(name);
  if (id === undefined) throw unknownTrace(connection, name);
  return id;
};
