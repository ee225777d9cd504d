import Database from "better-sqlite3";
import { InputError, type IssueCode, SpecViolation } from "#base";

/** Refuses the database, or something asked of it, with one sentence. */
export const fault = (code: IssueCode, message: string, file?: string): InputError =>
  new InputError([{ code, message, ...(file !== undefined && { file }) }]);

/** What SQLite's primary result codes mean to a user, and what to do about it. */
const SENTENCES: Readonly<Record<string, readonly [IssueCode, string]>> = {
  SQLITE_NOTADB: ["STORE-1", "found a file that is not an SQLite database"],
  SQLITE_CORRUPT: [
    "STORE-1",
    "found a damaged file: restore it from a copy, or import again into another",
  ],
  SQLITE_BUSY: ["STORE-5", "found another process writing to it: try again when that has finished"],
  SQLITE_LOCKED: [
    "STORE-5",
    "found another process writing to it: try again when that has finished",
  ],
  SQLITE_READONLY: ["STORE-5", "found it read-only: check who may write the file and its folder"],
  SQLITE_CANTOPEN: [
    "STORE-5",
    "found that it cannot be: check who may read and write the file and its folder",
  ],
  SQLITE_FULL: ["STORE-5", "found the disk full: make room, or choose a database elsewhere"],
  SQLITE_IOERR: [
    "STORE-5",
    "found that the disk failed to read or write: choose a database elsewhere",
  ],
};

const MUST: Partial<Record<IssueCode, string>> = {
  "STORE-1": "a database must be one that Rackproof made",
  "STORE-5": "a database must be one that can be opened and written",
};

/**
 * What SQLite threw, as a user or we can use it: an `InputError` with a sentence for what the surroundings cause, a `SpecViolation`
 * for a row that breaks a rule of its table (such rows are ours), anything else as it came.
 */
export const translated = (thrown: unknown, path: string): unknown => {
  if (!(thrown instanceof Database.SqliteError)) return thrown;
  const primary = thrown.code.split("_", 2).join("_");
  const sentence = SENTENCES[primary];
  if (sentence !== undefined) {
    const [code, found] = sentence;
    return fault(code, `${MUST[code]}, ${found}`, path);
  }
  if (primary === "SQLITE_CONSTRAINT") {
    return new SpecViolation(`a row keeps the rules of its table, found ${thrown.message}`, {
      cause: thrown,
    });
  }
  return thrown;
};
