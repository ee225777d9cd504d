import { InputError } from "#base";
import type { RequestRow, Violation } from "#replay";
import { type PartsOf, replayInput, violationIn } from "./attempts.ts";
import type { RunCase } from "./run-case.ts";

/** What became of a case when it was played again. */
export type PlayedRun = {
  /** The first violation of its invariant; nothing when it holds. */
  readonly violation: Violation | undefined;
  /** The requests that ended, in the order in which they did. */
  readonly rows: readonly RequestRow[];
  /** Why it could not go on after its first violation. */
  readonly brokeOff: string | undefined;
};

/** Plays a case to its end, or for as long as what is broken in it lets it. Throws an `InputError` when its options fit no rack. */
export const playRunCase = (given: RunCase, partsOf?: PartsOf): PlayedRun => {
  const { found: violation } = violationIn(given, given.invariant, partsOf);
  const rows: RequestRow[] = [];
  const recorder = { request: (row: RequestRow) => void rows.push(row) };
  try {
    replayInput(given, "record", { partsOf, recorder });
    return { violation, rows, brokeOff: undefined };
  } catch (thrown) {
    // Without a violation it is no consequence of one.
    if (violation === undefined || thrown instanceof InputError) throw thrown;
    const brokeOff = thrown instanceof Error ? thrown.message : String(thrown);
    return { violation, rows, brokeOff };
  }
};
