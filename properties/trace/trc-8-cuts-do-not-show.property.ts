import fc from "fast-check";
import { TRACE_FORMATS, type TraceFormat } from "#trace";
import { differs, oneOfValues, property, values } from "#verify";
import { FAULTS, type PlainRow, plainRow } from "./plain-row.ts";
import { plainLines, plainOptions } from "./plain-rows.ts";
import { type ReadCall, type ReadReply, reader, readingChunks } from "./read-text.ts";

type Case = {
  readonly format: TraceFormat;
  readonly isNamed: boolean;
  readonly rows: readonly PlainRow[];
  readonly isCrLf: boolean;
  readonly hasMark: boolean;
  readonly isEnded: boolean;
  /** Offsets of cuts, and the length of chunks that are all alike; 0 for none of those. */
  readonly cuts: readonly number[];
  readonly chunkBytes: number;
};

const MARK = "\xef\xbb\xbf";

const plainCall = ({ format, isNamed, rows }: Case): ReadCall => ({
  bytes: plainLines(format, rows)
    .map(({ bytes }) => `${bytes}\n`)
    .join(""),
  cuts: [],
  options: { ...plainOptions(format), ...(!isNamed && { format: "auto" }), skipBadRows: true },
});

/** The same text with another skin, in other pieces. */
const cutCall = (given: Case): ReadCall => {
  const { bytes: plain, options } = plainCall(given);
  const ended = given.isEnded ? plain : plain.slice(0, -1);
  const bytes = `${given.hasMark ? MARK : ""}${given.isCrLf ? ended.replaceAll("\n", "\r\n") : ended}`;
  const regular =
    given.chunkBytes === 0
      ? []
      : Array.from({ length: Math.ceil(bytes.length / given.chunkBytes) }, (_, at) =>
          Math.min(bytes.length, at * given.chunkBytes),
        );
  return { bytes, options, cuts: [...given.cuts, ...regular] };
};

const someCut = (given: Case, isThere: (bytes: string, cut: number) => boolean): boolean => {
  const { bytes, cuts } = cutCall(given);
  return cuts.some((cut) => cut > 0 && cut < bytes.length && isThere(bytes, cut));
};

const CARRIAGE_RETURN = 0x0d;
const NEWLINE = 0x0a;

/** Chunks decoded and encoded again, each by itself, the text in between changed. */
const eachAsText = (change: (text: string) => string) =>
  readingChunks((chunks) => chunks.map((chunk) => Buffer.from(change(chunk.toString("utf8")))));

const eachAsBytes = (change: (bytes: string) => string) =>
  readingChunks((chunks) =>
    chunks.map((chunk) => Buffer.from(change(chunk.toString("latin1")), "latin1")),
  );

export default property<Case, ReadCall, ReadReply>({
  id: "TRC-8",
  part: "trace",
  statement:
    "a text gives the same requests and the same faults in the same order however its bytes are cut into chunks, whether lines end on LF or CRLF, with or without a byte order mark and a last line end",
  given: values(
    fc.record({
      format: oneOfValues<TraceFormat>(...TRACE_FORMATS),
      isNamed: fc.boolean(),
      rows: fc.array(plainRow("", "", "", "", ...FAULTS), { maxLength: 8, size: "max" }),
      isCrLf: fc.boolean(),
      hasMark: fc.boolean(),
      isEnded: fc.boolean(),
      cuts: fc.array(fc.nat({ max: 600 }), { maxLength: 6 }),
      chunkBytes: oneOfValues(0, 1, 2, 3, 40, 150),
    }),
  ),
  subject: reader,
  scripts: (given) => [[plainCall(given), cutCall(given)]],

  holds(_, [replies = []]) {
    const difference = differs(replies[0], replies[1]);
    return difference && { at: 1, ...difference };
  },

  witnesses: {
    "a cut inside a character": (given) =>
      someCut(given, (bytes, cut) => (bytes.charCodeAt(cut) & 0xc0) === 0x80),
    "a cut between CR and LF": (given) =>
      someCut(
        given,
        (bytes, cut) =>
          bytes.charCodeAt(cut) === NEWLINE && bytes.charCodeAt(cut - 1) === CARRIAGE_RETURN,
      ),
    "a cut inside the mark": (given) => given.hasMark && someCut(given, (_, cut) => cut < 3),
    "one byte at a time": ({ chunkBytes, rows }) => chunkBytes === 1 && rows.length > 0,
    "two faults of different checks": (_, [replies]) =>
      new Set(replies?.[0]?.rejects.map((issue) => /TRACE-\d+/.exec(issue)?.[0])).size > 1,
    "a last row without an end": ({ isEnded }, [replies]) =>
      !isEnded && (replies?.[0]?.requests.length ?? 0) > 0,
  },

  mutants: {
    "decodes each chunk by itself": eachAsText((text) => text),
    "takes CR and LF for one end only within a chunk": eachAsBytes((bytes) =>
      bytes.replaceAll("\r\n", "\n").replaceAll("\r", "\n"),
    ),
    "forgets a last line without an end": readingChunks((chunks) => {
      const whole = Buffer.concat(chunks);
      return [whole.subarray(0, whole.lastIndexOf("\n") + 1)];
    }),
    "looks for a mark in the first chunk alone": readingChunks((chunks) => {
      const isCut = (chunks[0]?.length ?? 3) < 3;
      const hasMark = Buffer.concat(chunks).subarray(0, 3).toString("latin1") === MARK;
      return isCut && hasMark ? [Buffer.from(MARK, "latin1"), ...chunks] : chunks;
    }),
    "holds only the last chunk of a long line": readingChunks((chunks) =>
      chunks.filter((chunk, at) => {
        const next = chunks[at + 1];
        return chunk.includes("\n") || next === undefined || next.includes("\n");
      }),
    ),
    "begins a line with each chunk": readingChunks((chunks) =>
      chunks.flatMap((chunk) => (chunk.at(-1) === NEWLINE ? [chunk] : [chunk, Buffer.from("\n")])),
    ),
  },
});
