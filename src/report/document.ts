import { byText, sha256 } from "#base";
import { csvTable } from "./csv-table.ts";
import { markdownTable, markdownText } from "./markdown-table.ts";
import { printable } from "./printable.ts";
import type { Table } from "./table.ts";

/** A file of a report: where it goes below the folder of reports, with `/` on every system, and what it says. */
export type ReportFile = { readonly path: string; readonly text: string };

/** A part of a document: a heading, what the table is about, and the table. */
export type TableSection = {
  readonly title: string;
  readonly about: string;
  readonly table: Table;
};

/** A part of a document with a table, or with lines that are shown as they are. */
export type Section =
  | TableSection
  | (Omit<TableSection, "table"> & { readonly lines: readonly string[] });

const bodyOf = (section: Section): string =>
  "table" in section
    ? markdownTable(section.table)
    : `\`\`\`text\n${section.lines.map((line) => `${printable(line)}\n`).join("")}\`\`\`\n`;

/**
 * A name as a file name that every system takes: other characters than letters, digits, `.`, `_` and `-` become `-`, and a name that
 * had to be changed gets the start of its hash, so that no two names share a file.
 */
export const fileName = (name: string): string => {
  const tame = name
    .replace(/[^A-Za-z0-9._-]/g, "-")
    .replace(/^[.-]+/, "")
    .slice(0, 80);
  return tame === name && tame !== "" ? tame : `${tame}-${sha256(name).slice(0, 8)}`;
};

/** A Markdown page: a title, one sentence, and a section for each table. Ends in one newline. */
export const page = (title: string, about: string, sections: readonly Section[]): string =>
  [
    `# ${markdownText(title)}\n`,
    `${about}\n`,
    ...sections.flatMap((section) => [
      `## ${markdownText(section.title)}\n`,
      `${section.about}\n`,
      bodyOf(section),
    ]),
  ].join("\n");

/** A CSV file of one table. */
export const csvFile = (path: string, table: Table): ReportFile => ({
  path: `${path}.csv`,
  text: csvTable(table),
});

/** A Markdown file. */
export const markdownFile = (path: string, text: string): ReportFile => ({
  path: `${path}.md`,
  text,
});

/** The front page of a folder of reports: a link to every file, in order of path. */
export const indexPage = (files: readonly ReportFile[]): ReportFile => ({
  path: "README.md",
  text: [
    "# Reports\n",
    "Printed by `rackproof report`; the same input gives the same bytes. CSV holds bare numbers, Markdown the same for people.\n",
    `${files
      .toSorted(byText(({ path }) => path))
      .map(({ path }) => `- [${markdownText(path)}](${path})`)
      .join("\n")}\n`,
  ].join("\n"),
});
