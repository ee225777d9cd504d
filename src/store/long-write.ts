import { assert } from "#base";
import { assertWritable, type Connection } from "./connection.ts";
import { translated } from "./faults.ts";

/** One transaction that many calls write to, one after the other. */
export type LongWrite = {
  /**
   * Does a step, or drops everything. The argument is passed on because a closure a row would cost more than the row. A `SpecViolation`
   * after the end; what SQLite throws comes as a sentence.
   */
  step<In, Out>(work: (input: In) => Out, input: In): Out;
  /** Does the last step, and makes everything visible. */
  finish<In, Out>(work: (input: In) => Out, input: In): Out;
  /** Drops everything. Harmless when there is nothing to drop any more. */
  drop(): void;
};

/**
 * Begins to write. Until the end nothing else is written through this store, and no other process writes at all; reading goes on everywhere.
 * `what` stands in the message to who writes after the end. Throws an `InputError` STORE-5 when another process writes for longer than the
 * store waits.
 */
export const beginLongWrite = (connection: Connection, what: string): LongWrite => {
  const { db, path } = connection;
  assertWritable(connection);
  let isOpen = true;
  const drop = (): void => {
    if (isOpen && db.open && db.inTransaction) db.exec("ROLLBACK");
    isOpen = false;
  };
  const step: LongWrite["step"] = (work, input) => {
    assert(isOpen, `${what} takes nothing after its end`);
    try {
      return work(input);
    } catch (thrown) {
      drop();
      throw translated(thrown, path);
    }
  };
  const finish: LongWrite["finish"] = (work, input) => {
    const found = step((given: typeof input) => {
      const last = work(given);
      db.exec("COMMIT");
      return last;
    }, input);
    isOpen = false;
    return found;
  };
  step(() => db.exec("BEGIN IMMEDIATE"), undefined);
  return { step, finish, drop };
};
