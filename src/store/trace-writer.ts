import { assert, canonicalJson, InputError, type Issue, type Json, shown } from "#base";
import type { TraceRequest, TraceSource } from "#trace";
import type { Connection } from "./connection.ts";
import { fault } from "./faults.ts";
import { beginLongWrite } from "./long-write.ts";
import { type RequestRows, requestRows } from "./request-rows.ts";
import { type StoredTrace, traceFrom, traceRowOf } from "./trace-rows.ts";
import { packU64 } from "./words.ts";

/**
 * Takes a trace that is being read. Nothing of it can be seen before `finish`, and nothing of it is left after `abandon`, after an exception of
 * any method, or when the process dies. The next import, or any other writing through this store, must wait for either.
 */
export type TraceWriter = {
  /** Takes the next request in the order of the file. Its `blocks` must not change before `finish`. */
  request(request: TraceRequest): void;
  /** Keeps the fault of a row that was passed over. */
  reject(issue: Issue): void;
  /**
   * Puts the requests in order of arrival, then of place in the file, and makes the trace visible. Throws an `InputError` TRACE-11 when there was
   * no request; a `SpecViolation` when a request has a number that the source has no name for.
   */
  finish(source: TraceSource): StoredTrace;
  /** Drops everything. Harmless when there is nothing to drop any more. */
  abandon(): void;
};

/** Names of at most so many UTF-16 code units fit a line of a report. */
const NAME_MAX = 200;
/** Block ids a row: 512 KiB. */
const CHUNK = 65_536;

const checkName = ({ db, path }: Connection, name: string): void => {
  if (name.length === 0 || name.length > NAME_MAX || /[\p{Cc}\p{Cs}\u2028\u2029]/u.test(name)) {
    const must = `a name must be 1 to ${NAME_MAX} characters long and have no control character`;
    throw fault("STORE-6", `${must}, found ${shown(name)}`, path);
  }
  const taken = db.prepare<[string], string>("SELECT file FROM traces WHERE name = ?").pluck();
  const file = taken.get(name);
  if (file === undefined) return;
  const must = `the name ${shown(name)} must be free`;
  const todo = "choose another name or remove that trace";
  throw fault("STORE-4", `${must}, found a trace of it from ${shown(file)}: ${todo}`, path);
};

/** The largest number of each kind that a request has named; −1 for none. */
type Largest = { block: number; session: number; model: number };

const largestBlock = (blocks: Uint32Array, atLeast: number): number => {
  let largest = atLeast;
  for (let at = 0; at < blocks.length; at += 1) {
    const block = blocks[at] as number;
    if (block > largest) largest = block;
  }
  return largest;
};

const checkNumbers = (largest: Largest, { blockIds, sessions, models }: TraceSource): void => {
  assert(largest.block < blockIds.length, "every block has an id in the source", largest.block);
  assert(largest.session < sessions.length, "every session has a name", largest.session);
  assert(largest.model < models.length, "every model has a name", largest.model);
};

const insertNames = ({ db }: Connection, traceId: number, source: TraceSource): void => {
  const model = db.prepare("INSERT INTO trace_models VALUES (?, ?, ?)");
  for (const [number, name] of source.models.entries()) model.run(traceId, number, name);
  const session = db.prepare("INSERT INTO trace_sessions VALUES (?, ?, ?)");
  for (const [number, name] of source.sessions.entries()) session.run(traceId, number, name);
  const ids = db.prepare("INSERT INTO trace_block_ids VALUES (?, ?, ?)");
  for (let from = 0; from < source.blockIds.length; from += CHUNK) {
    ids.run(traceId, from / CHUNK, packU64(source.blockIds.subarray(from, from + CHUNK)));
  }
};

/** Moves the rows of one number to another, where they stand in order of arrival. SQLite sorts on disk, so memory stays flat. */
const reorder = ({ db }: Connection, from: number, to: number): void => {
  db.prepare(
    `INSERT INTO trace_requests
      SELECT ?, row_number() OVER (ORDER BY arrival_ns, seq) - 1, arrival_ns, input_tokens,
        output_tokens, session, turn, delay_ns, priority, model, failed, extra_json, blocks
      FROM trace_requests WHERE trace_id = ? ORDER BY arrival_ns, seq`,
  ).run(to, from);
  db.prepare("DELETE FROM trace_requests WHERE trace_id = ?").run(from);
  db.prepare("UPDATE trace_rejects SET trace_id = ? WHERE trace_id = ?").run(to, from);
};

type Named = { readonly name: string; readonly options: Json };

const insertTrace = (
  { db }: Connection,
  traceId: number,
  { name, options }: Named,
  source: TraceSource,
  counts: { readonly requests: number; readonly outOfOrder: number },
): void => {
  db.prepare(
    `INSERT INTO traces (trace_id, name, file, sha256, size_bytes, compressed, format, because,
      conventions_json, options_json, origin, importer_version, requests, out_of_order)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  ).run(
    traceId,
    name,
    source.file,
    source.sha256,
    source.sizeBytes,
    Number(source.compressed),
    source.format,
    source.because,
    canonicalJson(source.conventions),
    canonicalJson(options),
    source.origin,
    source.importerVersion,
    counts.requests,
    counts.outOfOrder,
  );
};

/** Everything of an import between its BEGIN and its COMMIT. */
const importSteps = (connection: Connection, named: Named, traceId: number) => {
  const { db } = connection;
  const rows: RequestRows = requestRows(connection, traceId);
  const insertReject = db.prepare("INSERT INTO trace_rejects VALUES (?, ?, ?, ?, ?, ?, ?)");
  const largest: Largest = { block: -1, session: -1, model: -1 };
  let rejects = 0;
  let latestNs = 0;
  let outOfOrder = 0;
  return {
    request(request: TraceRequest): void {
      if (request.arrivalNs < latestNs) outOfOrder += 1;
      else latestNs = request.arrivalNs;
      largest.block = largestBlock(request.blocks, largest.block);
      if (request.session > largest.session) largest.session = request.session;
      if (request.model > largest.model) largest.model = request.model;
      rows.add(request);
    },
    reject({ code, message, file, line, column }: Issue): void {
      insertReject.run(traceId, rejects, code, message, file ?? null, line ?? null, column ?? null);
      rejects += 1;
    },
    finish(source: TraceSource): void {
      rows.flush();
      const requests = rows.count();
      if (requests === 0) {
        const message = `a trace must have at least one request, found 0 and ${rejects} faults`;
        throw new InputError([{ code: "TRACE-11", message, file: source.file }]);
      }
      checkNumbers(largest, source);
      const isInOrder = outOfOrder === 0;
      const finalId = isInOrder ? traceId : traceId + 1;
      if (!isInOrder) reorder(connection, traceId, finalId);
      insertNames(connection, finalId, source);
      insertTrace(connection, finalId, named, source, { requests, outOfOrder });
    },
  };
};

/** Above every number that a trace has had, so that a reader of a removed trace never meets another's rows. */
const nextTraceId = ({ db }: Connection): number =>
  1 +
  (db.prepare<[], number>("SELECT seq FROM sqlite_sequence WHERE name = 'traces'").pluck().get() ??
    0);

/** Starts an import. Throws an `InputError`: STORE-6 for a name that cannot be, STORE-4 for one that is taken. */
export const createTraceWriter = (
  connection: Connection,
  name: string,
  options: Json,
): TraceWriter => {
  const { step, finish, drop } = beginLongWrite(connection, "an import");
  const steps = step(() => {
    checkName(connection, name);
    return importSteps(connection, { name, options }, nextTraceId(connection));
  }, undefined);
  return {
    request: (request) => step(steps.request, request),
    reject: (issue) => step(steps.reject, issue),
    finish(source) {
      finish(steps.finish, source);
      return connection.read(() => traceFrom(traceRowOf(connection, name)));
    },
    abandon: drop,
  };
};
