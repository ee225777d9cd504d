import { parse } from "csv-parse/sync";
import type { Faults } from "../reading/faults.ts";
import { eachLine, emptied, type Lines } from "../reading/lines.ts";
import type { RowResult } from "./row.ts";

/** Where a file has its columns. */
type Columns = {
  /** A column's place; −1 when the file has none of that name. */
  of(name: string): number;
  /** The fields that no column of the format models, as canonical JSON; "" when there are none. Empty fields are left out. */
  extra(fields: readonly string[]): string;
};

/** A CSV format: which columns it needs, and what a row of them is. */
export type CsvFormat = {
  readonly required: readonly string[];
  /** The columns that go into a request's own fields; the rest are its `extra`. */
  readonly modelled: readonly string[];
  rowReader(columns: Columns): (fields: readonly string[], faults: Faults) => RowResult;
};

const QUOTE = 0x22;

const OPTIONS = { record_delimiter: ["\r\n", "\n"], relax_column_count: true };

const parsed = (bytes: Buffer): string[][] => parse(bytes, OPTIONS) as string[][];

const CARRIAGE_RETURN = 0x0d;

/** A line's fields, or the reason why it has none. A CR at its end is half of an end that was cut off. */
const fieldsOf = (line: Buffer): readonly string[] | string => {
  try {
    return parsed(line.at(-1) === CARRIAGE_RETURN ? line.subarray(0, -1) : line)[0] ?? [""];
  } catch {
    return "a quote in the middle of a field";
  }
};

const isBlank = (fields: readonly string[]): boolean => fields.length === 1 && fields[0] === "";

const hasEvenQuotes = (line: Buffer): boolean => {
  let count = 0;
  for (let at = line.indexOf(QUOTE); at !== -1; at = line.indexOf(QUOTE, at + 1)) count += 1;
  return count % 2 === 0;
};

/** The records of lines that have quotes: a field must end on its line, or one stray quote would swallow the rest of the file. */
const quotedRecords = (lines: Lines, faults: Faults): readonly (readonly string[])[] => {
  const refuse = (number: number, what: string): void => {
    faults.line = number;
    faults.row("TRACE-6", `a quoted field must end before its comma or line does, found ${what}`);
  };
  const closed = emptied(lines, (line, number) => {
    if (hasEvenQuotes(line)) return true;
    refuse(number, "an open quote");
    return false;
  });
  try {
    return parsed(closed.bytes);
  } catch {
    const records: (readonly string[])[] = [];
    eachLine(closed, (line, number) => {
      const fields = fieldsOf(line);
      if (typeof fields === "string") refuse(number, fields);
      records.push(typeof fields === "string" ? [""] : fields);
    });
    return records;
  }
};

/** The fields of a header; undefined when the line is none. */
export const headerOf = (line: string): readonly string[] | undefined => {
  const fields = fieldsOf(Buffer.from(line));
  return typeof fields === "string" || isBlank(fields)
    ? undefined
    : fields.map((name) => name.trim());
};

const extraValue = (text: string): string => {
  const number = Number(text);
  return Number.isFinite(number) && String(number) === text ? text : JSON.stringify(text);
};

const columnsOf = (header: readonly string[], modelled: readonly string[]): Columns => {
  const extras = header
    .flatMap((name, at) =>
      modelled.includes(name) ? [] : [{ name, at, key: JSON.stringify(name) }],
    )
    .toSorted((left, right) => (left.name < right.name ? -1 : 1));
  return {
    of: (name) => header.indexOf(name),
    extra: (fields) => {
      if (extras.length === 0) return "";
      const parts = extras
        .filter(({ at }) => fields[at] !== "")
        .map(({ at, key }) => `${key}:${extraValue(fields[at] ?? "")}`);
      return parts.length === 0 ? "" : `{${parts.join(",")}}`;
    },
  };
};

const checkHeader = (
  header: readonly string[],
  required: readonly string[],
  faults: Faults,
): boolean => {
  const missing = required.filter((name) => !header.includes(name));
  if (missing.length > 0) {
    const names = header.map((name) => JSON.stringify(name)).join(", ");
    faults.file(
      "TRACE-4",
      `the header must name ${missing.join(", ")}, found ${names}`,
      faults.line,
    );
  }
  const twice = header.find((name, at) => header.indexOf(name) !== at);
  if (twice !== undefined) {
    faults.file(
      "TRACE-6",
      `the header must name a column once, found ${JSON.stringify(twice)} twice`,
      faults.line,
    );
  }
  return missing.length === 0 && twice === undefined;
};

/**
 * Reads rows by the names in the header, whatever their order. Each line is one record; `take` is given each sound one with
 * `faults.line` set. Calls after a header that lacks a column do nothing.
 */
export const csvReader = (
  format: CsvFormat,
  faults: Faults,
  take: (row: RowResult) => void,
): ((lines: Lines) => void) => {
  let width = 0;
  let rowOf: ReturnType<CsvFormat["rowReader"]> | null = null;
  let isUnusable = false;

  const start = (fields: readonly string[]): void => {
    const header = fields.map((name) => name.trim());
    width = header.length;
    if (checkHeader(header, format.required, faults))
      rowOf = format.rowReader(columnsOf(header, format.modelled));
    else isUnusable = true;
  };
  const record = (fields: readonly string[]): void => {
    if (fields.length !== width) {
      if (isBlank(fields)) return;
      if (rowOf !== null) {
        faults.row(
          "TRACE-6",
          `a row must have the header's ${width} fields, found ${fields.length}`,
        );
        return;
      }
    }
    if (rowOf === null) start(fields);
    else take(rowOf(fields, faults));
  };
  return (lines) => {
    if (isUnusable) return;
    const records = lines.bytes.includes(QUOTE)
      ? quotedRecords(lines, faults)
      : parsed(lines.bytes);
    for (let at = 0; at < records.length && !isUnusable; at += 1) {
      faults.line = lines.first + at;
      record(records[at] as readonly string[]);
    }
  };
};
