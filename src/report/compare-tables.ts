/** A comparison of runs as tables. */
import { type Comparison, HOLDS, type MeasureRow } from "./compare.ts";
import { decimals, showCount, showMeasure } from "./show.ts";
import type { Cell, Column, Row, Table } from "./table.ts";

const signed = (value: number, text: string): string => (value > 0 ? `+${text}` : text);

/** Among more runs than these a change is its share alone: a table must fit beside a person's other windows. */
const WIDE_MAX = 3;

/** `-1.2 ms, -14.0 %, better`; the share alone when it is to be short, unless there is none. */
const showChange = (
  delta: number,
  percent: Cell,
  verdict: Cell,
  path: string,
  isShort: boolean,
): string => {
  if (delta === 0) return "same";
  const share = typeof percent === "number" ? signed(percent, `${decimals(percent, 1)} %`) : "";
  const whole = signed(delta, showMeasure(path, delta));
  const amounts = isShort && share !== "" ? [share] : [whole, share];
  const isJudged = verdict === "better" || verdict === "worse";
  return [...amounts, isJudged ? verdict : ""].filter((part) => part !== "").join(", ");
};

/** A column for each run's value, and from the second on one for its change; programs get the change in three. */
const measureColumns = (names: readonly string[]): readonly Column[] =>
  names.flatMap((name, at) => {
    const value: Column = {
      name,
      title: name,
      align: "right",
      show: (found, row) => showMeasure(String(row["measure"]), found),
    };
    const [delta, percent, verdict] = ["delta", "percent", "verdict"].map(
      (part) => `${name} ${part}`,
    ) as [string, string, string];
    const change: Column = {
      name: delta,
      title: "change",
      show: (found, row) =>
        showChange(
          found,
          row[percent] ?? null,
          row[verdict] ?? null,
          String(row["measure"]),
          names.length > WIDE_MAX,
        ),
    };
    const forPrograms = [percent, verdict].map((part) => ({
      name: part,
      title: part,
      onlyCsv: true,
    }));
    return at === 0 ? [value] : [value, change, ...forPrograms];
  });

const measureCells = (
  names: readonly string[],
  { path, title, values, changes }: MeasureRow,
): Row =>
  Object.fromEntries([
    ["measure", path],
    ["title", title],
    ...names.flatMap((name, at): (readonly [string, Cell])[] => [
      [name, values[at] ?? null],
      [`${name} delta`, changes[at]?.delta ?? null],
      [`${name} percent`, changes[at]?.percent ?? null],
      [`${name} verdict`, changes[at]?.verdict ?? null],
    ]),
  ]);

/** What was measured, and from the second run on how it changed. */
export const comparedTable = ({ names, measures }: Comparison): Table => ({
  columns: [
    { name: "measure", title: "Measure", onlyCsv: true },
    { name: "title", title: "" },
    ...measureColumns(names),
  ],
  rows: measures.map((row) => measureCells(names, row)),
  empty: "The runs have no measure in common or alone.",
});

const textColumns = (names: readonly string[]): readonly Column[] =>
  names.map((name) => ({ name, title: name }));

const inColumns = (names: readonly string[], values: readonly Cell[]): Row =>
  Object.fromEntries(names.map((name, at) => [name, values[at] ?? null]));

/** What the runs were given that differs. */
export const givenTable = ({ names, given }: Comparison): Table => ({
  columns: [{ name: "given", title: "Given" }, ...textColumns(names)],
  rows: given.map(({ what, values }) => ({ given: what, ...inColumns(names, values) })),
  empty: "The runs were given the same.",
});

/** The invariants that did not simply hold in every run. */
export const invariantTable = ({ names, invariants, held }: Comparison): Table => ({
  columns: [
    { name: "invariant", title: "Invariant" },
    ...textColumns(names),
    { name: "statement", title: "Statement" },
  ],
  rows: invariants.map(({ id, statement, fates }) => ({
    invariant: id,
    ...inColumns(names, fates),
    statement,
  })),
  empty: held === 0 ? "No invariant was watched." : "None: every one held in every run.",
});

/** How often an invariant meant something in a run, or its fate where it did not hold; programs get both. */
const countColumns = (name: string): readonly Column[] => {
  const fate = `${name} fate`;
  return [
    {
      name,
      title: name,
      align: "right",
      show: (met, row) => (row[fate] === HOLDS ? showCount(met) : String(row[fate])),
    },
    { name: fate, title: fate, onlyCsv: true },
  ];
};

/** Every invariant, with how often it meant something in each run. */
export const watchedTable = ({ names, watched }: Comparison): Table => ({
  columns: [
    { name: "invariant", title: "Invariant" },
    ...names.flatMap(countColumns),
    { name: "statement", title: "Statement" },
  ],
  rows: watched.map(({ id, statement, fates, met }) =>
    Object.fromEntries([
      ["invariant", id],
      ...names.flatMap((name, at): (readonly [string, Cell])[] => [
        [name, met[at] ?? null],
        [`${name} fate`, fates[at] ?? null],
      ]),
      ["statement", statement],
    ]),
  ),
  empty: "No invariant was watched.",
});
