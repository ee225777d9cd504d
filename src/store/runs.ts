import { type Json, shown } from "#base";
import type { Connection } from "./connection.ts";
import { fault } from "./faults.ts";
import { readRows } from "./read-rows.ts";
import {
  type KeptAs,
  keep,
  placeOf,
  type RunInput,
  type RunInvariant,
  type RunRecord,
} from "./run-record.ts";
import { RUN_REQUESTS } from "./run-request-table.ts";
import type { RunRequestRow, RunSeriesRow, RunSpanRow } from "./run-rows.ts";
import { RUN_SERIES } from "./run-series-table.ts";
import { RUN_SPANS } from "./run-span-table.ts";
import { createRunWriter, type RunWriter } from "./run-writer.ts";

/** A run as it is kept. Ids count up and are not used again. */
export type StoredRun = RunRecord & { readonly runId: number };

/** How many rows are kept of a run. All 0 when it was kept without. */
export type RunRowCounts = {
  readonly requests: number;
  readonly series: number;
  readonly spans: number;
};

/**
 * Keeps the runs. A run is a function of its trace, options, seed and version, so the second of the same input is `same`: what it measured
 * takes the place of what the first did, and its digest must be the first's, or it is a `SpecViolation`. A trace or a run that is not there is
 * an `InputError` STORE-3.
 */
export type RunShelf = {
  /** Keeps a run without rows. Those that a run of the same input left stay: they are this one's too. */
  saveRun(record: RunRecord): KeptAs;
  /** Starts to keep a run with its rows, which take the place of those that a run of the same input left. */
  beginRun(input: RunInput): RunWriter;
  /** All runs, in the order in which they were first saved. */
  runs(): readonly StoredRun[];
  /** One run. */
  run(runId: number): StoredRun;
  /** How many rows are kept of a run. */
  runRowCounts(runId: number): RunRowCounts;
  /** A run's requests by place in the trace. Streams; may be read several times at once. */
  runRequests(runId: number): IterableIterator<RunRequestRow>;
  /** A run's series by instant, then by worker. Streams likewise. */
  runSeries(runId: number): IterableIterator<RunSeriesRow>;
  /** A run's spans by when they began, then in the order in which they were told. Streams likewise. */
  runSpans(runId: number): IterableIterator<RunSpanRow>;
};

type Row = {
  readonly run_id: number;
  readonly trace: string;
  readonly options_json: string;
  readonly seed: number;
  readonly version: string;
  readonly digest: string;
  readonly requests_total: number;
  readonly requests_completed: number;
  readonly requests_failed: number;
  readonly summary_json: string;
};

const SELECT = `SELECT run_id, name AS trace, r.options_json, seed, version, digest, requests_total,
  requests_completed, requests_failed, summary_json FROM runs r JOIN traces USING (trace_id)`;

const fromRow = ({ db }: Connection, row: Row): StoredRun => ({
  runId: row.run_id,
  trace: row.trace,
  options: JSON.parse(row.options_json) as Json,
  seed: row.seed,
  version: row.version,
  digest: row.digest,
  requests: {
    total: row.requests_total,
    completed: row.requests_completed,
    failed: row.requests_failed,
  },
  summary: JSON.parse(row.summary_json) as Json,
  invariants: db
    .prepare<[number], RunInvariant>(
      `SELECT invariant_id AS id, statement, evaluated, premise_true, violated FROM run_invariants
        WHERE run_id = ? ORDER BY position`,
    )
    .all(row.run_id),
});

const unknownRun = ({ db, path }: Connection, runId: number): Error => {
  const ids = db.prepare<[], number>("SELECT run_id FROM runs ORDER BY run_id").pluck().all();
  const stored = ids.length === 0 ? "no run is stored yet" : `the latest is ${ids.at(-1)}`;
  return fault("STORE-3", `a run must be a stored one, found ${shown(runId)}; ${stored}`, path);
};

const oneRun = (connection: Connection, runId: number): StoredRun => {
  const row = connection.db.prepare<[number], Row>(`${SELECT} WHERE run_id = ?`).get(runId);
  if (row === undefined) throw unknownRun(connection, runId);
  return fromRow(connection, row);
};

const checkThere = (connection: Connection, runId: number): void => {
  const found = connection.db.prepare("SELECT 1 FROM runs WHERE run_id = ?").get(runId);
  if (found === undefined) throw unknownRun(connection, runId);
};

const countRows = ({ db }: Connection, runId: number): RunRowCounts => {
  const count = (table: string): number =>
    db
      .prepare<[number], number>(`SELECT count(*) FROM ${table} WHERE run_id = ?`)
      .pluck()
      .get(runId) ?? 0;
  return {
    requests: count("run_requests"),
    series: count("run_series"),
    spans: count("run_spans"),
  };
};

/** The shelf of runs of a database. */
export const runShelf = (connection: Connection): RunShelf => {
  const { db, read, write } = connection;
  /** Rows of a run that is there. */
  const rowsOf = <Rows>(runId: number, rows: () => Rows): Rows =>
    read(() => {
      checkThere(connection, runId);
      return rows();
    });
  return {
    saveRun: (record) => write(() => keep(connection, placeOf(connection, record), record)),
    beginRun: (input) => createRunWriter(connection, input),
    runs: () =>
      read(() =>
        db
          .prepare<[], Row>(`${SELECT} ORDER BY run_id`)
          .all()
          .map((row) => fromRow(connection, row)),
      ),
    run: (runId) => read(() => oneRun(connection, runId)),
    runRowCounts: (runId) => rowsOf(runId, () => countRows(connection, runId)),
    runRequests: (runId) => rowsOf(runId, () => readRows(connection, runId, RUN_REQUESTS)),
    runSeries: (runId) => rowsOf(runId, () => readRows(connection, runId, RUN_SERIES)),
    runSpans: (runId) => rowsOf(runId, () => readRows(connection, runId, RUN_SPANS)),
  };
};
