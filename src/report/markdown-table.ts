import { markdownTable as layOut } from "markdown-table";
import { printable, textWidth } from "./printable.ts";
import { cellText, forPeople, type Table } from "./table.ts";

/** What Markdown, HTML or a forge's own additions (mathematics, footnotes) would take for more than itself. */
const SYNTAX = /[\\`*{}[\]<>|~$&!]/g;
/** An underscore inside a word is only that, so names such as `ttft_ns` stay readable in the source. */
const LOOSE_UNDERSCORE = /(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu;

/**
 * Text that a forge shows as it is, inside a cell or a heading: syntax is escaped, line breaks become `<br>`, characters that
 * would act are named. An address stays what a forge makes a link of.
 */
export const markdownText = (text: string): string =>
  text
    .trim()
    .split(/\r\n|[\n\r]/)
    .map((line) => printable(line).replace(SYNTAX, "\\$&").replace(LOOSE_UNDERSCORE, "\\_"))
    .join("<br>");

/**
 * A table in GitHub-flavoured Markdown, columns padded so that the source is a table too, with a final newline. Without rows it is its
 * sentence.
 */
export const markdownTable = ({ columns: all, rows, empty }: Table): string => {
  if (rows.length === 0) return `${empty}\n`;
  const columns = forPeople(all);
  const header = columns.map(({ title }) => markdownText(title));
  const body = rows.map((row) => columns.map((column) => markdownText(cellText(column, row))));
  const text = layOut([header, ...body], {
    align: columns.map(({ align }) => align ?? "left"),
    stringLength: textWidth,
  });
  return `${text}\n`;
};
