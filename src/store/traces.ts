import { canonicalJson, type Issue, type IssueCode, type Json } from "#base";
import type { TraceRequest, TraceSource } from "#trace";
import type { Connection } from "./connection.ts";
import { readRequests } from "./request-rows.ts";
import {
  allTraces,
  fileFrom,
  type StoredTrace,
  traceFrom,
  traceIdOf,
  traceRowOf,
} from "./trace-rows.ts";
import { createTraceWriter, type TraceWriter } from "./trace-writer.ts";
import { unpackU64 } from "./words.ts";

/** Keeps the traces. A name that is not there is an `InputError` STORE-3 with the nearest names. */
export type TraceShelf = {
  /**
   * Starts the import of a trace; `options` is what the importer was told. Throws an `InputError`: STORE-6 for a name that cannot be,
   * STORE-4 for one that is taken, STORE-5 when another process is writing for longer than the store waits.
   */
  importTrace(name: string, options: Json): TraceWriter;
  /** The first trace imported from a file of these bytes, with the same options, by the same importer. */
  findSame(sha256: string, options: Json, importerVersion: number): StoredTrace | undefined;
  /** One trace. */
  trace(name: string): StoredTrace;
  /** All traces, in the order in which they were imported. */
  traces(): readonly StoredTrace[];
  /** One trace's source, with the names and ids that its numbers stand for: 8 bytes a distinct block. */
  source(name: string): TraceSource;
  /** A trace's requests by arrival, then by place in the file. Streams; may be read several times at once. */
  requests(name: string): IterableIterator<TraceRequest>;
  /** The names of a trace's models, by number. */
  models(name: string): readonly string[];
  /**
   * Of each model, and of the requests that name none, the one that fills the most blocks of so many tokens, prompt and output apart and the last token
   * of output left out; the first of several. By model, those without one first.
   */
  largest(name: string, blockTokens: number): readonly LargestInTrace[];
  /** The faults of the rows that were passed over, in the order in which they were found. */
  rejects(name: string): readonly Issue[];
  /** Removes a trace and everything below it, its runs included. */
  removeTrace(name: string): void;
};

const modelsOf = ({ db }: Connection, traceId: number): readonly string[] =>
  db
    .prepare<[number], string>("SELECT name FROM trace_models WHERE trace_id = ? ORDER BY model")
    .pluck()
    .all(traceId);

/** The request of a model that fills the most blocks. */
export type LargestInTrace = {
  /** Its place in the trace. */
  readonly request: number;
  /** −1 for none. */
  readonly model: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
};

/** SQLite takes the other columns from the row that has the maximum; `seq` makes that one row. */
const LARGEST = `SELECT seq AS request, coalesce(model, -1) AS model, input_tokens AS inputTokens,
    output_tokens AS outputTokens,
    max(((input_tokens + :b - 1) / :b + (max(output_tokens - 1, 0) + :b - 1) / :b) * 4294967296 - seq) AS most
  FROM trace_requests WHERE trace_id = :trace GROUP BY model ORDER BY model`;

const largestOf = (
  connection: Connection,
  name: string,
  blockTokens: number,
): readonly LargestInTrace[] =>
  connection.db
    .prepare<{ b: bigint; trace: number }, LargestInTrace & { readonly most: number }>(LARGEST)
    .all({ b: BigInt(blockTokens), trace: traceIdOf(connection, name) })
    .map(({ most: _, ...largest }) => largest);

const sourceOf = (connection: Connection, name: string): TraceSource => {
  const { db } = connection;
  const row = traceRowOf(connection, name);
  const below = <T>(sql: string): readonly T[] =>
    db.prepare<[number], T>(sql).pluck().all(row.trace_id);
  return {
    ...fileFrom(row),
    models: modelsOf(connection, row.trace_id),
    sessions: below("SELECT name FROM trace_sessions WHERE trace_id = ? ORDER BY session"),
    blockIds: unpackU64(below("SELECT ids FROM trace_block_ids WHERE trace_id = ? ORDER BY chunk")),
  };
};

type RejectRow = {
  readonly code: string;
  readonly message: string;
  readonly file: string | null;
  readonly line: number | null;
  readonly column: number | null;
};

const issueFrom = ({ code, message, file, line, column }: RejectRow): Issue => ({
  code: code as IssueCode,
  message,
  ...(file !== null && { file }),
  ...(line !== null && { line }),
  ...(column !== null && { column }),
});

const rejectsOf = (connection: Connection, name: string): readonly Issue[] =>
  connection.db
    .prepare<[number], RejectRow>("SELECT * FROM trace_rejects WHERE trace_id = ? ORDER BY seq")
    .all(traceIdOf(connection, name))
    .map(issueFrom);

/** The shelf of traces of a database. */
export const traceShelf = (connection: Connection): TraceShelf => {
  const { db, read, write } = connection;
  return {
    importTrace: (name, options) => createTraceWriter(connection, name, options),
    findSame: (sha256, options, importerVersion) =>
      read(() => {
        const name = db
          .prepare<[string, string, number], string>(
            `SELECT name FROM traces WHERE sha256 = ? AND options_json = ? AND importer_version = ?
              ORDER BY trace_id LIMIT 1`,
          )
          .pluck()
          .get(sha256, canonicalJson(options), importerVersion);
        return name === undefined ? undefined : traceFrom(traceRowOf(connection, name));
      }),
    trace: (name) => read(() => traceFrom(traceRowOf(connection, name))),
    traces: () => read(() => allTraces(connection)),
    source: (name) => read(() => sourceOf(connection, name)),
    requests: (name) => {
      const { trace_id, requests } = read(() => traceRowOf(connection, name));
      return readRequests(connection, trace_id, requests);
    },
    models: (name) => read(() => modelsOf(connection, traceIdOf(connection, name))),
    largest: (name, blockTokens) => read(() => largestOf(connection, name, blockTokens)),
    rejects: (name) => read(() => rejectsOf(connection, name)),
    removeTrace: (name) =>
      write(() => {
        db.prepare("DELETE FROM traces WHERE trace_id = ?").run(traceIdOf(connection, name));
      }),
  };
};
