import type { Connection } from "./connection.ts";
import { beginLongWrite } from "./long-write.ts";
import {
  type KeptAs,
  keep,
  placeOf,
  type RunFindings,
  type RunInput,
  type RunPlace,
} from "./run-record.ts";
import { runRequestRows } from "./run-request-table.ts";
import type { RunRequestRow, RunSeriesRow, RunSpanRow } from "./run-rows.ts";
import { runSeriesRows } from "./run-series-table.ts";
import { runSpanRows } from "./run-span-table.ts";

/**
 * Takes the rows of a run that is under way. No other process sees any of it before `commit`, and nothing of it is left after `abort`, after an
 * exception of any method, or when the process dies. Meanwhile the same store can read what it likes, the requests of the trace
 * first of all, but write nothing else.
 */
export type RunWriter = {
  /** Keeps a request, once: its fields are taken at once, so that the same object may come again with others. */
  request(row: RunRequestRow): void;
  /** Keeps the state of a worker at an instant, once a worker and instant. */
  series(row: RunSeriesRow): void;
  /** Keeps what took time, in any order. */
  span(row: RunSpanRow): void;
  /** Keeps the run, and makes it visible. A `SpecViolation` when a run of the same input had another digest. */
  commit(findings: RunFindings): KeptAs;
  /** Drops everything. Harmless when there is nothing to drop any more. */
  abort(): void;
};

const clearRows = ({ db }: Connection, { known }: RunPlace): void => {
  if (known === undefined) return;
  for (const table of ["run_requests", "run_series", "run_spans"]) {
    db.prepare(`DELETE FROM ${table} WHERE run_id = ?`).run(known.run_id);
  }
};

/** Starts a run: its rows take the place of those that a run of the same input left. */
export const createRunWriter = (connection: Connection, input: RunInput): RunWriter => {
  const { step, finish, drop } = beginLongWrite(connection, "a run");
  const { place, requests, series, spans } = step(() => {
    const place = placeOf(connection, input);
    clearRows(connection, place);
    return {
      place,
      requests: runRequestRows(connection, place.runId),
      series: runSeriesRows(connection, place.runId),
      spans: runSpanRows(connection, place.runId),
    };
  }, undefined);
  return {
    request: (row) => step(requests.add, row),
    series: (row) => step(series.add, row),
    span: (row) => step(spans.add, row),
    commit: (findings) =>
      finish((found) => {
        requests.flush();
        series.flush();
        spans.flush();
        return keep(connection, place, found);
      }, findings),
    abort: drop,
  };
};
