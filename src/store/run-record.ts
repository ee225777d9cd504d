import { assert, canonicalJson, type Json } from "#base";
import type { Connection } from "./connection.ts";
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

/** What a run is a function of. */
export type RunInput = {
  /** The trace's name. */
  readonly trace: string;
  readonly options: Json;
  readonly seed: number;
  /** Of the program that ran it. */
  readonly version: string;
};

/** What a run came to: its digest, and what was measured. */
export type RunFindings = {
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

/** One replay of a trace: its input, its digest, and what was measured. */
export type RunRecord = RunInput & RunFindings;

/** Where a run is kept, and whether one of the same input was there already. */
export type KeptAs = { readonly kind: "stored" | "same"; readonly runId: number };

type Known = { readonly run_id: number; readonly digest: string };

/** The run of the same input, if there is one. */
const knownRun = ({ db }: Connection, traceId: number, input: RunInput): Known | undefined =>
  db
    .prepare<[number, string, number, string], Known>(
      `SELECT run_id, digest FROM runs
        WHERE trace_id = ? AND options_json = ? AND seed = ? AND version = ?`,
    )
    .get(traceId, canonicalJson(input.options), input.seed, input.version);

const checkDigest = ({ run_id, digest }: Known, found: string): void =>
  assert(
    digest === found,
    `a run is a function of its trace, options, seed and version: run ${run_id} of the same has the digest ${digest}`,
    found,
  );

/** In its own order, but never with what JSON would lose. */
const inOrder = (value: Json): string => {
  canonicalJson(value);
  return JSON.stringify(value);
};

/** Above every number that a run has had. */
const nextRunId = ({ db }: Connection): number =>
  1 +
  (db.prepare<[], number>("SELECT seq FROM sqlite_sequence WHERE name = 'runs'").pluck().get() ??
    0);

const insertRun = (
  { db }: Connection,
  runId: number,
  traceId: number,
  input: RunInput,
  { digest, requests, summary }: RunFindings,
): void => {
  db.prepare(
    `INSERT INTO runs (run_id, trace_id, options_json, seed, version, digest, requests_total,
      requests_completed, requests_failed, summary_json) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  ).run(
    runId,
    traceId,
    canonicalJson(input.options),
    input.seed,
    input.version,
    digest,
    requests.total,
    requests.completed,
    requests.failed,
    inOrder(summary),
  );
};

const updateRun = ({ db }: Connection, runId: number, found: RunFindings): void => {
  const { total, completed, failed } = found.requests;
  db.prepare(
    `UPDATE runs SET requests_total = ?, requests_completed = ?, requests_failed = ?,
      summary_json = ? WHERE run_id = ?`,
  ).run(total, completed, failed, inOrder(found.summary), runId);
  db.prepare("DELETE FROM run_invariants WHERE run_id = ?").run(runId);
};

/** Where a run of this input belongs, before anything of it is known. */
export type RunPlace = {
  readonly input: RunInput;
  readonly runId: number;
  readonly traceId: number;
  readonly known: Known | undefined;
};

/** Finds the place of a run. Throws an `InputError` STORE-3 when its trace is not there. */
export const placeOf = (connection: Connection, input: RunInput): RunPlace => {
  const traceId = traceIdOf(connection, input.trace);
  const known = knownRun(connection, traceId, input);
  return { input, traceId, known, runId: known?.run_id ?? nextRunId(connection) };
};

/** Keeps what a run came to in its place. */
export const keep = (connection: Connection, place: RunPlace, found: RunFindings): KeptAs => {
  const { input, runId, traceId, known } = place;
  if (known === undefined) insertRun(connection, runId, traceId, input, found);
  else {
    checkDigest(known, found.digest);
    updateRun(connection, runId, found);
  }
  const invariant = connection.db.prepare(
    "INSERT INTO run_invariants VALUES (?, ?, ?, ?, ?, ?, ?)",
  );
  for (const [position, item] of found.invariants.entries()) {
    const { id, statement, evaluated, premise_true, violated } = item;
    invariant.run(runId, position, id, statement, evaluated, premise_true, violated);
  }
  return { kind: known === undefined ? "stored" : "same", runId };
};
