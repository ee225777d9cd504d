import { printable, textWidth } from "./printable.ts";
import { type Column, cellText, forPeople, type Table } from "./table.ts";

const padded = (text: string, width: number, align: Column["align"]): string => {
  const space = " ".repeat(width - textWidth(text));
  return align === "right" ? space + text : text + space;
};

/**
 * A table for a terminal: a header, a rule, and columns two spaces apart, without colour and without trailing spaces. Without rows it
 * is its sentence.
 */
export const textTable = ({ columns: all, rows, empty }: Table): string => {
  if (rows.length === 0) return `${empty}\n`;
  const columns = forPeople(all);
  const header = columns.map(({ title }) => title);
  const body = rows.map((row) => columns.map((column) => printable(cellText(column, row))));
  const widths = columns.map((_, at) =>
    [header, ...body].reduce((widest, cells) => Math.max(widest, textWidth(cells[at] ?? "")), 0),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, at) => padded(cell, widths[at] ?? 0, columns[at]?.align))
      .join("  ")
      .trimEnd();
  const rule = widths.map((width) => "─".repeat(width));
  return `${[header, rule, ...body].map(line).join("\n")}\n`;
};
