import { createAssembler, type TraceCounts } from "./assemble.ts";
import { type FormatReader, formatReader } from "./formats/readers.ts";
import type { Recognised } from "./formats/recognise.ts";
import { NOT_A_REQUEST } from "./formats/row.ts";
import { conventionsFor, FORMAT_RULES } from "./formats/rules.ts";
import type { ReadOptions } from "./options.ts";
import { createFaults, type Faults } from "./reading/faults.ts";
import type { Lines } from "./reading/lines.ts";
import type { TraceConventions, TraceFormat, TraceRequest, TraceSource } from "./request.ts";
import { isBefore, type Start } from "./timeline.ts";

/** A trace as its text alone tells it, whatever file the text lies in, and what became of the lines. */
export type TextTrace = Recognised &
  Pick<TraceSource, "conventions" | "origin" | "models" | "sessions" | "blockIds"> & {
    readonly counts: TraceCounts;
  };

/** What is known of a text before it is read. */
export type TextBefore = {
  readonly recognised: Recognised;
  readonly options: ReadOptions;
  /** Where the trace starts; null takes the first row. */
  readonly start: Start | null;
};

/** Takes a text's lines in turn, and knows afterwards what trace it is. */
export type TextReading = {
  read(lines: Lines): void;
  /** Throws an `InputError` when the trace cannot be used. */
  end(): TextTrace;
};

/** A first pass over a text, for its start alone. */
export type StartReading = {
  /** Heard by nobody: the second pass names them. */
  readonly faults: Faults;
  read(lines: Lines): void;
  start(): Start | null;
};

const OWN_START: Start = { at: { seconds: 0, nanos: 0 }, text: "" };

/** What reads the start of a text whose rows may stand in any order; null where the start is known without. */
export const startReading = (
  { format }: Recognised,
  options: ReadOptions,
  name: string,
): StartReading | null =>
  format !== "rackproof" && isOrderFree(format, options) ? earliestRow(format, name) : null;

/** The start of a text that was not read for it. */
export const givenStart = ({ format }: Recognised): Start | null =>
  format === "rackproof" ? OWN_START : null;

const isOrderFree = (format: TraceFormat, options: ReadOptions): boolean =>
  options.reorder || FORMAT_RULES[format].rowOrder === "any";

/** The earliest of the sound rows. */
const earliestRow = (format: TraceFormat, name: string): StartReading => {
  const faults = createFaults(name, { reject: () => {} });
  let start: Start | null = null;
  const { read } = formatReader(format, faults, (row) => {
    if (row === null || row === NOT_A_REQUEST || row.at === null) return;
    if (start === null || isBefore(row.at, start.at))
      start = { at: row.at, text: String(row.atText) };
  });
  return { faults, read, start: () => start };
};

const originOf = (start: Start | null, named: string | null, fromNs: number): string => {
  const text = start === null ? "" : (named ?? start.text);
  return `${text}${fromNs === 0 ? "" : ` + ${BigInt(fromNs)} ns`}`;
};

/** The conventions with nothing left open: what was told, what the file said, and no rows of sessions where there were none. */
const settled = (
  { sessionRows, ...conventions }: ReturnType<typeof conventionsFor>,
  reader: FormatReader,
  hasSessions: boolean,
): TraceConventions => ({
  ...conventions,
  sessionRows: hasSessions ? (sessionRows ?? "none") : "none",
  ...reader.conventions(),
});

const counted = (count: number, one: string, many: string): readonly string[] =>
  count === 0 ? [] : [`${count} ${count === 1 ? one : many}`];

/** What a file without a request holds, its header left out. */
const foundInstead = (
  { rejectedRows, outsideWindow, otherLines }: TraceCounts,
  hasHeaderRow: boolean,
): string => {
  const others = Math.max(0, otherLines - (hasHeaderRow ? 1 : 0));
  const found = [
    ...counted(rejectedRows, "faulty row", "faulty rows"),
    ...counted(outsideWindow, "row outside the window", "rows outside the window"),
    ...counted(others, "line that tells of something else", "lines that tell of something else"),
  ];
  return found.length === 0 ? "no rows" : found.join(" and ");
};

const checkNotEmpty = (
  format: TraceFormat,
  counts: TraceCounts,
  skipBadRows: boolean,
  faults: Faults,
): void => {
  if (counts.requests > 0 || faults.hasFile() || (faults.count() > 0 && !skipBadRows)) return;
  const found = foundInstead(counts, format === "rackproof");
  faults.file("TRACE-11", `a trace must have at least one request, found ${found}`);
};

/** Starts reading a text. `keep` is given each request; what is wrong goes to `faults`. */
export const createTextReading = (
  { recognised, options, start }: TextBefore,
  faults: Faults,
  keep: (request: TraceRequest) => void,
): TextReading => {
  const { format } = recognised;
  const { fromNs = 0, toNs = Number.POSITIVE_INFINITY, skipBadRows } = options;
  const conventions = conventionsFor(format, options);
  let otherLines = 0;
  const reader = formatReader(format, faults, (row) => {
    if (row === NOT_A_REQUEST) otherLines += 1;
    else if (row !== null) assembler.take(row);
  });
  const assembler = createAssembler(
    {
      timeField: FORMAT_RULES[format].timeField,
      conventions,
      isOrderFree: isOrderFree(format, options),
      start,
      fromNs,
      toNs,
      nameOf: reader.nameOf,
    },
    faults,
    keep,
  );
  return {
    read: reader.read,
    end() {
      const counts = { ...assembler.counts(), rejectedRows: faults.rows(), otherLines };
      checkNotEmpty(format, counts, skipBadRows, faults);
      faults.settle(skipBadRows);
      return {
        ...recognised,
        conventions: settled(conventions, reader, assembler.hasSessions()),
        origin: originOf(assembler.start(), reader.origin(), fromNs),
        models: assembler.models,
        sessions: assembler.sessions,
        blockIds: assembler.blockIds(),
        counts,
      };
    },
  };
};
