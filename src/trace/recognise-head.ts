import { InputError, type Issue, isRefused } from "#base";
import { type Recognised, recogniseFormat } from "./formats/recognise.ts";
import { createFaults, type Faults } from "./reading/faults.ts";
import { eachLine, type Lines } from "./reading/lines.ts";

/** How many lines are looked at to tell a format, and how many bytes of them at most. */
const HEAD_LINES = 20;
const HEAD_BYTES = 2 ** 20;

/** A text's first lines, by which its format is told. */
export type Head = {
  /** What is wrong with the lines; told only when no format is. */
  readonly faults: Faults;
  /** Takes lines until there are enough, and says whether there are. */
  add(lines: Lines): boolean;
  /** Throws an `InputError` for a text that is empty, damaged or of no format: nothing more of it can be named. */
  recognised(): Recognised;
};

/** A head without lines, of the text that faults call `name`. */
export const createHead = (name: string): Head => {
  const heard: Issue[] = [];
  const faults = createFaults(name, { reject: (issue) => heard.push(issue) });
  const lines: string[] = [];
  let sizeBytes = 0;
  const isEnough = (): boolean => lines.length >= HEAD_LINES || sizeBytes >= HEAD_BYTES;
  /** Of the head's own lines: how many more came with them in a batch must not show. */
  const ownFaults = (): readonly Issue[] =>
    heard.filter(({ line }) => !isEnough() || (line ?? 0) <= lines.length);

  return {
    faults,
    add(batch) {
      eachLine(batch, (line) => {
        if (isEnough()) return;
        lines.push(line.toString("utf8"));
        sizeBytes += line.length;
      });
      return isEnough();
    },
    recognised() {
      const recognised = recogniseFormat(lines);
      if (!isRefused(recognised)) return recognised;
      // Of a damaged file too little may have been there to tell it by.
      if (faults.hasFile()) faults.settle(false);
      faults.tell();
      const own = ownFaults();
      const isEmpty = own.length === 0 && lines.every((line) => line.trim() === "");
      const issue: Issue = isEmpty
        ? {
            code: "TRACE-11",
            message: "a trace must have at least one request, found nothing in the file",
            file: name,
          }
        : { code: "TRACE-10", message: recognised.because, file: name };
      throw new InputError([issue, ...own]);
    },
  };
};
