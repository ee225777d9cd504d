import {
  csvFile,
  markdownFile,
  page,
  type ReportFile,
  showCount,
  showDuration,
  showRatio,
  showSize,
  type Table,
  type TableSection,
  table,
  textTable,
} from "#report";
import type { Bar, Figure, Unit } from "./figure.ts";
import type { BenchResult } from "./run-bench.ts";

const show = (value: number, unit: Unit): string => {
  if (unit === "ms") return showDuration(value * 1e6);
  if (unit === "ms/plan") return `${showDuration(value * 1e6)}/plan`;
  if (unit === "bytes") return showSize(value);
  if (unit === "bytes/block") return `${value.toFixed(1)} bytes/block`;
  return `${showCount(value)} ${unit}`;
};

const showBar = (bar: Bar | null, unit: Unit): string | null => {
  if (bar === null) return null;
  if (bar.kind === "ratioAtMost") return `at most ${bar.value} × its bound`;
  if (bar.kind === "ratioAtLeast") return `at least ${bar.value} × its bound`;
  return `${bar.kind === "below" ? "below" : "at least"} ${show(bar.value, unit)}`;
};

const inUnit = (value: number, row: Readonly<Record<string, unknown>>): string =>
  show(value, row["unit"] as Unit);

/** The figures, one a row. */
const figureTable = (figures: readonly Figure[]): Table =>
  table({
    columns: [
      { name: "figure", title: "Figure" },
      { name: "unit", title: "Unit", onlyCsv: true },
      { name: "median", title: "Median", align: "right", show: inUnit },
      { name: "least", title: "Least", onlyCsv: true },
      { name: "most", title: "Most", onlyCsv: true },
      { name: "runs", title: "Runs", align: "right" },
      { name: "bound", title: "Bound" },
      { name: "bound_median", title: "Its median", align: "right", show: inUnit },
      { name: "ratio", title: "Ratio", align: "right", show: showRatio },
      { name: "bar", title: "Bar" },
      { name: "reached", title: "Reached" },
    ],
    rows: figures.map((figure) => ({ ...figure, bar: showBar(figure.bar, figure.unit) })),
    empty: "Nothing was measured.",
  });

const machineTable = ({ machine, seed }: BenchResult): Table =>
  table({
    columns: [
      { name: "what", title: "Machine" },
      { name: "value", title: "" },
    ],
    rows: [
      { what: "CPU", value: machine.cpu },
      { what: "cores", value: showCount(machine.cores) },
      { what: "memory", value: showSize(machine.memory_bytes) },
      { what: "Node", value: machine.node },
      { what: "system", value: machine.os },
      { what: "seed", value: String(seed) },
    ],
    empty: "",
  });

const traceTable = ({ traces }: BenchResult): Table =>
  table({
    columns: [
      { name: "file", title: "Trace" },
      { name: "rows", title: "Rows", align: "right", show: showCount },
      { name: "size_bytes", title: "Size", align: "right", show: showSize },
      { name: "origin", title: "Origin" },
      { name: "sha256", title: "SHA-256" },
    ],
    rows: traces.map((trace) => ({ ...trace })),
    empty: "No trace was read.",
  });

const boundTable = ({ bounds }: BenchResult): Table =>
  table({
    columns: [
      { name: "name", title: "Bound" },
      { name: "about", title: "What it does" },
    ],
    rows: bounds.map((bound) => ({ ...bound })),
    empty: "There are no bounds.",
  });

const sections = (result: BenchResult): readonly TableSection[] => [
  {
    title: "Figures",
    about: "A figure is of a whole process, start-up included, where it does not say otherwise.",
    table: figureTable(result.figures),
  },
  {
    title: "Bounds",
    about:
      "A bound is a bare program that does the least that the job needs, measured in turns with it. The ratio is figure ÷ bound: what can be compared between machines.",
    table: boundTable(result),
  },
  { title: "Traces", about: "What was imported and replayed.", table: traceTable(result) },
  { title: "Machine", about: "What it ran on.", table: machineTable(result) },
];

/** Everything for a terminal. */
export const benchText = (result: BenchResult): string =>
  sections(result)
    .map(({ table: told }) => textTable(told))
    .join("\n");

/** The files of the report. */
export const benchFiles = (result: BenchResult): readonly ReportFile[] => [
  markdownFile(
    "bench",
    page(
      "Benchmark",
      "Printed by `npm run bench`. Medians are nearest-rank, so each is a number that was really measured.",
      sections(result),
    ),
  ),
  csvFile("bench", figureTable(result.figures)),
];
