import { assert, canonicalJson, type Json, shown } from "#base";
import type { Connection } from "./connection.ts";
import { fault } from "./faults.ts";
import { traceIdOf } from "./trace-rows.ts";

/** How an invariant fared over a run. */
export type RunInvariant = {
  readonly id: string;
  readonly statement: string;
  readonly evaluated: number;
  /** Of these, how often its premise was true; at most `evaluated`. */
  readonly premise_true: number;
  /** Of those, how often it was violated; at most `premise_true`. */
  readonly violated: number;
};

/** One replay of a trace: its input, its digest, and what was measured. */
export type RunRecord = {
  /** The trace's name. */
  readonly trace: string;
  readonly options: Json;
  readonly seed: number;
  /** Of the program that ran it. */
  readonly version: string;
  /** Of the run's canonical event stream: SHA-256 in hex. */
  readonly digest: string;
  readonly requests: {
    readonly total: number;
    readonly completed: number;
    readonly failed: number;
  };
  /** What was measured, in the order in which reports print it. */
  readonly summary: Json;
  readonly invariants: readonly RunInvariant[];
};

/** A run as it is kept. Ids count up and are not used again. */
export type StoredRun = RunRecord & { readonly runId: number };

/** Keeps the runs. */
export type RunShelf = {
  /**
   * Keeps a run. A run is a function of its trace, options, seed and version, so the second of the same input is `same`: what it
   * measured takes the place of what the first did, and its digest must be the first's, or it is a `SpecViolation`. An
   * `InputError` STORE-3 when the trace is not there.
   */
  saveRun(record: RunRecord): { readonly kind: "stored" | "same"; readonly runId: number };
  /** All runs, in the order in which they were first saved. */
  runs(): readonly StoredRun[];
  /** One run. An `InputError` STORE-3 when there is none of that id. */
  run(runId: number): StoredRun;
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

/** In its own order, but never with what JSON would lose. */
const inOrder = (value: Json): string => {
  canonicalJson(value);
  return JSON.stringify(value);
};

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

type Known = { readonly run_id: number; readonly digest: string };

/** The run of the same input, if there is one; it must have come to the same. */
const sameRun = ({ db }: Connection, traceId: number, record: RunRecord): Known | undefined => {
  const known = db
    .prepare<[number, string, number, string], Known>(
      `SELECT run_id, digest FROM runs
        WHERE trace_id = ? AND options_json = ? AND seed = ? AND version = ?`,
    )
    .get(traceId, canonicalJson(record.options), record.seed, record.version);
  assert(
    known === undefined || known.digest === record.digest,
    `a run is a function of its trace, options, seed and version: run ${known?.run_id} of the same has the digest ${known?.digest}`,
    record.digest,
  );
  return known;
};

const insertRun = ({ db }: Connection, traceId: number, record: RunRecord): number =>
  Number(
    db
      .prepare(
        `INSERT INTO runs (trace_id, options_json, seed, version, digest, requests_total,
          requests_completed, requests_failed, summary_json) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      )
      .run(
        traceId,
        canonicalJson(record.options),
        record.seed,
        record.version,
        record.digest,
        record.requests.total,
        record.requests.completed,
        record.requests.failed,
        inOrder(record.summary),
      ).lastInsertRowid,
  );

const updateRun = ({ db }: Connection, runId: number, record: RunRecord): void => {
  const { total, completed, failed } = record.requests;
  db.prepare(
    `UPDATE runs SET requests_total = ?, requests_completed = ?, requests_failed = ?,
      summary_json = ? WHERE run_id = ?`,
  ).run(total, completed, failed, inOrder(record.summary), runId);
  db.prepare("DELETE FROM run_invariants WHERE run_id = ?").run(runId);
};

const save = (connection: Connection, record: RunRecord): ReturnType<RunShelf["saveRun"]> => {
  const { db } = connection;
  const traceId = traceIdOf(connection, record.trace);
  const known = sameRun(connection, traceId, record);
  const runId = known?.run_id ?? insertRun(connection, traceId, record);
  if (known !== undefined) updateRun(connection, runId, record);
  const invariant = db.prepare("INSERT INTO run_invariants VALUES (?, ?, ?, ?, ?, ?, ?)");
  for (const [position, item] of record.invariants.entries()) {
    const { id, statement, evaluated, premise_true, violated } = item;
    invariant.run(runId, position, id, statement, evaluated, premise_true, violated);
  }
  return { kind: known === undefined ? "stored" : "same", runId };
};

const unknownRun = ({ db, path }: Connection, runId: number): Error => {
  const ids = db.prepare<[], number>("SELECT run_id FROM runs ORDER BY run_id").pluck().all();
  const stored = ids.length === 0 ? "no run is stored yet" : `the latest is ${ids.at(-1)}`;
  return fault("STORE-3", `a run must be a stored one, found ${shown(runId)}; ${stored}`, path);
};

/** The shelf of runs of a database. */
export const runShelf = (connection: Connection): RunShelf => {
  const { db, read, write } = connection;
  return {
    saveRun: (record) => write(() => save(connection, record)),
    runs: () =>
      read(() =>
        db
          .prepare<[], Row>(`${SELECT} ORDER BY run_id`)
          .all()
          .map((row) => fromRow(connection, row)),
      ),
    run: (runId) =>
      read(() => {
        const row = db.prepare<[number], Row>(`${SELECT} WHERE run_id = ?`).get(runId);
        if (row === undefined) throw unknownRun(connection, runId);
        return fromRow(connection, row);
      }),
  };
};
