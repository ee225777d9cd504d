import { CsvError, parse } from "csv-parse/sync";
import { InputError, type Issue, shown } from "#base";
import { TRACE_FORMATS, type TraceFormat } from "./request.ts";

/**
 * A public trace: where it is, under which licence, and what it must measure. Figures that nobody
 * vouches for are null.
 */
export type CatalogueEntry = {
  readonly name: string;
  readonly format: TraceFormat;
  /** Its place without a host: `owner/repository/path` on a forge. */
  readonly where: string;
  readonly licence: string;
  /** Of the file as it is published, in hex. */
  readonly sha256: string | null;
  readonly rows: number | null;
  readonly inputTokensMean: number | null;
  readonly inputTokensP50: number | null;
  readonly outputTokensMean: number | null;
  readonly outputTokensP50: number | null;
  readonly blockRefs: number | null;
  readonly distinctBlocks: number | null;
  readonly idealPrefixHit: number | null;
  /** Where the figures come from. */
  readonly source: string;
};

type Cells = Readonly<Record<string, string | undefined>>;

const COLUMNS = [
  "name",
  "format",
  "where",
  "licence",
  "sha256",
  "rows",
  "input_tokens_mean",
  "input_tokens_p50",
  "output_tokens_mean",
  "output_tokens_p50",
  "block_refs",
  "distinct_blocks",
  "ideal_prefix_hit",
  "source",
] as const;

/**
 * A record with the line it ends on, which is what csv-parse gives when asked for `info`, though
 * its types do not say so.
 */
type CsvRecord = { readonly info: { readonly lines: number }; readonly record: readonly string[] };

const recordsOf = (csv: string, file: string): readonly CsvRecord[] => {
  const options = { bom: true, info: true, relax_column_count: true, skip_empty_lines: true };
  try {
    return parse(csv, options) as unknown as readonly CsvRecord[];
  } catch (thrown) {
    if (!(thrown instanceof CsvError)) throw thrown;
    const message = `a catalogue must be CSV with its quotes closed, found: ${thrown.message}`;
    throw new InputError([{ code: "TRACE-6", message, file }]);
  }
};

const entryOf = (cells: Cells, complain: (message: string) => void): CatalogueEntry => {
  const text = (column: string): string => {
    const cell = cells[column] ?? "";
    if (cell === "") complain(`${column} must not be empty, found ""`);
    return cell;
  };
  const figure = (column: string): number | null => {
    const cell = cells[column] ?? "";
    if (cell === "") return null;
    if (!/^\d+(\.\d+)?$/.test(cell)) complain(`${column} must be a number, found ${shown(cell)}`);
    return Number(cell);
  };
  const format = TRACE_FORMATS.find((known) => known === cells["format"]);
  if (format === undefined) {
    complain(`format must be one of ${TRACE_FORMATS.join(", ")}, found ${shown(cells["format"])}`);
  }
  const sha256 = cells["sha256"] ?? "";
  if (!/^([0-9a-f]{64})?$/.test(sha256)) {
    complain(`sha256 must be 64 hexadecimal digits, found ${shown(sha256)}`);
  }
  return {
    name: text("name"),
    format: format ?? "rackproof",
    where: text("where"),
    licence: text("licence"),
    sha256: sha256 === "" ? null : sha256,
    rows: figure("rows"),
    inputTokensMean: figure("input_tokens_mean"),
    inputTokensP50: figure("input_tokens_p50"),
    outputTokensMean: figure("output_tokens_mean"),
    outputTokensP50: figure("output_tokens_p50"),
    blockRefs: figure("block_refs"),
    distinctBlocks: figure("distinct_blocks"),
    idealPrefixHit: figure("ideal_prefix_hit"),
    source: text("source"),
  };
};

/**
 * Reads a catalogue of public traces from its CSV text, whose header names the columns in any
 * order. Throws an `InputError` with every fault found (TRACE-4 for a missing column or an unusable
 * cell, TRACE-6 for a row of another length); `file` is for its messages.
 */
export const readCatalogue = (csv: string, file: string): readonly CatalogueEntry[] => {
  const records = recordsOf(csv, file);
  const header = records[0]?.record ?? [];
  const issues: Issue[] = COLUMNS.filter((column) => !header.includes(column)).map((column) => ({
    code: "TRACE-4",
    message: `the header must name ${column}, found ${shown(header)}`,
    file,
    line: 1,
  }));
  if (issues.length > 0) throw new InputError(issues);
  const entries = records.slice(1).map(({ info: { lines: line }, record }) => {
    const complain = (message: string): void => {
      issues.push({ code: "TRACE-4", message, file, line });
    };
    if (record.length !== header.length) {
      const message = `a row must have ${header.length} fields, found ${record.length}`;
      issues.push({ code: "TRACE-6", message, file, line });
    }
    return entryOf(Object.fromEntries(header.map((name, at) => [name, record[at]])), complain);
  });
  if (issues.length > 0) throw new InputError(issues);
  return entries;
};
