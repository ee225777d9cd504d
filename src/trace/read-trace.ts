import { assert } from "#base";
import type { Recognised } from "./formats/recognise.ts";
import { checkOptions, NAMED, type ReadOptions } from "./options.ts";
import { createFaults, type Faults } from "./reading/faults.ts";
import { type FileHash, hashOf, openTraceFile, type TraceFile } from "./reading/file.ts";
import { type Lines, linesOf } from "./reading/lines.ts";
import { unpack } from "./reading/unpack.ts";
import { createHead } from "./recognise-head.ts";
import type { TraceSink, TraceSource } from "./request.ts";
import { createTextReading, givenStart, startReading, type TextTrace } from "./text-reading.ts";

/** Grows when the same file would come out otherwise than before. */
export const IMPORTER_VERSION = 1;

/** A file that was read: its source, and what became of its lines. */
export type ReadTrace = TraceSource & Pick<TextTrace, "counts">;

/** What a pass over a file saw of its bytes. */
type Pass = { readonly isCompressed: boolean; readonly hash: FileHash | undefined };

/** Reads a file's content once, from its first byte to its last, and gives each batch of lines to `read`. */
const passOver = async (
  file: TraceFile,
  faults: Faults,
  read: (lines: Lines) => void,
  progress: (doneBytes: number) => void,
): Promise<Pass> => {
  const unpacking = await unpack(file, faults, progress);
  for await (const batch of linesOf(unpacking.content(), faults)) read(batch);
  return { isCompressed: unpacking.isCompressed, hash: unpacking.hash() };
};

/** The format that the options name, or that the file's first lines tell, with nothing read that is not needed for them. */
const recognise = async (file: TraceFile, options: ReadOptions): Promise<Recognised> => {
  if (options.format !== "auto") return { format: options.format, because: NAMED };
  const head = createHead(file.name);
  const { content } = await unpack(file, head.faults, () => {});
  for await (const lines of linesOf(content(), head.faults)) {
    if (head.add(lines)) break;
  }
  return head.recognised();
};

/** Names a change of the file between two looks at it. A look without a hash ended early, which is a fault by itself. */
const checkSame = async (
  file: TraceFile,
  before: FileHash | undefined,
  after: FileHash | undefined,
  faults: Faults,
): Promise<void> => {
  const isSame = before === undefined || after === undefined || before.sha256 === after.sha256;
  if (isSame && (await file.isUnchanged())) return;
  faults.file("TRACE-13", "a file must stay the same while it is read, found it changed");
};

const readFile = async (
  file: TraceFile,
  options: ReadOptions,
  sink: TraceSink,
): Promise<ReadTrace> => {
  const recognised = await recognise(file, options);
  const first = startReading(recognised, options, file.name);
  const passes = first === null ? 1 : 2;
  /** Tells how far a pass is, of those before it and itself. */
  const progress =
    (passesDone: number) =>
    (doneBytes: number): void =>
      sink.progress?.(passesDone * file.sizeBytes + doneBytes, passes * file.sizeBytes);

  // A pass for the start sees the hash as well; without one, it is taken unless it is known.
  const early = first && (await passOver(file, first.faults, first.read, progress(0)));
  const before = options.expect ?? (early === null ? await hashOf(file) : early.hash);
  const start = first === null ? givenStart(recognised) : first.start();

  const faults = createFaults(file.name, sink);
  const text = createTextReading({ recognised, options, start }, faults, (request) =>
    sink.request(request),
  );
  const { hash, isCompressed } = await passOver(file, faults, text.read, progress(passes - 1));
  await checkSame(file, before, hash, faults);
  const trace = text.end();
  assert(hash !== undefined, "a file without a fault was read to its end");
  return {
    file: file.name,
    ...hash,
    compressed: isCompressed,
    ...trace,
    importerVersion: IMPORTER_VERSION,
  };
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
