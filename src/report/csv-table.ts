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

/**
 * A table as RFC 4180 says: CRLF after every line, quotes where a comma, a quote or a line break needs them. Text that a
 * spreadsheet would run as a formula gets a leading apostrophe; a number stays a number, `-3` too. Nothing is an empty field, and a
 * table without rows is its header.
 */
export const csvTable = ({ columns, rows }: Table): string =>
  stringify(
    [
      columns.map(({ name }) => name),
      ...rows.map((row) => columns.map(({ name }) => plain(row[name] ?? null))),
    ],
    // An empty line would be no row at all, so a lone empty field is quoted.
    { record_delimiter: "\r\n", quoted_match: columns.length === 1 ? /^$/ : null },
  );
