import type { Connection } from "./connection.ts";
import { fault } from "./faults.ts";

/** How many rows are read at a time: enough to make the crossing cheap, and few enough to hold in memory. */
const PAGE = 256;

type Key = number[];

/** Which rows of a run are read, and how. */
export type RowReading<Row, Values extends readonly unknown[]> = {
  readonly table: string;
  /** Columns that identify a row within its run. Rows come in their order; none is negative. */
  readonly key: readonly string[];
  /** All others. */
  readonly columns: readonly string[];
  /** From the values of the key, then of the columns. */
  row(values: Values): Row;
};

/**
 * The rows of a run in order of their key, a page at a time: between two pages the database is free, and memory holds one page. Throws an
 * `InputError` STORE-5 when the run is removed meanwhile.
 */
export function* readRows<Row, Values extends readonly unknown[]>(
  { db, path, read }: Connection,
  runId: number,
  { table, key, columns, row }: RowReading<Row, Values>,
): Generator<Row, void, undefined> {
  const keys = key.join(", ");
  const page = db
    .prepare<[number, ...Key], Values>(
      `SELECT ${[...key, ...columns].join(", ")} FROM ${table}
        WHERE run_id = ? AND (${keys}) > (${key.map(() => "?").join(", ")})
        ORDER BY ${keys} LIMIT ${PAGE}`,
    )
    .raw();
  let after: Key = key.map(() => -1);
  for (;;) {
    const rows = read(() => page.all(runId, ...after));
    for (const values of rows) yield row(values);
    const last = rows.at(-1);
    if (last === undefined || rows.length < PAGE) break;
    after = last.slice(0, key.length) as Key;
  }
  const isThere = db.prepare<[number], number>("SELECT 1 FROM runs WHERE run_id = ?").pluck();
  if (read(() => isThere.get(runId)) !== undefined) return;
  const must = "a run must stay in the database while it is read";
  throw fault("STORE-5", `${must}, found that it was removed`, path);
}
