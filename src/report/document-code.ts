import { canonicalJson } from "#base";
import type { DocumentTrial, TrialVerdict } from "#verify";
import {
  csvFile,
  markdownFile,
  page,
  type ReportFile,
  type Section,
  type TableSection,
} from "./document.ts";
import { clipped, found, story } from "./document-code-cells.ts";
import { showCount } from "./show.ts";
import { type Table, table } from "./table.ts";
import { whyNot } from "./trial-text.ts";

const summaryTable = (trials: readonly DocumentTrial[]): Table => {
  const count = (trial: DocumentTrial, verdict: TrialVerdict): number =>
    trial.trials.filter((one) => one.verdict === verdict).length;
  return table({
    columns: [
      { name: "subject", title: "Subject" },
      { name: "about", title: "What it is" },
      { name: "defects", title: "Defects", align: "right", show: showCount },
      { name: "missing", title: "Missing", align: "right", show: showCount },
      { name: "broken", title: "Properties broken", align: "right", show: showCount },
      { name: "held", title: "held", align: "right", show: showCount },
      { name: "not_applicable", title: "not applicable", align: "right", show: showCount },
    ],
    rows: trials.map((trial) => ({
      subject: trial.name,
      about: trial.about,
      defects: trial.defects.length,
      missing: trial.absences.length,
      broken: count(trial, "broken"),
      held: count(trial, "holds"),
      not_applicable: count(trial, "not applicable"),
    })),
    empty: "None of the document's code was tried.",
  });
};

const defectTable = ({ defects }: DocumentTrial): Table =>
  table({
    columns: [
      { name: "does", title: "It …" },
      { name: "consequence", title: "So that" },
      { name: "property", title: "Property" },
      { name: "story", title: "Case" },
      { name: "happened", title: "What happened" },
      { name: "should", title: "What should have" },
    ],
    rows: defects.map((defect) => ({
      does: defect.does,
      consequence: defect.consequence,
      property: defect.property,
      story: story(defect.case),
      ...found(defect),
    })),
    empty: "No property is broken.",
  });

const absenceTable = (trials: readonly DocumentTrial[]): Table =>
  table({
    columns: [
      { name: "subject", title: "Subject" },
      { name: "what", title: "There is no" },
      { name: "consequence", title: "So that" },
      { name: "properties", title: "Asked for by" },
      { name: "story", title: "For instance" },
      { name: "call", title: "Asks" },
      { name: "expected", title: "The reference answers" },
    ],
    rows: trials.flatMap(({ name, absences }) =>
      absences.map(({ what, consequence, properties, case: given, call, expected }) => ({
        subject: name,
        what,
        consequence,
        properties: properties.join(", "),
        story: story(given),
        call: story(call),
        expected: clipped(canonicalJson(expected)),
      })),
    ),
    empty: "Nothing that was asked for is missing.",
  });

const remarkTable = (trials: readonly DocumentTrial[]): Table =>
  table({
    columns: [
      { name: "subject", title: "Subject" },
      { name: "remark", title: "Remark" },
    ],
    rows: trials.flatMap(({ name, remarks }) =>
      remarks.map((remark) => ({ subject: name, remark })),
    ),
    empty: "There is nothing else.",
  });

const verdictTable = (trials: readonly DocumentTrial[]): Table =>
  table({
    columns: [
      { name: "subject", title: "Subject" },
      { name: "id", title: "Property" },
      { name: "verdict", title: "Verdict" },
      { name: "judged", title: "Cases", align: "right", show: showCount },
      { name: "story", title: "Shortest case, or why not" },
    ],
    rows: trials.flatMap(({ name, trials: all }) =>
      all.map((trial) => ({
        subject: name,
        id: trial.id,
        verdict: trial.verdict,
        judged: trial.judged,
        story: trial.counterexample ? story(trial.counterexample.case) : whyNot(trial),
      })),
    ),
    empty: "No property was tried.",
  });

/** Every defect and everything missing, one a row, for programs. */
const findings = (trials: readonly DocumentTrial[]): Table =>
  table({
    columns: [
      { name: "subject", title: "Subject" },
      { name: "part", title: "Part" },
      { name: "kind", title: "Kind" },
      { name: "what", title: "What" },
      { name: "consequence", title: "Consequence" },
      { name: "property", title: "Property" },
      { name: "case", title: "Case" },
      { name: "at", title: "At call" },
      { name: "about", title: "About" },
      { name: "expected", title: "Expected" },
      { name: "found", title: "Found" },
    ],
    rows: trials.flatMap(({ name: subject, part, defects, absences }) => [
      ...defects.map(({ does: what, consequence, property, case: given, finding }) => ({
        subject,
        part,
        kind: "defect",
        what,
        consequence,
        property,
        case: canonicalJson(given),
        at: finding.at,
        about: finding.about ?? "",
        expected: canonicalJson(finding.expected),
        found: canonicalJson(finding.found),
      })),
      ...absences.map(({ what, consequence, properties, case: given, call, expected }) => ({
        subject,
        part,
        kind: "missing",
        what,
        consequence,
        property: properties.join(" "),
        case: canonicalJson(given),
        at: null,
        about: canonicalJson(call),
        expected: canonicalJson(expected),
        found: null,
      })),
    ]),
    empty: "Nothing was found.",
  });

/** `76 defects, and 24 things that are asked for and not there, in 13 classes and functions` */
const documentCodeSentence = (trials: readonly DocumentTrial[]): string => {
  const defects = trials.reduce((sum, one) => sum + one.defects.length, 0);
  const missing = trials.reduce((sum, one) => sum + one.absences.length, 0);
  return `${showCount(defects)} defects, and ${showCount(missing)} things that are asked for and not there, in ${showCount(trials.length)} classes and functions`;
};

const defectSections = (trials: readonly DocumentTrial[]): readonly TableSection[] =>
  trials.map((trial) => ({
    title: trial.name,
    about: `The document's code for ${trial.about}.`,
    table: defectTable(trial),
  }));

const sections = (trials: readonly DocumentTrial[]): readonly Section[] => [
  {
    title: "In short",
    about:
      "A property is `broken` when one case shows it, `held` when every case that could be asked did and every situation came up that gives it its meaning, and `not applicable` otherwise: never a pass.",
    table: summaryTable(trials),
  },
  ...defectSections(trials),
  {
    title: "What is not there",
    about:
      "Calls that the reference answers and the document's code has no answer to. They break no property: cases are cut to what can be asked.",
    table: absenceTable(trials),
  },
  {
    title: "Seen when reading",
    about:
      "What no property shows, because nothing hangs on it or the reference simplifies as well.",
    table: remarkTable(trials),
  },
  {
    title: "Every property tried",
    about: "With the shortest case that was found, as it was found.",
    table: verdictTable(trials),
  },
];

const ABOUT =
  "Each class and function that the document gives in code, written afresh to behave as that code does, on trial before the properties that the reference holds. What it leaves undefined is stood in for as plainly as can be; the source says how. Of two records, only the fields that differ are shown. `rackproof verify --subject NAME` tries one again.";

/** What the properties found in the document's own code, as files: a page, and a table of all findings. */
export const documentCodeReport = (trials: readonly DocumentTrial[]): readonly ReportFile[] => [
  csvFile("document-code", findings(trials)),
  markdownFile(
    "document-code",
    page(
      "The document's code on trial",
      `${ABOUT} ${documentCodeSentence(trials)}.`,
      sections(trials),
    ),
  ),
];
