/** Rows that mean the same in every format. */
import fc from "fast-check";
import { oneOfValues } from "#verify";

/** What is wrong with a row; "" for nothing. */
export type Fault = (typeof FAULTS)[number];

/** The faults that a row may have. */
export const FAULTS = [
  "",
  "negative", // the length of the prompt
  "fraction", // of a token
  "missing", // the length of the answer
  "time", // a word
  "late", // before all others
  "cut", // in the middle of the line
  "nul", // in the line's last name
  "bytes", // that are no UTF-8
  "quote", // that stands alone
  "quotes", // a pair of them where none may be
] as const;

/** One row, before any format. */
export type PlainRow = {
  /** After the row before; a blank line stands above when it is 7. */
  readonly gapMs: number;
  readonly blocks: readonly number[];
  /** How many tokens the last block lacks. */
  readonly spare: number;
  readonly output: number;
  /** −1 outside conversations. */
  readonly chat: number;
  /** Whether it gives a delay instead of a time, where a format has such rows. */
  readonly waits: boolean;
  readonly note: string;
  readonly fault: Fault;
};

/** Tokens a block in every format that has blocks. */
export const BLOCK_TOKENS = 16;

/** Rows of up to three conversations and few blocks. */
export const plainRow = (...faults: readonly [Fault, ...Fault[]]): fc.Arbitrary<PlainRow> =>
  fc.record({
    gapMs: oneOfValues(0, 1, 7, 1500),
    blocks: fc.array(fc.nat({ max: 3 }), { maxLength: 3 }),
    spare: fc.nat({ max: BLOCK_TOKENS - 1 }),
    output: fc.nat({ max: 20 }),
    chat: fc.integer({ min: -1, max: 2 }),
    waits: fc.boolean(),
    note: oneOfValues("n", "", "é", "日本", "😀"),
    fault: oneOfValues<Fault>(...faults),
  });
