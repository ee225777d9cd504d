import fc from "fast-check";
import { TRACE_FORMATS, type TraceFormat } from "#trace";
import { differs, type Finding, finding, oneOfValues, property, sequences, values } from "#verify";
import { faultyRows } from "./faulty-rows.ts";
import { FAULTS, type PlainRow, plainRow } from "./plain-row.ts";
import { type PlainLine, plainLines, plainOptions } from "./plain-rows.ts";
import {
  breakingRead,
  linesNamed,
  type ReadCall,
  type ReadReply,
  reader,
  readingAs,
} from "./read-text.ts";

type Case = { readonly format: TraceFormat; readonly rows: readonly PlainRow[] };

const call = (
  format: TraceFormat,
  lines: readonly PlainLine[],
  skipBadRows: boolean,
): ReadCall => ({
  bytes: lines.map(({ bytes }) => `${bytes}\n`).join(""),
  cuts: [],
  options: { ...plainOptions(format), skipBadRows },
});

const isSound =
  (faulty: readonly boolean[]) =>
  ({ row }: PlainLine): boolean =>
    row < 0 || faulty[row] === false;

/** The lines that are to be named. */
const faultyLines = ({ format, rows }: Case): readonly number[] => {
  const sound = isSound(faultyRows(format, rows));
  return plainLines(format, rows).flatMap((line, at) => (sound(line) ? [] : [at + 1]));
};

/** All of a reply but what tells of faulty rows. */
const kept = ({ requests, source }: ReadReply) => ({
  requests,
  source: source && { ...source, counts: { ...source.counts, rejectedRows: 0 } },
});

/** What is wrong with how the faulty lines were named. */
const misnamed = (lines: readonly number[], told: readonly string[]): Finding | undefined => {
  const named = differs(lines, [...new Set(linesNamed(told))]);
  if (named) return { at: 0, ...named, about: "the lines named as faulty" };
  const isTwice = new Set(told).size < told.length;
  return isTwice ? finding(0, "each fault named once", told as string[]) : undefined;
};

const without = (call: ReadCall, lines: readonly number[]): ReadCall => ({
  ...call,
  bytes: call.bytes
    .split("\n")
    .filter((_, at) => !lines.includes(at + 1))
    .join("\n"),
});

/** The name of the conversation that a line of JSON speaks of. */
const sessionIn = (line: string): string | undefined =>
  /"session(?:_id)?":"([^"]*)"/.exec(line)?.[1];

/** The formats whose rows refer to rows above them. */
const REMEMBERING: readonly TraceFormat[] = ["rackproof", "mooncake", "qwen-bailian"];

export default property<Case, ReadCall, ReadReply>({
  id: "TRC-10",
  part: "trace",
  statement:
    "a faulty row that is passed over leaves nothing behind: the rest is what it would be without such rows, and each of them is named with its line; where none may be passed over, nothing is delivered and the same lines are named",
  given: values<Case>(
    fc.record({
      format: oneOfValues<TraceFormat>(...TRACE_FORMATS),
      rows: fc.array(plainRow("", "", "", "", "", "", "late", "late", ...FAULTS), {
        maxLength: 8,
        size: "max",
      }),
    }),
    function* () {
      const row = { gapMs: 1, blocks: [0], spare: 0, output: 1, chat: 0, waits: true, note: "n" };
      const alphabet = (["", "late", "negative"] as const).map((fault) => ({ ...row, fault }));
      for (const format of REMEMBERING) {
        for (const rows of sequences(alphabet, 3)) yield { format, rows };
      }
    },
  ),
  subject: reader,
  scripts: ({ format, rows }) => {
    const lines = plainLines(format, rows);
    const sound = lines.filter(isSound(faultyRows(format, rows)));
    return [
      [call(format, lines, true)],
      [call(format, sound, false)],
      [call(format, lines, false)],
    ];
  },

  holds(given, replies) {
    const [skipping, clean, strict] = replies.map(([reply]) => reply);
    if (!skipping || !clean || !strict) return finding(0, "three replies", "fewer");
    const lines = faultyLines(given);
    const wrong = misnamed(lines, skipping.rejects) ?? misnamed(lines, strict.rejects);
    if (wrong) return wrong;
    const rest = differs(kept(clean), kept(skipping));
    if (rest) return { at: 0, ...rest, about: "the trace without its faulty rows" };
    if (lines.length === 0) return undefined;
    if (strict.source !== null || strict.requests.length > 0) {
      return finding(0, "nothing delivered", strict.requests.length, "where no row may be bad");
    }
    const thrown = differs(lines, [...new Set(linesNamed(strict.faults))]);
    return thrown && { at: 0, ...thrown, about: "the lines that the error names" };
  },

  witnesses: {
    "faulty rows among sound ones": (given, [replies]) =>
      faultyLines(given).length > 0 && (replies?.[0]?.requests.length ?? 0) > 1,
    "a row that is faulty only because of another": ({ format, rows }) =>
      faultyRows(format, rows).some((faulty, at) => faulty && rows[at]?.fault === ""),
    "a row that comes before one above it": ({ format, rows }) =>
      faultyRows(format, rows).some((faulty, at) => faulty && rows[at]?.fault === "late"),
    "a conversation that only faulty rows speak of": ({ format, rows }) => {
      const faulty = faultyRows(format, rows);
      const sound = rows.filter((_, at) => faulty[at] === false).map(({ chat }) => chat);
      return rows.some(({ chat }) => chat >= 0 && !sound.includes(chat));
    },
    "a file of faulty rows alone": ({ format, rows }) =>
      rows.length > 0 && faultyRows(format, rows).every((faulty) => faulty),
  },

  mutants: {
    "passes over the row below as well": breakingRead((reply, call, read) => {
      const faulty = linesNamed(reply.rejects);
      const below = faulty.map((line) => line + 1).filter((line) => !faulty.includes(line));
      const again = read(without(call, below));
      return { ...again, rejects: reply.rejects };
    }),
    "names the first faulty row alone": breakingRead((reply) => ({
      ...reply,
      rejects: reply.rejects.slice(0, 1),
    })),
    "counts rows instead of lines": readingAs((call) => ({
      ...call,
      bytes: call.bytes.replaceAll(/\n\n+/g, "\n"),
    })),
    "reads what is no UTF-8 as best it can": readingAs((call) => ({
      ...call,
      bytes: call.bytes.replaceAll("\xff", "?"),
    })),
    "delivers what stands above the first faulty row": breakingRead((reply, call, read) => {
      const [first] = linesNamed(reply.faults);
      if (first === undefined) return reply;
      const bytes = call.bytes.split("\n").slice(0, first - 1);
      return { ...reply, requests: read({ ...call, bytes: bytes.join("\n") }).requests };
    }),
    "numbers the conversations of rows that it passes over": breakingRead((reply, call) => {
      if (reply.source === null) return reply;
      const lines = call.bytes.split("\n");
      const spoken = linesNamed(reply.rejects).map((line) => sessionIn(lines[line - 1] ?? ""));
      const sessions = [...reply.source.sessions, ...spoken.filter((name) => name !== undefined)];
      return { ...reply, source: { ...reply.source, sessions: [...new Set(sessions)] } };
    }),
  },
});
