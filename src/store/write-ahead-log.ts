import Database from "better-sqlite3";

/** Far more than the processes that make one database together: each failed attempt means that another process got on. */
const ATTEMPTS = 100;

const isBusy = (thrown: unknown): boolean =>
  thrown instanceof Database.SqliteError && thrown.code.startsWith("SQLITE_BUSY");

/**
 * Switches a database to a write-ahead log, with which readers and one writer get along. It stays switched. With `synchronous` at `NORMAL` a
 * power cut may lose the last transactions, a killed process never, and neither breaks the file.
 *
 * Several processes may do it at once: SQLite refuses all but one at once instead of waiting, so the waiting is done here, by a lock that it
 * does wait for. Throws an `SqliteError` SQLITE_BUSY when that took longer than the connection's timeout.
 */
export const useWriteAheadLog = (db: Database.Database): void => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      db.pragma("journal_mode = WAL");
      break;
    } catch (thrown) {
      if (!isBusy(thrown) || attempt === ATTEMPTS) throw thrown;
    }
    db.exec("BEGIN EXCLUSIVE; COMMIT");
  }
  db.pragma("synchronous = NORMAL");
};
