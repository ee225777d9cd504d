import type { Statement } from "better-sqlite3";
import type { Connection } from "./connection.ts";

/**
 * How many rows one INSERT writes. Crossing into SQLite costs more than a small row does: 16 at a time are a fifth faster than one, and
 * more gain nothing.
 */
const BATCH = 16;

/** What a column of a row holds. */
export type Value = number | string | Buffer | null;

/** Rows that wait until there are enough of them to be written at once. */
export type InsertBatch = {
  /** Where the values of a row go, in the order of the columns. */
  readonly values: Value[];
  /** Says that a row is complete. */
  end(): void;
  /** Writes what is still waiting. */
  flush(): void;
};

/**
 * Writes rows of `columns` into `table`. Values are handed over as arguments, not as one array: an array costs better-sqlite3 twice the time a
 * value.
 */
export const insertBatch = (
  { db }: Connection,
  table: string,
  columns: readonly string[],
): InsertBatch => {
  const width = columns.length;
  const row = `(${Array(width).fill("?").join(", ")})`;
  const insert = (rows: number): Statement =>
    db.prepare(
      `INSERT INTO ${table} (${columns.join(", ")}) VALUES ${Array(rows).fill(row).join(", ")}`,
    );
  const insertAll = insert(BATCH);
  const insertOne = insert(1);
  const values: Value[] = [];
  return {
    values,
    end() {
      if (values.length < BATCH * width) return;
      insertAll.run(...values);
      values.length = 0;
    },
    flush() {
      for (let at = 0; at < values.length; at += width) {
        insertOne.run(...values.slice(at, at + width));
      }
      values.length = 0;
    },
  };
};

/** A number that stands for none when it is negative, as a column holds it. */
export const absent = (number: number): number | null => (number < 0 ? null : number);
