import type { Change, ClaimTable, Judged, Note } from "#claims";
import { rootLines } from "./audit-roots.ts";
import {
  causeTable,
  changeTable,
  claimTable,
  inconsistentTable,
  noteTable,
  rebuiltTable,
  sectionTable,
} from "./audit-tables.ts";
import { csvTable } from "./csv-table.ts";
import { csvFile, markdownFile, page, type ReportFile, type Section } from "./document.ts";
import { showCount } from "./show.ts";

/** An audit, and what it is shown beside. */
export type AuditResult = {
  readonly judged: readonly Judged[];
  /** The tables to rebuild. */
  readonly tables: readonly ClaimTable[];
  readonly notes: readonly Note[];
  /** What would be said of the same claims on public figures; empty where that was not asked. */
  readonly onPublicFigures: readonly Change[];
  /** The name of the reference. */
  readonly profile: string;
};

/** `559 claims: 107 given, 289 consistent, 68 rounded, 95 inconsistent` */
export const auditSentence = (judged: readonly Judged[]): string => {
  const count = (verdict: Judged["verdict"]): string =>
    `${showCount(judged.filter((one) => one.verdict === verdict).length)} ${verdict}`;
  return `${showCount(judged.length)} claims: ${count("input")}, ${count("consistent")}, ${count("rounded")}, ${count("inconsistent")}`;
};

const sections = ({ judged, tables, notes, onPublicFigures }: AuditResult): readonly Section[] => [
  {
    title: "By section",
    about:
      "`input` is taken as given; `consistent` follows exactly; `rounded` follows to the printed digits, or from operands that are themselves printed rounded.",
    table: sectionTable(judged),
  },
  { title: "By cause", about: "Why claims do not hold.", table: causeTable(judged) },
  {
    title: "Roots",
    about:
      "Claims that do not hold by themselves, and below them those that do not hold because of them; one that inherits from several stands below each. The other inconsistent claims drag nothing along.",
    lines: rootLines(judged),
  },
  ...tables.map(
    (one): Section => ({
      title: `Table: ${one.title}`,
      about:
        "Stated and computed in one cell: `=` the same, `≈` the same to the printed digits, `≠` something else; a figure that is given stands alone.",
      table: rebuiltTable(one, judged),
    }),
  ),
  {
    title: "What does not hold",
    about: "Each sentence is meant to let you redo the sum by hand.",
    table: inconsistentTable(judged),
  },
  ...(notes.length === 0
    ? []
    : [
        {
          title: "Beside public figures",
          about:
            "Apart from the verdicts, which take the document's figures as given: where publications agree or disagree with them.",
          table: noteTable(notes),
        },
      ]),
  ...(onPublicFigures.length === 0
    ? []
    : [
        {
          title: "On public figures",
          about:
            "The claims whose verdict would be another with the profile `datasheet`: what hangs on the document's own figures.",
          table: changeTable(onPublicFigures),
        },
      ]),
];

/** The audit as one page of Markdown. */
export const auditPage = (result: AuditResult): string =>
  page(
    "Audit",
    `Every figure recomputed from the reference, profile \`${result.profile}\`. ${auditSentence(result.judged)}.`,
    sections(result),
  );

/** The audit as CSV: one claim a row. */
export const auditCsv = (judged: readonly Judged[]): string => csvTable(claimTable(judged));

/** The audit as files: a page, and a table of all claims. */
export const auditReport = (result: AuditResult): readonly ReportFile[] => [
  csvFile("audit", claimTable(result.judged)),
  markdownFile("audit", auditPage(result)),
];
