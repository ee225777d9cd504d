import { stringify } from "csv-stringify/sync";
import { assert } from "#base";
import type { Cell, Table } from "./table.ts";

/** What makes a spreadsheet read text as a formula, wide forms included. */
const FORMULA = /^[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/;

const plain = (cell: Cell): string => {
  if (cell === null) return "";
  if (typeof cell === "string") return FORMULA.test(cell) ? `'${cell}` : cell;
  // A spreadsheet has no way to say them, and would read them as text.
  assert(typeof cell !== "number" || Number.isFinite(cell), "a number in a table is finite", cell);
  return String(cell);
};

const lines = (rows: readonly (readonly string[])[], width: number): string =>
  // An empty line would be no row at all, so a lone empty field is quoted.
  stringify([...rows], { record_delimiter: "\r\n", quoted_match: width === 1 ? /^$/ : null });

/**
 * A table as RFC 4180 says: CRLF after every line, quotes where a comma, a quote or a line break needs them. Text that a
 * spreadsheet would run as a formula gets a leading apostrophe; a number stays a number, `-3` too. Nothing is an empty field, and a
 * table without rows is its header.
 */
export const csvTable = ({ columns, rows }: Table): string =>
  lines(
    [
      columns.map(({ name }) => name),
      ...rows.map((row) => columns.map(({ name }) => plain(row[name] ?? null))),
    ],
    columns.length,
  );

/** How many rows of a stream are written at once. */
const PIECE = 512;

/** Any number of rows, a piece of text at a time, in the same way: the header, then each row's cells in the header's order. */
export function* csvPieces(
  header: readonly string[],
  rows: Iterable<readonly Cell[]>,
): Generator<string, void, undefined> {
  let waiting: string[][] = [[...header]];
  for (const row of rows) {
    waiting.push(row.map(plain));
    if (waiting.length < PIECE) continue;
    yield lines(waiting, header.length);
    waiting = [];
  }
  if (waiting.length > 0) yield lines(waiting, header.length);
}
