import { assert } from "#base";
import { createAssembler, type TraceCounts } from "./assemble.ts";
import { type FormatReader, formatReader } from "./formats/readers.ts";
import type { Recognised } from "./formats/recognise.ts";
import { NOT_A_REQUEST, type RowResult } from "./formats/row.ts";
import { conventionsFor, FORMAT_RULES } from "./formats/rules.ts";
import { checkOptions, type ReadOptions } from "./options.ts";
import { createFaults, type Faults } from "./reading/faults.ts";
import { type FileHash, hashOf, openTraceFile, type TraceFile } from "./reading/file.ts";
import { type Lines, linesOf } from "./reading/lines.ts";
import { unpack } from "./reading/unpack.ts";
import { recognise } from "./recognise-file.ts";
import type { TraceConventions, TraceSink, TraceSource } from "./request.ts";
import { isBefore, type Start } from "./timeline.ts";

/** Grows when the same file would come out otherwise than before. */
export const IMPORTER_VERSION = 1;

/** A file that was read: its source, and what became of its lines. */
export type ReadTrace = TraceSource & { readonly counts: TraceCounts };

/** One reading of a file, with what is known before it. */
type Reading = {
  readonly file: TraceFile;
  readonly options: ReadOptions;
  readonly recognised: Recognised;
  readonly faults: Faults;
  /** Told the bytes that were read so far. */
  progress(doneBytes: number): void;
};

/** What a pass over a file saw of its bytes. */
type Pass = { readonly isCompressed: boolean; readonly hash: FileHash | undefined };

/** Reads a file's content once, from its first byte to its last, and gives each batch of lines to `read`. */
const passOver = async (
  { file, faults, progress }: Reading,
  read: (lines: Lines) => void,
): Promise<Pass> => {
  const unpacking = await unpack(file, faults, progress);
  for await (const batch of linesOf(unpacking.content(), faults)) read(batch);
  return { isCompressed: unpacking.isCompressed, hash: unpacking.hash() };
};

/** The earliest of the file's sound rows: where the trace starts when its rows may stand in any order. */
const earliest = async (
  reading: Reading,
): Promise<{ readonly pass: Pass; readonly start: Start | null }> => {
  const faults = createFaults(reading.file.name, { reject: () => {} });
  let start: Start | null = null;
  const take = (row: RowResult): void => {
    if (row === null || row === NOT_A_REQUEST || row.at === null) return;
    if (start === null || isBefore(row.at, start.at))
      start = { at: row.at, text: String(row.atText) };
  };
  const reader = formatReader(reading.recognised.format, faults, take);
  const pass = await passOver({ ...reading, faults }, reader.read);
  return { pass, start };
};

/** The hash that the file had before it was read, and the trace's start where it must be known by then. */
const prepare = async (
  reading: Reading,
): Promise<{ readonly before: FileHash | undefined; readonly start: Start | null }> => {
  const { file, options, recognised } = reading;
  const isFixed = recognised.format === "rackproof";
  const start: Start | null = isFixed ? { at: { seconds: 0, nanos: 0 }, text: "" } : null;
  if (isFixed || !isOrderFree(recognised, options)) {
    return { before: options.expect ?? (await hashOf(file)), start };
  }
  const found = await earliest(reading);
  return { before: options.expect ?? found.pass.hash, start: found.start };
};

const isOrderFree = ({ format }: Recognised, options: ReadOptions): boolean =>
  options.reorder || FORMAT_RULES[format].rowOrder === "any";

const originOf = (start: Start | null, fromNs: number): string =>
  `${start?.text ?? ""}${fromNs === 0 ? "" : ` + ${BigInt(fromNs)} ns`}`;

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

/** Names what only the whole file shows, and throws if it cannot be used. */
const checkWhole = async (
  { file, faults, options }: Reading,
  hashes: readonly [before: FileHash | undefined, after: FileHash | undefined],
  counts: TraceCounts,
): Promise<FileHash> => {
  const [before, after] = hashes;
  // Without a hash the content ended early, which is a fault by itself.
  const isSame = before === undefined || after === undefined || before.sha256 === after.sha256;
  if (!isSame || !(await file.isUnchanged())) {
    faults.file("TRACE-13", "a file must stay the same while it is read, found it changed");
  }
  const isEmpty = counts.requests === 0 && (faults.count() === 0 || options.skipBadRows);
  if (isEmpty && !faults.hasFile()) {
    const lines = counts.rejectedRows + counts.outsideWindow + counts.otherLines;
    faults.file("TRACE-11", `a trace must have at least one request, found ${lines} other lines`);
  }
  faults.settle(options.skipBadRows);
  assert(after !== undefined, "a file without a fault was read to its end");
  return after;
};

const readFile = async (
  file: TraceFile,
  options: ReadOptions,
  sink: TraceSink,
): Promise<ReadTrace> => {
  const recognised = await recognise(file, options);
  const conventions = conventionsFor(recognised.format, options);
  const faults = createFaults(file.name, sink);
  const passes = recognised.format !== "rackproof" && isOrderFree(recognised, options) ? 2 : 1;
  let passesDone = 0;
  const progress = (doneBytes: number): void =>
    sink.progress?.(passesDone * file.sizeBytes + doneBytes, passes * file.sizeBytes);
  const reading: Reading = { file, options, recognised, faults, progress };
  const { before, start } = await prepare(reading);
  passesDone = passes - 1;

  let otherLines = 0;
  const reader = formatReader(recognised.format, faults, (row) => {
    if (row === NOT_A_REQUEST) otherLines += 1;
    else if (row !== null) assembler.take(row);
  });
  const fromNs = options.fromNs ?? 0;
  const toNs = options.toNs ?? Number.POSITIVE_INFINITY;
  const assembler = createAssembler(
    {
      timeField: FORMAT_RULES[recognised.format].timeField,
      conventions,
      isOrderFree: isOrderFree(recognised, options),
      start,
      fromNs,
      toNs,
      nameOf: reader.nameOf,
    },
    faults,
    (request) => sink.request(request),
  );
  const pass = await passOver(reading, reader.read);
  const counts = { ...assembler.counts(), rejectedRows: faults.rows(), otherLines };
  const { sha256, sizeBytes } = await checkWhole(reading, [before, pass.hash], counts);
  return {
    file: file.name,
    sha256,
    sizeBytes,
    compressed: pass.isCompressed,
    ...recognised,
    conventions: settled(conventions, reader, assembler.hasSessions()),
    origin: originOf(named(assembler.start(), reader), fromNs),
    models: assembler.models,
    sessions: assembler.sessions,
    blockIds: assembler.blockIds(),
    importerVersion: IMPORTER_VERSION,
    counts,
  };
};

const named = (start: Start | null, reader: FormatReader): Start | null => {
  const origin = reader.origin();
  return start === null || origin === null ? start : { ...start, text: origin };
};

/**
 * Reads a trace file of any of the formats, gzip or not, and gives `sink` its requests one at a time. Memory holds a chunk, the
 * ids and the names, not the rows. Throws an `InputError` with every fault of the options; of the file as a whole; and, unless
 * they are to be skipped, of its rows, of which it carries the first `FAULTS_CARRIED` and `sink.reject` hears all. The sink has
 * then been given requests already, which its keeper must drop. A fault that the sink throws ends the reading.
 */
export const readTrace = async (
  path: string,
  options: ReadOptions,
  sink: TraceSink,
): Promise<ReadTrace> => {
  checkOptions(options);
  const file = await openTraceFile(path);
  try {
    return await readFile(file, options, sink);
  } finally {
    await file.close();
  }
};
