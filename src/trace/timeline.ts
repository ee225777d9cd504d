import type { Instant, Row } from "./formats/row.ts";
import type { Faults } from "./reading/faults.ts";

/** An instant and what the source calls it. */
export type Start = { readonly at: Instant; readonly text: string };

/** What decides about a trace's time. */
export type TimelineRules = {
  /** The field that says when a row arrives, for messages. */
  readonly timeField: string;
  /** Rows may stand in any order. */
  readonly isOrderFree: boolean;
  /** The trace's first instant, where it is known before the first row; null takes the first row's. */
  readonly start: Start | null;
  /** The window, from the start. May pass 2^53, as a double; `toNs` may be infinite. */
  readonly fromNs: number;
  readonly toNs: number;
};

/** Puts rows in time. */
export type Timeline = {
  /** When a row arrives: its own time, or at the earliest its delay after `previous`. Null, with a fault, when it has neither. */
  instantOf(row: Row, previous: Instant | null): Instant | null;
  /** Whether a row may stand where it stands; false comes with a fault. */
  isInOrder(row: Row, at: Instant): boolean;
  /** Nanoseconds from the window's start; −1 outside the window, and −1 with a fault past what a trace can span. */
  offsetOf(row: Row, at: Instant): number;
  start(): Start | null;
  counts(): { readonly outsideWindow: number; readonly outOfOrder: number };
};

const BILLION = 1_000_000_000;
/** 2^53 ns in whole seconds, rounded down: spans of no more are exact. */
const SPAN_SECONDS_MAX = 9_007_198;

/** Whether one instant is before another. */
export const isBefore = (left: Instant, right: Instant): boolean =>
  left.seconds < right.seconds || (left.seconds === right.seconds && left.nanos < right.nanos);

/** An instant moved by nanoseconds, which may be more than 2^53 as long as a double holds them. */
const moved = (at: Instant, byNs: number): Instant => {
  const nanos = at.nanos + (byNs % BILLION);
  const carry = nanos >= BILLION ? 1 : 0;
  return {
    seconds: at.seconds + Math.floor(byNs / BILLION) + carry,
    nanos: nanos - carry * BILLION,
  };
};

/** Starts a trace's time. `faults.line` is the line of the row that is asked about. */
export const createTimeline = (rules: TimelineRules, faults: Faults): Timeline => {
  const { timeField, isOrderFree, fromNs, toNs } = rules;
  let start = rules.start;
  let from: Instant | null = null;
  let end: Instant | null = null;
  let latest: Instant | null = null;
  /** The last row with a time of its own, and its line. What only follows from a delay binds no row below it. */
  let timed: Instant | null = null;
  let timedLine = 0;
  let outsideWindow = 0;
  let outOfOrder = 0;

  const windowFrom = (first: Start): Instant => {
    start = first;
    end = toNs === Number.POSITIVE_INFINITY ? null : moved(first.at, toNs);
    from = moved(first.at, fromNs);
    return from;
  };
  return {
    instantOf(row, previous) {
      if (row.at !== null) return row.at;
      if (previous !== null) return moved(previous, row.delayNs);
      faults.row("TRACE-4", `${timeField} must be given for a session's first turn, found nothing`);
      return null;
    },
    isInOrder(row, at) {
      if (row.at !== null && !isOrderFree && timed !== null && isBefore(at, timed)) {
        const must = `${timeField} must not be earlier than on line ${timedLine}, unless rows are reordered`;
        faults.row("TRACE-3", `${must}, found ${JSON.stringify(String(row.atText))}`);
        return false;
      }
      if (row.at !== null) {
        timed = at;
        timedLine = faults.line;
      }
      if (latest === null || !isBefore(at, latest)) latest = at;
      else outOfOrder += 1;
      return true;
    },
    offsetOf(row, at) {
      const zero = from ?? windowFrom(start ?? { at, text: String(row.atText) });
      if (isBefore(at, zero) || (end !== null && !isBefore(at, end))) {
        outsideWindow += 1;
        return -1;
      }
      const seconds = at.seconds - zero.seconds;
      if (seconds <= SPAN_SECONDS_MAX) return seconds * BILLION + at.nanos - zero.nanos;
      const must = "a trace must span at most 104 days, or be read in windows by fromNs and toNs";
      faults.file("TRACE-15", `${must}, found ${Math.floor(seconds / 86_400)} days`, faults.line);
      return -1;
    },
    start: () => start,
    counts: () => ({ outsideWindow, outOfOrder }),
  };
};
