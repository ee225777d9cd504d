import { canonicalJson, type Json } from "#base";
import type { Finding, Proof } from "#verify";
import { csvFile, markdownFile, page, type ReportFile } from "./document.ts";
import { showCount } from "./show.ts";
import { type Column, type Row, type Table, table } from "./table.ts";

/** `2 of 3`, from the column itself and the one that holds the whole. */
const outOf =
  (whole: string) =>
  (part: number, row: Row): string =>
    `${showCount(part)} of ${showCount(Number(row[whole]))}`;

/** A proof as it is reported: without times, so that the same proof gives the same bytes, and with any verdict that was stored. */
export type ReportedProof = Omit<Proof, "mutants" | "verdict" | "counterexample" | "seed"> & {
  readonly mutants: readonly {
    readonly name: string;
    readonly caught: boolean;
    readonly cases: number;
  }[];
  readonly verdict: string;
  readonly counterexample?: { readonly case: Json; readonly finding: Finding } | undefined;
};

const PROPERTY_COLUMNS = [
  { name: "id", title: "Id" },
  { name: "part", title: "Part" },
  { name: "statement", title: "Statement" },
  { name: "cases_done", title: "Cases", align: "right", show: outOf("cases_asked") },
  { name: "cases_asked", title: "Asked", onlyCsv: true },
  {
    name: "small_done",
    title: "Small scope",
    align: "right",
    show: (done, row) =>
      done === 0 ? "none" : `${showCount(done)}${row["small_complete"] === true ? ", all" : ""}`,
  },
  { name: "small_complete", title: "Whole small scope", onlyCsv: true },
  { name: "witnesses_met", title: "Witnesses met", align: "right", show: outOf("witnesses") },
  { name: "witnesses", title: "Witnesses", onlyCsv: true },
  { name: "mutants_caught", title: "Mutants caught", align: "right", show: outOf("mutants") },
  { name: "mutants", title: "Mutants", onlyCsv: true },
  { name: "verdict", title: "Verdict" },
] as const satisfies readonly Column[];

/** What was proved, a property a row. */
const propertyTable = (proofs: readonly ReportedProof[]): Table =>
  table({
    columns: PROPERTY_COLUMNS,
    rows: proofs.map((proof) => ({
      id: proof.id,
      part: proof.part,
      statement: proof.statement,
      cases_done: proof.casesDone,
      cases_asked: proof.casesAsked,
      small_done: proof.small.done,
      small_complete: proof.small.complete,
      witnesses_met: proof.witnesses.filter(({ count, minimum }) => count >= minimum).length,
      witnesses: proof.witnesses.length,
      mutants_caught: proof.mutants.filter(({ caught }) => caught).length,
      mutants: proof.mutants.length,
      verdict: proof.verdict,
    })),
    empty: "No property was tried.",
  });

/** How often each situation came up that gives a property its meaning. */
const witnessTable = (proofs: readonly ReportedProof[]): Table =>
  table({
    columns: [
      { name: "id", title: "Id" },
      { name: "witness", title: "Situation" },
      { name: "count", title: "Came up", align: "right", show: showCount },
      { name: "minimum", title: "At least", align: "right", show: showCount },
    ],
    rows: proofs.flatMap(({ id, witnesses }) =>
      witnesses.map(({ name, count, minimum }) => ({ id, witness: name, count, minimum })),
    ),
    empty: "No property named a situation that must come up.",
  });

/** Which broken implementations were caught, and after how many cases. */
const mutantTable = (proofs: readonly ReportedProof[]): Table =>
  table({
    columns: [
      { name: "id", title: "Id" },
      { name: "mutant", title: "Broken implementation" },
      { name: "caught", title: "Caught" },
      { name: "cases", title: "After cases", align: "right", show: showCount },
    ],
    rows: proofs.flatMap(({ id, mutants }) =>
      mutants.map(({ name, caught, cases }) => ({ id, mutant: name, caught, cases })),
    ),
    empty: "No property named a broken implementation.",
  });

/** The shortest case that breaks each broken property, with the first difference. */
const counterexampleTable = (proofs: readonly ReportedProof[]): Table =>
  table({
    columns: [
      { name: "id", title: "Id" },
      { name: "case", title: "Shortest case" },
      { name: "at", title: "At call", align: "right" },
      { name: "expected", title: "Expected" },
      { name: "found", title: "Found" },
    ],
    rows: proofs.flatMap(({ id, counterexample: broken }) =>
      broken === undefined
        ? []
        : [
            {
              id,
              case: canonicalJson(broken.case),
              at: broken.finding.at,
              expected: canonicalJson(broken.finding.expected),
              found: canonicalJson(broken.finding.found),
            },
          ],
    ),
    empty: "No property is broken.",
  });

/** All properties: a table each of verdicts, witnesses and mutants as CSV, and one page of Markdown. */
export const propertyReport = (proofs: readonly ReportedProof[]): readonly ReportFile[] => {
  const [verdicts, witnesses, mutants] = [
    propertyTable(proofs),
    witnessTable(proofs),
    mutantTable(proofs),
  ];
  return [
    csvFile("properties", verdicts),
    csvFile("property-witnesses", witnesses),
    csvFile("property-mutants", mutants),
    markdownFile(
      "properties",
      page("Properties", "What must hold whatever the traffic, and how hard it was tried.", [
        {
          title: "Verdicts",
          about:
            "`holds` only when every case passed, every situation came up often enough and every broken implementation was caught; `unproven` when only the first is so.",
          table: verdicts,
        },
        {
          title: "Witnesses",
          about: "Situations that must come up, or a check has shown nothing.",
          table: witnesses,
        },
        {
          title: "Mutants",
          about: "Broken implementations, and the case that caught them.",
          table: mutants,
        },
        {
          title: "Counterexamples",
          about: "Of the broken properties, as short as they could be made.",
          table: counterexampleTable(proofs),
        },
      ]),
    ),
  ];
};
