import { isUtf8 } from "node:buffer";
import type { Faults } from "./faults.ts";

/** The longest line that is read, its end not counted: 16 MiB. */
export const LINE_BYTES_MAX = 16 * 2 ** 20;

/** Whole lines of a text, one after the other, as they stand in it. */
export type Lines = {
  readonly bytes: Buffer;
  /** The line that `bytes` begins with, counted from 1. */
  readonly first: number;
  readonly count: number;
};

const NEWLINE = 0x0a;
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

const newlines = (bytes: Buffer): number => {
  let count = 0;
  for (let at = bytes.indexOf(NEWLINE); at !== -1; at = bytes.indexOf(NEWLINE, at + 1)) count += 1;
  return count;
};

const isText = (bytes: Buffer): boolean => !bytes.includes(0) && isUtf8(bytes);

/** Calls `visit` with each line, without its end, and its number. */
export const eachLine = (
  { bytes, first }: Lines,
  visit: (line: Buffer, number: number) => void,
): void => {
  let from = 0;
  for (let number = first; from < bytes.length; number += 1) {
    const end = bytes.indexOf(NEWLINE, from);
    const to = end === -1 ? bytes.length : end;
    visit(bytes.subarray(from, to), number);
    from = to + 1;
  }
};

/** The same lines with those emptied that `isSound` refuses: their numbers stay, their content is gone. */
export const emptied = (
  lines: Lines,
  isSound: (line: Buffer, number: number) => boolean,
): Lines => {
  const kept: Buffer[] = [];
  const end = Buffer.from("\n");
  eachLine(lines, (line, number) => {
    if (isSound(line, number)) kept.push(line);
    kept.push(end);
  });
  return { ...lines, bytes: Buffer.concat(kept) };
};

const checked = (lines: Lines, faults: Faults): Lines => {
  if (isText(lines.bytes)) return lines;
  return emptied(lines, (line, number) => {
    if (isText(line)) return true;
    faults.line = number;
    faults.row(
      "TRACE-8",
      `a line must be UTF-8 text, found ${line.includes(0) ? "a NUL byte" : "other bytes"}`,
    );
    return false;
  });
};

/**
 * Cuts a stream into batches of whole lines, about one a chunk. Holds at most one line and one chunk: a line that is too long is
 * named and passed over, however long it is. A byte order mark is taken off. A line that is not text is named and left empty.
 */
export async function* linesOf(
  chunks: AsyncIterable<Buffer>,
  faults: Faults,
): AsyncGenerator<Lines, void, undefined> {
  let held: Buffer[] = [];
  let heldBytes = 0;
  let line = 1;
  let isFirst = true;

  /** The lines that end in this chunk; what follows the last end is held. */
  const take = (chunk: Buffer): Buffer | undefined => {
    const end = chunk.indexOf(NEWLINE);
    if (end === -1) {
      // Bytes past the limit only count: the line is lost anyway.
      if (heldBytes <= LINE_BYTES_MAX) held.push(chunk);
      else held = [];
      heldBytes += chunk.length;
      return undefined;
    }
    const last = chunk.lastIndexOf(NEWLINE) + 1;
    const isTooLong = heldBytes + end > LINE_BYTES_MAX;
    const whole = isTooLong
      ? tooLong(chunk.subarray(end, last), heldBytes + end)
      : joined(chunk, last);
    held = last === chunk.length ? [] : [chunk.subarray(last)];
    heldBytes = chunk.length - last;
    return whole;
  };
  const joined = (chunk: Buffer, last: number): Buffer =>
    held.length === 0 ? chunk.subarray(0, last) : Buffer.concat([...held, chunk.subarray(0, last)]);
  const tooLong = (rest: Buffer, lengthBytes: number): Buffer => {
    faults.line = line;
    faults.row("TRACE-7", `a line must be at most 16 MiB long, found ${lengthBytes} bytes`);
    return rest;
  };
  const batch = (bytes: Buffer, isLast: boolean): Lines => {
    const count = newlines(bytes) + (isLast ? 1 : 0);
    const lines = checked({ bytes, first: line, count }, faults);
    line += count;
    return lines;
  };

  for await (const chunk of withoutMark(chunks)) {
    const bytes = take(chunk);
    if (bytes !== undefined) yield batch(bytes, false);
    isFirst = false;
  }
  if (isFirst || heldBytes === 0) return;
  if (heldBytes > LINE_BYTES_MAX) tooLong(Buffer.alloc(0), heldBytes);
  else yield batch(Buffer.concat(held), true);
}

/** The stream without the byte order mark that it may begin with, however it is cut. */
async function* withoutMark(
  chunks: AsyncIterable<Buffer>,
): AsyncGenerator<Buffer, void, undefined> {
  let start: Buffer | undefined = Buffer.alloc(0);
  for await (const chunk of chunks) {
    if (start === undefined) {
      yield chunk;
      continue;
    }
    start = Buffer.concat([start, chunk]);
    if (start.length < BYTE_ORDER_MARK.length) continue;
    yield start.subarray(0, 3).equals(BYTE_ORDER_MARK) ? start.subarray(3) : start;
    start = undefined;
  }
  if (start !== undefined && start.length > 0) yield start;
}
