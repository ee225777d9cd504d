/** A sweep for people and for programs: one table, printed as text, CSV, Markdown and JSON. */
import { formatIssue, type Json } from "#base";
import {
  csvFile,
  type JsonObject,
  measureTable,
  page,
  showCount,
  type Table,
  table,
  textTable,
} from "#report";
import { counted } from "../print.ts";
import { AXES, type Axis, type AxisKey, axisColumn, axisName } from "./axes.ts";
import { bestAmong } from "./best.ts";
import { MEASURES } from "./measures.ts";
import type { Ended } from "./run-sweep.ts";

/** A sweep that has ended. */
export type SweepResult = {
  readonly trace: string;
  readonly axes: readonly AxisKey[];
  readonly points: readonly Ended[];
};

const NOTE = "* the best of the runs without a violation that completed the most requests";
const EMPTY = "Nothing was swept.";

type Values = Readonly<Record<string, string | number | null>>;

const NOTHING: Values = Object.fromEntries(MEASURES.map(({ name }) => [name, null]));

const placesOf = (axes: readonly AxisKey[], { point }: Ended): Values =>
  Object.fromEntries(axes.map((axis, at) => [axisColumn(axis), point.places[at] ?? null]));

const measuresOf = ({ outcome }: Ended): Values =>
  outcome.kind === "refused"
    ? NOTHING
    : Object.fromEntries(MEASURES.map(({ name, of }) => [name, of(outcome.result)]));

const reasonOf = ({ outcome }: Ended): string =>
  outcome.kind === "refused" ? outcome.issues.map(formatIssue).join("; ") : "";

const bestIn = (points: readonly Ended[]): ((point: Ended) => readonly string[]) => {
  const runs = points.flatMap(({ outcome }) => (outcome.kind === "run" ? [outcome.result] : []));
  const best = bestAmong(runs);
  return ({ outcome }) => (outcome.kind === "run" ? best(outcome.result) : []);
};

const hasBest = ({ points }: SweepResult): boolean => {
  const best = bestIn(points);
  return points.some((point) => best(point).length > 0);
};

/** The points as rows, the best values marked for people. */
const sweepTable = ({ axes, points }: SweepResult): Table => {
  const best = bestIn(points);
  const rows = points.map((point) => ({
    run: point.outcome.kind === "run" ? point.outcome.runId : null,
    ...placesOf(axes, point),
    ...measuresOf(point),
    digest: point.outcome.kind === "run" ? point.outcome.result.digest : null,
    reason: reasonOf(point),
  }));
  const marked = new Map<object, readonly string[]>(
    rows.map((row, at) => [row, best(points[at] as Ended)]),
  );
  const isSome = points.some(({ outcome }) => outcome.kind === "refused");
  const isSaid = (name: string): boolean => rows.some((row: Values) => (row[name] ?? 0) !== 0);
  return table<string>({
    columns: [
      { name: "run", title: "Run", align: "right" },
      ...axes.map((axis) => {
        const { title, isNumber, show }: Axis = AXES[axis];
        const align = isNumber ? ("right" as const) : ("left" as const);
        return { name: axisColumn(axis), title, align, ...(show && { show }) };
      }),
      ...MEASURES.map(({ name, title, show, isRare = false }) => ({
        name,
        title,
        align: "right" as const,
        onlyCsv: isRare && !isSaid(name),
        show: (value: number, row: object) =>
          `${marked.get(row)?.includes(name) === true ? "*" : ""}${show(value)}`,
      })),
      { name: "digest", title: "Digest", onlyCsv: true },
      { name: "reason", title: "Why there is none", onlyCsv: !isSome },
    ],
    rows,
    empty: EMPTY,
  });
};

/** What every point has in common. */
const heldTable = ({ points }: SweepResult): Table => {
  const [first, ...others] = points.map(({ point }) =>
    measureTable(point.options as unknown as JsonObject),
  );
  const values = ({ rows }: Table) => new Map(rows.map((row) => [row["measure"], row["value"]]));
  const seen = others.map(values);
  const rows = first?.rows.filter(({ measure = null, value }) =>
    seen.every((other) => other.has(measure) && other.get(measure) === value),
  );
  return {
    columns: first?.columns ?? [],
    rows: rows ?? [],
    empty: "Everything was varied.",
  };
};

const sentence = ({ axes, points }: SweepResult): string => {
  const refused = points.filter(({ outcome }) => outcome.kind === "refused").length;
  const cannot = refused === 0 ? "" : `, ${showCount(refused)} of which cannot be`;
  return `${counted(points.length, "point")} over ${axes.map(axisName).join(" × ")}${cannot}`;
};

/** For a terminal. */
export const sweepText = (result: SweepResult): string =>
  [
    `sweep of ${result.trace}: ${sentence(result)}\n`,
    textTable(sweepTable(result)),
    ...(hasBest(result) ? [`${NOTE}\n`] : []),
  ].join("\n");

/** As CSV: bare numbers, the digests too. */
export const sweepCsv = (result: SweepResult): string => csvFile("", sweepTable(result)).text;

/** As a page of Markdown. */
export const sweepMarkdown = (result: SweepResult): string =>
  page(`Sweep of ${result.trace}`, `${sentence(result)}.`, [
    { title: "Points", about: `\\${NOTE}.`, table: sweepTable(result) },
    { title: "Held fixed", about: "The same in every point.", table: heldTable(result) },
  ]);

/** For a program. */
export const sweepJson = (result: SweepResult): Json => {
  const { trace, axes, points } = result;
  const best = bestIn(points);
  return {
    trace,
    axes: axes.map(axisColumn),
    points: points.map((ended) => {
      const { outcome } = ended;
      const at = placesOf(axes, ended);
      if (outcome.kind === "refused") return { at, refused: outcome.issues as unknown as Json };
      const { runId, result: found } = outcome;
      return {
        at,
        run_id: runId,
        digest: found.digest,
        ...measuresOf(ended),
        best: best(ended),
      };
    }),
  };
};
