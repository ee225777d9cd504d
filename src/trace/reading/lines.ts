import { isUtf8 } from "node:buffer";
import type { Faults } from "./faults.ts";

/** The longest line that is read, its end not counted: 16 MiB. */
export const LINE_BYTES_MAX = 16 * 2 ** 20;

/** Whole lines of a text, one after the other, as they stand in it. */
export type Lines = {
  readonly bytes: Buffer;
  /** The line that `bytes` begins with, counted from 1. */
  readonly first: number;
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

/** Cuts a text into batches of whole lines. */
type LineCutter = {
  /** The lines that end in this chunk; what follows the last end is held. */
  take(chunk: Buffer): Lines | undefined;
  /** The last line, where no end follows it. */
  end(): Lines | undefined;
};

/**
 * Cuts a text, about a batch a chunk, and the lines are the same however the chunks are cut. Holds at most one line and one chunk: a
 * line that is too long is named and passed over, however long it is. A byte order mark is taken off. A line that is not text is
 * named and left empty.
 */
const createLineCutter = (faults: Faults): LineCutter => {
  let held: Buffer[] = [];
  let heldBytes = 0;
  let line = 1;
  /** The text's first bytes, until there are enough to be a mark. */
  let start: Buffer | undefined = Buffer.alloc(0);

  const joined = (chunk: Buffer, last: number): Buffer =>
    held.length === 0 ? chunk.subarray(0, last) : Buffer.concat([...held, chunk.subarray(0, last)]);
  const tooLong = (rest: Buffer, lengthBytes: number): Buffer => {
    faults.line = line;
    faults.row("TRACE-7", `a line must be at most 16 MiB long, found ${lengthBytes} bytes`);
    return rest;
  };
  const batch = (bytes: Buffer): Lines => {
    const lines = checked({ bytes, first: line }, faults);
    line += newlines(bytes);
    return lines;
  };
  const cut = (chunk: Buffer): Lines | undefined => {
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
    return batch(whole);
  };
  return {
    take(chunk) {
      if (start === undefined) return cut(chunk);
      start = Buffer.concat([start, chunk]);
      if (start.length < BYTE_ORDER_MARK.length) return undefined;
      const first = start.subarray(0, 3).equals(BYTE_ORDER_MARK) ? start.subarray(3) : start;
      start = undefined;
      return cut(first);
    },
    end() {
      if (start !== undefined && start.length > 0) return batch(start);
      if (heldBytes === 0) return undefined;
      if (heldBytes <= LINE_BYTES_MAX) return batch(Buffer.concat(held));
      tooLong(Buffer.alloc(0), heldBytes);
      return undefined;
    },
  };
};

/** A text's lines in batches. After each, once it has been read, the faults found in it are told. */
export function* linesIn(
  chunks: Iterable<Uint8Array>,
  faults: Faults,
): Generator<Lines, void, undefined> {
  const cutter = createLineCutter(faults);
  for (const { buffer, byteOffset, byteLength } of chunks) {
    const lines = cutter.take(Buffer.from(buffer, byteOffset, byteLength));
    if (lines !== undefined) yield lines;
    faults.tell();
  }
  const last = cutter.end();
  if (last !== undefined) yield last;
  faults.tell();
}

/** The same of a text that comes in time. */
export async function* linesOf(
  chunks: AsyncIterable<Buffer>,
  faults: Faults,
): AsyncGenerator<Lines, void, undefined> {
  const cutter = createLineCutter(faults);
  for await (const chunk of chunks) {
    const lines = cutter.take(chunk);
    if (lines !== undefined) yield lines;
    faults.tell();
  }
  const last = cutter.end();
  if (last !== undefined) yield last;
  faults.tell();
}
