/** A comparison of runs for people and for spreadsheets. */
import type { Comparison } from "./compare.ts";
import { comparedTable, givenTable, invariantTable, watchedTable } from "./compare-tables.ts";
import { csvTable } from "./csv-table.ts";
import {
  csvFile,
  fileName,
  markdownFile,
  page,
  type ReportFile,
  type TableSection,
} from "./document.ts";
import { markdownText } from "./markdown-table.ts";
import { showCount } from "./show.ts";
import { textTable } from "./text-table.ts";

const heldSentence = (count: number): string =>
  `${showCount(count)} invariant${count === 1 ? "" : "s"} held, and met something, in every run.`;

/** A comparison for a terminal. */
export const comparisonText = (comparison: Comparison): string =>
  [
    ...comparison.warnings.map((warning) => `${warning}\n`),
    textTable(givenTable(comparison)),
    textTable(comparedTable(comparison)),
    ...(comparison.invariants.length > 0 ? [textTable(invariantTable(comparison))] : []),
    `${heldSentence(comparison.held)}\n`,
  ].join("\n");

/** A comparison's measures as CSV: by path, with bare numbers, each change as its difference, its share and its verdict. */
export const comparisonCsv = (comparison: Comparison): string =>
  csvTable(comparedTable(comparison));

/** A comparison's tables as parts of a page, under a name where there are several. */
const sectionsOf = (comparison: Comparison, name?: string): readonly TableSection[] => {
  const titled = (title: string): string => (name === undefined ? title : `${title}: ${name}`);
  return [
    {
      title: titled("Given"),
      about: ["Only what differs.", ...comparison.warnings.map(markdownText)].join("\n\n"),
      table: givenTable(comparison),
    },
    {
      title: titled("Measured"),
      about: `Changes are against ${markdownText(comparison.names[0] ?? "the first run")}.`,
      table: comparedTable(comparison),
    },
    {
      title: titled("Invariants"),
      about: `${heldSentence(comparison.held)} How often each was looked at where that meant something:`,
      table: watchedTable(comparison),
    },
  ];
};

/** A comparison as a page of Markdown. */
export const comparisonPage = (title: string, about: string, comparison: Comparison): string =>
  page(title, about, sectionsOf(comparison));

/** A comparison that is one of several on a page. */
export type ComparisonPart = { readonly name: string; readonly comparison: Comparison };

/**
 * Comparisons as files of a report: `compare-NAME.md` with all of them, and of each its measures and its invariants as CSV, `compare-NAME-PART.csv` and
 * `compare-NAME-PART-invariants.csv`, without the part where there is but one.
 */
export const comparisonReport = (
  name: string,
  title: string,
  about: string,
  parts: readonly ComparisonPart[],
): readonly ReportFile[] => {
  const path = `compare-${fileName(name)}`;
  const isOne = parts.length === 1;
  return [
    ...parts.flatMap((part) => {
      const place = isOne ? path : `${path}-${fileName(part.name)}`;
      return [
        csvFile(place, comparedTable(part.comparison)),
        csvFile(`${place}-invariants`, watchedTable(part.comparison)),
      ];
    }),
    markdownFile(
      path,
      page(
        title,
        about,
        parts.flatMap((part) => sectionsOf(part.comparison, isOne ? undefined : part.name)),
      ),
    ),
  ];
};
