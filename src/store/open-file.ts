import { accessSync, constants, readFileSync, statSync } from "node:fs";
import { dirname } from "node:path";
import Database from "better-sqlite3";
import { fault } from "./faults.ts";

const { R_OK, W_OK } = constants;
/** What Node reads in one piece. */
const WHOLE_MAX_BYTES = 2 ** 31 - 1;

/** A database that SQLite has open. */
export type OpenFile = {
  readonly db: Database.Database;
  readonly isReadonly: boolean;
  /** Closes the file; closing twice is harmless. */
  close(): void;
};

/** What SQLite has opened, and closes without further ado. */
export const opened = (db: Database.Database, isReadonly = false): OpenFile => ({
  db,
  isReadonly,
  close: () => {
    db.close();
  },
});

/** Opens a database to be written, and makes it where there is none unless it `mustExist`. */
export const openToWrite = (file: string, timeout: number, mustExist: boolean): OpenFile =>
  opened(new Database(file, { timeout, fileMustExist: mustExist }));

const mayUse = (path: string, how: number): boolean => {
  try {
    accessSync(path, how);
    return true;
  } catch {
    return false;
  }
};

/** Changes whenever a file is written. */
const stampOf = (file: string): string => {
  const { ino, size, mtimeNs } = statSync(file, { bigint: true });
  return [ino, size, mtimeNs].join(" ");
};

/** Whether a file beside this one holds what it does not: somebody is writing it, or was when it died. */
const isInUse = (file: string): boolean =>
  ["-wal", "-journal"].some(
    (suffix) => (statSync(`${file}${suffix}`, { throwIfNoEntry: false })?.size ?? 0) > 0,
  );

const MUST_BE_READ = "a database must be one that can be read";

/** All of a file, as it was at one moment. */
const bytesOf = (file: string): Buffer => {
  if (statSync(file).size > WHOLE_MAX_BYTES) {
    const found = "found one of over 2 GiB where nothing may be written";
    throw fault("STORE-5", `${MUST_BE_READ}, ${found}: copy it to a folder of your own`, file);
  }
  const before = stampOf(file);
  const bytes = readFileSync(file);
  if (isInUse(file) || stampOf(file) !== before) {
    const found = "found another process that began to write it: try again";
    throw fault("STORE-5", `${MUST_BE_READ}, ${found}`, file);
  }
  return bytes;
};

/** Opens a copy, in memory, of a file that nobody is writing. */
const openCopy = (file: string): OpenFile => {
  const bytes = bytesOf(file);
  // The header says 2 where a write-ahead log is in use, which memory does not have, and 1 where none is.
  if (bytes[18] === 2 && bytes[19] === 2) bytes.fill(1, 18, 20);
  return opened(new Database(bytes, { readonly: true }), true);
};

/** Whether SQLite may keep its files beside this one, and take them away again. */
const isOurs = (file: string): boolean => mayUse(file, W_OK) && mayUse(dirname(file), W_OK);

/**
 * Opens a database that exists, and keeps every statement from changing it. With a write-ahead log SQLite needs files beside the database
 * even to read it:
 *
 * - Where they may be made, the database is opened as if to be written: only then does SQLite remove them when the last one leaves.
 * - Where they may not, and somebody else's are there, SQLite reads those.
 * - Otherwise nobody is writing, and a copy in memory is read.
 *
 * Throws an `InputError` STORE-5 when a copy cannot be made, and what SQLite throws.
 */
export const openToRead = (file: string, timeout: number, isWritable = isOurs(file)): OpenFile => {
  if (isWritable) {
    const db = new Database(file, { timeout, fileMustExist: true });
    db.pragma("query_only = ON");
    return opened(db, true);
  }
  // SQLite says it best where there is nothing to be read.
  if (isInUse(file) || !mayUse(file, R_OK)) {
    return opened(new Database(file, { timeout, readonly: true }), true);
  }
  return openCopy(file);
};
