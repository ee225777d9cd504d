import { existsSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import Database from "better-sqlite3";
import { type CaseShelf, caseShelf } from "./cases.ts";
import { type Connection, connectionTo } from "./connection.ts";
import { fault, translated } from "./faults.ts";
import { migrate } from "./migrate.ts";
import { type RunShelf, runShelf } from "./runs.ts";
import { type TraceShelf, traceShelf } from "./traces.ts";
import { type VerdictShelf, verdictShelf } from "./verdicts.ts";

/** How a database is opened. */
export type StoreOptions = {
  /** Changes nothing, and needs a database that is there already; writing is a `SpecViolation`. False when left out. */
  readonly readonly?: boolean;
  /** How long to wait, in milliseconds of real time, for another process that is writing; 5,000 when left out. */
  readonly busyTimeoutMs?: number;
};

/** An open database: traces, runs, verdicts and cases. Every method is synchronous. */
export type Store = TraceShelf &
  RunShelf &
  VerdictShelf &
  CaseShelf & {
    /** Closes the file. An import that is under way is dropped. Closing twice is harmless. */
    close(): void;
  };

const IN_MEMORY = ":memory:";
const BUSY_TIMEOUT_MS = 5_000;

/** Names what SQLite would only call "unable to open database file". */
const checkPlace = (path: string, isReadonly: boolean): void => {
  const must = "a database must be a file in a folder that exists";
  if (path === "") throw fault("STORE-5", `${must}, found an empty name`);
  const folder = dirname(resolve(path));
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
    throw fault("STORE-5", `${must}, found no folder ${folder}: create it first`, path);
  }
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) {
    throw fault("STORE-5", `${must}, found a folder: name a file in it`, path);
  }
  if (isReadonly && !existsSync(path)) {
    throw fault("STORE-5", "a database to read must exist, found none: import a trace first", path);
  }
};

const setUp = (db: Database.Database, path: string): void => {
  db.pragma("foreign_keys = ON");
  migrate(db, path);
  if (db.memory || db.readonly) return;
  // Only now that the file is known to be ours: this writes to it. With a write-ahead log, readers and one writer get along; `NORMAL`
  // may lose the last transactions to a power cut, never to a killed process, and never breaks the file.
  db.pragma("journal_mode = WAL");
  db.pragma("synchronous = NORMAL");
};

const connect = (path: string, options: StoreOptions): Connection => {
  const isReadonly = options.readonly === true;
  if (path !== IN_MEMORY) checkPlace(path, isReadonly);
  const file = path === IN_MEMORY ? path : resolve(path);
  let db: Database.Database | undefined;
  try {
    db = new Database(file, {
      readonly: isReadonly,
      timeout: options.busyTimeoutMs ?? BUSY_TIMEOUT_MS,
    });
    setUp(db, path);
    return connectionTo(db, path);
  } catch (thrown) {
    db?.close();
    throw translated(thrown, path);
  }
};

/**
 * Opens a database, and makes it where there is none; `:memory:` makes one that is gone when it is closed. Throws an `InputError`:
 * STORE-1 for a file that is not ours, STORE-2 for one of a newer version, STORE-5 for one that cannot be opened or written.
 */
export const openStore = (path: string, options: StoreOptions = {}): Store => {
  const connection = connect(path, options);
  return Object.freeze({
    ...traceShelf(connection),
    ...runShelf(connection),
    ...verdictShelf(connection),
    ...caseShelf(connection),
    close: () => {
      connection.db.close();
    },
  });
};
