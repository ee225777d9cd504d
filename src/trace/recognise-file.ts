import { isRefused, SpecViolation } from "#base";
import { type Recognised, recogniseFormat } from "./formats/recognise.ts";
import type { ReadOptions } from "./options.ts";
import { createFaults, type Faults } from "./reading/faults.ts";
import type { TraceFile } from "./reading/file.ts";
import { eachLine, type Lines, linesOf } from "./reading/lines.ts";
import { unpack } from "./reading/unpack.ts";

/** How many lines are looked at to tell a format, and how many bytes of them at most. */
const HEAD_LINES = 20;
const HEAD_BYTES = 2 ** 20;

const textsOf = (batches: readonly Lines[]): readonly string[] => {
  const texts: string[] = [];
  for (const batch of batches) eachLine(batch, (line) => texts.push(line.toString("utf8")));
  return texts.slice(0, HEAD_LINES);
};

/** The first lines of a file, with nothing read that is not needed for them. */
const firstLines = async (file: TraceFile, faults: Faults): Promise<readonly string[]> => {
  const { content } = await unpack(file, faults, () => {});
  const head: Lines[] = [];
  let lines = 0;
  let sizeBytes = 0;
  for await (const batch of linesOf(content(), faults)) {
    head.push(batch);
    lines += batch.count;
    sizeBytes += batch.bytes.length;
    if (lines >= HEAD_LINES || sizeBytes >= HEAD_BYTES) break;
  }
  return textsOf(head);
};

/**
 * The format that the options name, or that the file's first lines tell. Throws an `InputError` for a file that is empty, damaged
 * or of no format: nothing more of it can be named.
 */
export const recognise = async (file: TraceFile, options: ReadOptions): Promise<Recognised> => {
  if (options.format !== "auto") return { format: options.format, because: "the format was named" };
  const faults = createFaults(file.name, { reject: () => {} });
  const lines = await firstLines(file, faults);
  const recognised = recogniseFormat(lines);
  if (!isRefused(recognised)) return recognised;
  const isEmpty = faults.count() === 0 && lines.every((line) => line.trim() === "");
  // Of a damaged file too little may have been there to tell it by.
  if (!faults.hasFile()) {
    if (isEmpty)
      faults.file("TRACE-11", "a trace must have at least one request, found nothing in the file");
    else faults.file("TRACE-10", recognised.because);
  }
  faults.settle(false);
  throw new SpecViolation("a file that is not recognised has a fault");
};
