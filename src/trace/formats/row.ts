import type { BlockId } from "../blocks/id-list.ts";

/** An instant on a format's own clock: whole seconds, and whole nanoseconds in 0 … 10^9 − 1. No double above 2^53 comes near. */
export type Instant = {
  seconds: number;
  nanos: number;
};

/** One sound row, as its format says it: before sessions are followed and blocks are numbered. */
export type Row = {
  /** When it arrives; null when the row gives a delay alone. */
  readonly at: Instant | null;
  /** The same in the source's own words. */
  readonly atText: string | number | bigint;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly ids: readonly BlockId[];
  /** The conversation's name; null when the request stands alone. */
  readonly session: string | null;
  /** −1 when the rows of the session are to be counted. */
  readonly turn: number;
  /** −1 when there is none. */
  readonly delayNs: number;
  readonly priority: number;
  readonly model: string | null;
  readonly failed: boolean;
  /** Canonical JSON of one object, or "". */
  readonly extra: string;
  /** What its reader has to remember for the rows below it, once it is known that it may stand where it stands. */
  readonly remember?: () => void;
};

/** A line that is sound and is no request: a header, or another kind of event. */
export const NOT_A_REQUEST = "not-a-request";

/** What a line came to; null when it was faulty, and the faults say how. */
export type RowResult = Row | typeof NOT_A_REQUEST | null;

/** No ids at all; shared, because most formats name none. */
export const NO_IDS: readonly BlockId[] = Object.freeze([]);
