import type { Database } from "better-sqlite3";
import { assert } from "#base";
import { translated } from "./faults.ts";

/** An open database and the two ways to use it, both of which turn what SQLite throws into sentences. */
export type Connection = {
  readonly db: Database;
  /** As the user named it. */
  readonly path: string;
  /** Work that changes nothing, or that minds its own transaction. */
  read<T>(work: () => T): T;
  /** Work that is done wholly or not at all. A `SpecViolation` where `assertWritable` says so. */
  write<T>(work: () => T): T;
};

/**
 * Throws a `SpecViolation` when nothing may be written: while an import is under way, whose transaction would swallow what else is
 * written, and through a store that was opened to be read.
 */
export const assertWritable = ({ db }: Pick<Connection, "db">): void => {
  assert(!db.readonly, "a store that was opened to be read is not written");
  assert(!db.inTransaction, "a store does one import at a time and writes nothing else meanwhile");
};

/** Wraps an open database. */
export const connectionTo = (db: Database, path: string): Connection => {
  const read = <T>(work: () => T): T => {
    try {
      return work();
    } catch (thrown) {
      throw translated(thrown, path);
    }
  };
  return {
    db,
    path,
    read,
    write(work) {
      assertWritable({ db });
      return read(() => db.transaction(work).immediate());
    },
  };
};
