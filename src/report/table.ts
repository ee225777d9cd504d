/** What a table holds: text, a number, a truth, or nothing. */
export type Cell = string | number | boolean | null;

/** One row, by the names of the columns. */
export type Row = Readonly<Record<string, Cell>>;

/** One column of a table. */
export type Column<Name extends string = string> = {
  /** The CSV header; a quantity's name ends in its unit. */
  readonly name: Name;
  /** The header for people. */
  readonly title: string;
  /** Where a cell stands for people; left unless it says so. */
  readonly align?: "left" | "right";
  /** How a number is written for people; CSV always has the bare number. */
  readonly show?: (value: number, row: Row) => string;
  /** In CSV only: people see it in another column. */
  readonly onlyCsv?: boolean;
};

/** A table as data, before anybody has decided how it is printed. */
export type Table = {
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
  /** The sentence that stands for the table when there are no rows. */
  readonly empty: string;
};

/** Declares a table: every row has every column, and the compiler checks it. */
export const table = <Name extends string>(spec: {
  readonly columns: readonly Column<Name>[];
  readonly rows: readonly Readonly<Record<NoInfer<Name>, Cell>>[];
  readonly empty: string;
}): Table => ({
  columns: spec.columns as readonly Column[],
  rows: spec.rows,
  empty: spec.empty,
});

/** A cell as people read it: numbers by the column's own format, `yes` and `no`, and a dash for nothing. */
export const cellText = (column: Column, row: Row): string => {
  const cell = row[column.name] ?? null;
  if (cell === null) return "–";
  if (typeof cell === "boolean") return cell ? "yes" : "no";
  if (typeof cell === "number") return column.show ? column.show(cell, row) : String(cell);
  return cell;
};

/** The columns that people see. */
export const forPeople = (columns: readonly Column[]): readonly Column[] =>
  columns.filter(({ onlyCsv }) => onlyCsv !== true);
