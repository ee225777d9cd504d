import type { InvariantCount, ReplayResult, Violation } from "#replay";
import { csvFile, fileName, markdownFile, page, type ReportFile } from "./document.ts";
import { type JsonObject, measureTable } from "./measures.ts";
import { showCount, showDuration, showRatio } from "./show.ts";
import { type Table, table } from "./table.ts";

const verdictOf = ({ premise_true, violated }: InvariantCount): string => {
  if (violated > 0) return "violated";
  return premise_true === 0 ? "never met" : "holds";
};

/** The invariants of a run, with a verdict: `violated`, `never met` when its premise did not come up once, or `holds`. */
const invariantTable = (invariants: readonly InvariantCount[]): Table =>
  table({
    columns: [
      { name: "id", title: "Id" },
      { name: "statement", title: "Statement" },
      { name: "evaluated", title: "Evaluated", align: "right", show: showCount },
      { name: "premise_true", title: "Premise true", align: "right", show: showCount },
      { name: "violated", title: "Violated", align: "right", show: showCount },
      { name: "verdict", title: "Verdict" },
    ],
    rows: invariants.map((invariant) => ({
      id: invariant.id,
      statement: invariant.statement,
      evaluated: invariant.evaluated,
      premise_true: invariant.premise_true,
      violated: invariant.violated,
      verdict: verdictOf(invariant),
    })),
    empty: "No invariant was watched.",
  });

/** The first violations of a run, in the order in which they were seen. */
export const violationTable = (violations: readonly Violation[]): Table =>
  table({
    columns: [
      { name: "id", title: "Id" },
      { name: "at_ns", title: "At", align: "right", show: showDuration },
      { name: "request", title: "Request", align: "right", show: showCount },
      { name: "found", title: "Off by", align: "right", show: showCount },
    ],
    rows: violations.map(({ id, at_ns, request, found }) => ({ id, at_ns, request, found })),
    empty: "No invariant was violated.",
  });

/** The measures of a run as a table, options and rack first; what changes over time is a table of its own. */
const runTable = ({ invariants: _, first_violations: __, ...measured }: ReplayResult): Table => {
  const { over_time: ___, ...utilisation } = measured.utilisation;
  return measureTable({ ...measured, utilisation } as unknown as JsonObject);
};

/** How busy the rack was in each interval of a run. */
const timeTable = ({ utilisation: { over_time } }: ReplayResult): Table => {
  const { every_ns, busy_share, busy_max_over_mean, waiting } = over_time;
  return table({
    columns: [
      { name: "from_ns", title: "From", align: "right", show: showDuration },
      { name: "busy_share", title: "Busy", align: "right", show: showRatio },
      { name: "busy_max_over_mean", title: "Busiest ÷ mean", align: "right", show: showRatio },
      { name: "waiting", title: "Waiting", align: "right", show: showCount },
    ],
    rows: busy_share.map((busy, at) => ({
      from_ns: at * every_ns,
      busy_share: busy,
      busy_max_over_mean: busy_max_over_mean[at] ?? null,
      waiting: waiting[at] ?? null,
    })),
    empty: "The run took no time.",
  });
};

/** One run: its measures, what changed over time and its invariants, each as CSV, and all as one page of Markdown. */
export const runReport = (name: string, result: ReplayResult): readonly ReportFile[] => {
  const path = `runs/${fileName(name)}`;
  const measured = runTable(result);
  const overTime = timeTable(result);
  const watched = invariantTable(result.invariants);
  return [
    csvFile(path, measured),
    csvFile(`${path}-over-time`, overTime),
    csvFile(`${path}-invariants`, watched),
    markdownFile(
      path,
      page(`Run ${name}`, "One trace, replayed through the rack in virtual time.", [
        {
          title: "Measures",
          about: "Equal runs have equal digests, in any process.",
          table: measured,
        },
        {
          title: "Over time",
          about:
            "How busy the workers were in each interval, and how many requests waited at its end.",
          table: overTime,
        },
        {
          title: "Invariants",
          about: "Looked at in every event of the run, not only at its end.",
          table: watched,
        },
        {
          title: "Violations",
          about: "The first of them, when there are any.",
          table: violationTable(result.first_violations),
        },
      ]),
    ),
  ];
};
