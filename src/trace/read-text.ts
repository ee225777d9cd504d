import type { Recognised } from "./formats/recognise.ts";
import { checkOptions, NAMED, type ReadOptions } from "./options.ts";
import { createFaults } from "./reading/faults.ts";
import { linesIn } from "./reading/lines.ts";
import { createHead } from "./recognise-head.ts";
import type { TraceSink } from "./request.ts";
import { createTextReading, givenStart, startReading, type TextTrace } from "./text-reading.ts";

/** A text in memory. */
export type TraceText = {
  /** What its faults call it. */
  readonly name: string;
  /** Its bytes, cut anywhere; gone through up to three times. */
  readonly chunks: Iterable<Uint8Array>;
};

const recognise = ({ name, chunks }: TraceText, options: ReadOptions): Recognised => {
  if (options.format !== "auto") return { format: options.format, because: NAMED };
  const head = createHead(name);
  for (const lines of linesIn(chunks, head.faults)) {
    if (head.add(lines)) break;
  }
  return head.recognised();
};

/**
 * Reads a trace from a text that is there already: what `readTrace` does for a file, with the same faults, but for those that
 * only a file can have. Gzip is not unpacked.
 */
export const readText = (
  text: TraceText,
  options: Omit<ReadOptions, "expect">,
  sink: Omit<TraceSink, "progress">,
): TextTrace => {
  checkOptions(options);
  const recognised = recognise(text, options);
  const first = startReading(recognised, options, text.name);
  if (first !== null) {
    for (const lines of linesIn(text.chunks, first.faults)) first.read(lines);
  }
  const start = first === null ? givenStart(recognised) : first.start();
  const faults = createFaults(text.name, sink);
  const reading = createTextReading({ recognised, options, start }, faults, (request) =>
    sink.request(request),
  );
  for (const lines of linesIn(text.chunks, faults)) reading.read(lines);
  return reading.end();
};
