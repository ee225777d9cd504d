import { ascending, InputError, type Issue, type IssueCode } from "#base";
import type { TraceSink } from "../request.ts";

/** How many faults of rows an `InputError` carries; the sink is told of every one. */
export const FAULTS_CARRIED = 1000;

/** What is wrong with a file, gathered while it is read to its end, so that all of it is named and not the first. */
export type Faults = {
  /** The line that is being read, counted from 1. */
  line: number;
  /** One fault of the row on that line. */
  row(code: IssueCode, message: string): void;
  /** A fault of the file as a whole, which passing over rows does not mend. A code is kept once. */
  file(code: IssueCode, message: string, line?: number): void;
  /** Whether a fault of the file as a whole was named. */
  hasFile(): boolean;
  /** How many lines were faulty so far. */
  rows(): number;
  /** How many faults of rows there were so far: a row was sound when this did not grow. */
  count(): number;
  /**
   * Tells the sink of the faults since the last time, in order of lines: different checks go over a batch of lines one after the
   * other, and how lines fall into batches must not show.
   */
  tell(): void;
  /** Throws an `InputError` when the file cannot be used. */
  settle(skipBadRows: boolean): void;
};

/** Starts a list for a file; `sink` hears of the faults of rows, each batch's when it has been read. */
export const createFaults = (file: string, sink: Pick<TraceSink, "reject">): Faults => {
  const whole: Issue[] = [];
  const carried: Issue[] = [];
  let untold: Issue[] = [];
  let count = 0;
  let rows = 0;
  let lineBefore = 0;
  const faults: Faults = {
    line: 0,
    row(code, message) {
      const issue: Issue = { code, message, file, line: faults.line };
      if (faults.line !== lineBefore) rows += 1;
      lineBefore = faults.line;
      count += 1;
      untold.push(issue);
    },
    file(code, message, line) {
      if (whole.some((known) => known.code === code)) return;
      whole.push(line === undefined ? { code, message, file } : { code, message, file, line });
    },
    hasFile: () => whole.length > 0,
    rows: () => rows,
    count: () => count,
    tell() {
      if (untold.length === 0) return;
      const inOrder = untold.toSorted(ascending(({ line }) => line ?? 0));
      untold = [];
      carried.push(...inOrder.slice(0, Math.max(0, FAULTS_CARRIED - carried.length)));
      for (const issue of inOrder) sink.reject(issue);
    },
    settle(skipBadRows) {
      faults.tell();
      if (whole.length === 0 && (count === 0 || skipBadRows)) return;
      const more = count - carried.length;
      const summary: Issue[] =
        more === 0
          ? []
          : [
              {
                code: "TRACE-18",
                message: `every row must be readable, found ${more} faults more`,
                file,
              },
            ];
      throw new InputError([...whole, ...carried, ...summary]);
    },
  };
  return faults;
};
