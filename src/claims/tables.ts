import type { Judged } from "./audit.ts";

/** A table of the document: its rows and columns, in words of our own. */
export type ClaimTable = {
  readonly id: string;
  readonly title: string;
  readonly rows: readonly string[];
  readonly columns: readonly string[];
};

const TABLE = /^table ([^/]+)\/([^/]+)\/([^/]+)/;

/** Which table, row and column a place is in; undefined when it is in no table. */
export const cellOf = (
  place: string,
): { readonly table: string; readonly row: string; readonly column: string } | undefined => {
  const [, table, row, column] = TABLE.exec(place) ?? [];
  return table === undefined || row === undefined || column === undefined
    ? undefined
    : { table, row, column };
};

const different = (words: readonly string[]): readonly string[] => [...new Set(words)];

/** The tables that claims speak of, with rows and columns in the order in which they come up; titles and order as declared, where they are. */
export const tablesOf = (
  judged: readonly Judged[],
  declared: readonly ClaimTable[] = [],
): readonly ClaimTable[] => {
  const cells = judged.flatMap(({ claim }) => cellOf(claim.place) ?? []);
  const others = different(cells.map(({ table }) => table))
    .filter((id) => !declared.some((table) => table.id === id))
    .map((id): ClaimTable => {
      const own = cells.filter(({ table }) => table === id);
      const rows = different(own.map(({ row }) => row));
      return { id, title: id, rows, columns: different(own.map(({ column }) => column)) };
    });
  return [...declared, ...others];
};

/** The claims of one cell, in their order. */
export const claimsIn = (
  judged: readonly Judged[],
  table: string,
  row: string,
  column: string,
): readonly Judged[] =>
  judged.filter(({ claim }) => {
    const cell = cellOf(claim.place);
    return cell?.table === table && cell.row === row && cell.column === column;
  });
