import { CsvError, parse } from "csv-parse/sync";
import { InputError } from "#base";

/** A place in a file, both counted from 1; columns in UTF-16 code units. */
export type Place = { readonly line: number; readonly column: number };

/** One record of a CSV file, and where it stands. */
export type Row = {
  readonly fields: readonly string[];
  /** The line that it begins on. */
  readonly line: number;
  /** Where in the file a character of a field stands, counted from 0 in the field's own text: after its quote, and past quotes written twice. */
  readonly placeOf: (field: number, at: number) => Place;
};

/** What csv-parse gives when asked for `info`, though its types do not say so. */
type Parsed = {
  readonly record: readonly string[];
  readonly info: { readonly bytes: number };
};

const NEW_LINE = /\r\n|\n|\r/g;

const linesIn = (text: string): number => text.match(NEW_LINE)?.length ?? 0;

/** The place at `index` of a text that begins on `line`. */
const placeIn = (text: string, index: number, line: number): Place => {
  const before = text.slice(0, index);
  const start = Math.max(before.lastIndexOf("\n"), before.lastIndexOf("\r")) + 1;
  return { line: line + linesIn(before), column: index - start + 1 };
};

/** Where a field begins in the text of its record, its quote included. */
const fieldStart = (text: string, field: number): number => {
  let [fields, isQuoted, at] = [0, false, 0];
  for (; at < text.length && fields < field; at += 1) {
    if (text[at] === '"') isQuoted = !isQuoted;
    else if (text[at] === "," && !isQuoted) fields += 1;
  }
  return at;
};

/** The index in a record's text of a character of a field. */
const indexOf = (text: string, field: number, at: number): number => {
  const start = fieldStart(text, field);
  if (text[start] !== '"') return start + at;
  let index = start + 1;
  for (let passed = 0; passed < at; passed += 1) index += text[index] === '"' ? 2 : 1;
  return index;
};

/** Where the quote stands that is still open at the end. */
const openQuote = (csv: string): Place => {
  let open = -1;
  for (let at = 0; at < csv.length; at += 1) {
    if (csv[at] !== '"') continue;
    if (open === -1) open = at;
    else if (csv[at + 1] === '"') at += 1;
    else open = -1;
  }
  return placeIn(csv, Math.max(0, open), 1);
};

const fault = (thrown: CsvError, csv: string, file: string): InputError => {
  const isOpen = thrown.code === "CSV_QUOTE_NOT_CLOSED";
  const found = isOpen ? "one that is open to the end of the file" : thrown.message;
  const line = Number((thrown as unknown as { lines?: number }).lines ?? 1);
  const place = isOpen ? openQuote(csv) : { line };
  const message = `a file of claims must be CSV with its quotes closed, found ${found}`;
  return new InputError([{ code: "CLAIM-1", message, file, ...place }]);
};

const parsed = (csv: string, file: string): readonly Parsed[] => {
  const options = { info: true, relax_column_count: true, skip_empty_lines: true };
  try {
    return parse(csv, options) as unknown as readonly Parsed[];
  } catch (thrown) {
    if (thrown instanceof CsvError) throw fault(thrown, csv, file);
    throw thrown;
  }
};

/**
 * The records of a CSV file (RFC 4180; LF or CRLF; a byte order mark is passed over), empty lines left out. Throws an `InputError` (CLAIM-1)
 * with its place when quotes are not closed or stand inside a field.
 */
export const recordsOf = (csv: string, file: string): readonly Row[] => {
  const text = csv.startsWith("\uFEFF") ? csv.slice(1) : csv;
  const bytes = new TextEncoder().encode(text);
  const decoder = new TextDecoder();
  // csv-parse counts a line break between quotes twice when it is CRLF, so lines are counted here.
  let [end, lines] = [0, 1];
  return parsed(text, file).map(({ record, info }) => {
    const whole = decoder.decode(bytes.subarray(end, info.bytes));
    const own = whole.replace(/^[\r\n]+/, "");
    const line = lines + linesIn(whole.slice(0, whole.length - own.length));
    [end, lines] = [info.bytes, lines + linesIn(whole)];
    return {
      fields: record,
      line,
      placeOf: (field, at) => placeIn(own, indexOf(own, field, at), line),
    };
  });
};
