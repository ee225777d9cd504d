import { assert } from "#base";
import { translated } from "./faults.ts";
import type { OpenFile } from "./open-file.ts";

/** An open database and the two ways to use it, both of which turn what SQLite throws into sentences. */
export type Connection = OpenFile & {
  /** As the user named it. */
  readonly path: string;
  /** Work that changes nothing, or that minds its own transaction. */
  read<T>(work: () => T): T;
  /** Work that is done wholly or not at all. A `SpecViolation` where `assertWritable` says so. */
  write<T>(work: () => T): T;
};

/**
 * Throws a `SpecViolation` when nothing may be written: while an import or a run is under way, whose transaction would swallow what else
 * is written, and through a store that was opened to be read.
 */
export const assertWritable = ({ db, isReadonly }: OpenFile): void => {
  assert(!isReadonly, "a store that was opened to be read is not written");
  assert(
    !db.inTransaction,
    "a store does one import or one run at a time and writes nothing else meanwhile",
  );
};

/** Wraps an open database. */
export const connectionTo = (file: OpenFile, path: string): Connection => {
  const read = <T>(work: () => T): T => {
    try {
      return work();
    } catch (thrown) {
      throw translated(thrown, path);
    }
  };
  return {
    ...file,
    path,
    read,
    write(work) {
      assertWritable(file);
      return read(() => file.db.transaction(work).immediate());
    },
  };
};
