import { existsSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { type CaseShelf, caseShelf } from "./cases.ts";
import { type Connection, connectionTo } from "./connection.ts";
import { fault, translated } from "./faults.ts";
import { migrate, requireLatest } from "./migrate.ts";
import { type OpenFile, openToRead, openToWrite } from "./open-file.ts";
import { type RunShelf, runShelf } from "./runs.ts";
import { type TraceShelf, traceShelf } from "./traces.ts";
import { type VerdictShelf, verdictShelf } from "./verdicts.ts";
import { useWriteAheadLog } from "./write-ahead-log.ts";

/** How a database is opened. */
export type StoreOptions = {
  /** Changes nothing, and needs a database that is there already; writing is a `SpecViolation`. False when left out. */
  readonly readonly?: boolean;
  /** Makes the database where there is none. True when left out; nothing to a store that is only read. */
  readonly create?: boolean;
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
const checkPlace = (path: string, mustExist: boolean): void => {
  const must = "a database must be a file in a folder that exists";
  if (path === "") throw fault("STORE-5", `${must}, found an empty name`);
  const folder = dirname(resolve(path));
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
    throw fault("STORE-5", `${must}, found no folder ${folder}: create it first`, path);
  }
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) {
    throw fault("STORE-5", `${must}, found a folder: name a file in it`, path);
  }
  if (mustExist && !existsSync(path)) {
    const done = "a database must exist before it is read or changed";
    throw fault("STORE-5", `${done}, found none: import a trace first`, path);
  }
};

const openAt = (path: string, options: StoreOptions): OpenFile => {
  const isReadonly = options.readonly === true;
  const mustExist = isReadonly || options.create === false;
  const timeout = options.busyTimeoutMs ?? BUSY_TIMEOUT_MS;
  // One in memory is always new: it has nothing to read.
  if (path === IN_MEMORY && !mustExist) return openToWrite(path, timeout, false);
  checkPlace(path, mustExist);
  const file = resolve(path);
  return isReadonly ? openToRead(file, timeout) : openToWrite(file, timeout, mustExist);
};

const setUp = ({ db, isReadonly }: OpenFile, path: string): void => {
  db.pragma("foreign_keys = ON");
  if (isReadonly) requireLatest(db, path);
  else migrate(db, path);
  // Only now that the file is known to be ours: this writes to it.
  if (!isReadonly && !db.memory) useWriteAheadLog(db);
};

const connect = (path: string, options: StoreOptions): Connection => {
  let file: OpenFile | undefined;
  try {
    file = openAt(path, options);
    setUp(file, path);
    return connectionTo(file, path);
  } catch (thrown) {
    file?.db.close();
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
    close: connection.close,
  });
};
