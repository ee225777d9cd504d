/** Runs side by side: what differs in what they were given, in what was measured, and in how the invariants fared. */
import { assert, type Json, shown } from "#base";
import type { StoredRun } from "#store";
import { COMPARED, type ComparedMeasure } from "./compare-measures.ts";
import type { Cell } from "./table.ts";

/** A run that is compared, under a name that no other of them has. */
export type ComparedRun = { readonly name: string } & Pick<
  StoredRun,
  "trace" | "options" | "seed" | "version" | "digest" | "summary" | "invariants"
>;

/** How a value differs from the first run's. */
export type Change = {
  readonly delta: number;
  /** Of the first run's value; null when that is 0. */
  readonly percent: number | null;
  readonly verdict: "better" | "worse" | "same" | "different";
};

/** One measure of every run, in the runs' order. The first run has no change; null where a run has no value. */
export type MeasureRow = Pick<ComparedMeasure, "path" | "title" | "better"> & {
  readonly values: readonly (number | null)[];
  readonly changes: readonly (Change | null)[];
};

/** Something that the runs were given and that differs. Null where a run's options do not have it. */
export type GivenRow = { readonly what: string; readonly values: readonly Cell[] };

/** How an invariant fared in every run, in the runs' order. */
export type FatedInvariant = {
  readonly id: string;
  readonly statement: string;
  readonly fates: readonly string[];
  /** How often it was looked at where that meant something; null where it was not watched. */
  readonly met: readonly (number | null)[];
};

/** Runs side by side: plain data. */
export type Comparison = {
  readonly names: readonly string[];
  /** Reasons to doubt that the numbers can be compared, as sentences. */
  readonly warnings: readonly string[];
  readonly given: readonly GivenRow[];
  readonly measures: readonly MeasureRow[];
  /** Every invariant that some run watched. */
  readonly watched: readonly FatedInvariant[];
  /** Those that did not simply hold in every run. */
  readonly invariants: readonly FatedInvariant[];
  /** How many invariants held, and met their premise, in every run. */
  readonly held: number;
};

const isLeaf = (value: Json): value is Cell => typeof value !== "object" || value === null;

/** Every leaf by its path: members by name, items by place. What has no leaf is itself one, so that it is not overlooked. */
const leaves = (value: Json, path = ""): readonly (readonly [string, Cell])[] => {
  if (isLeaf(value)) return [[path, value]];
  const members = Object.entries(value);
  if (members.length === 0) return [[path, "none"]];
  return members.flatMap(([key, item]) => leaves(item, path === "" ? key : `${path}.${key}`));
};

type Leaves = ReadonlyMap<string, Cell>;

/** The paths of all maps, in the order in which they first come. */
const pathsOf = (maps: readonly Leaves[]): readonly string[] => [
  ...new Set(maps.flatMap((map) => [...map.keys()])),
];

const givenOf = (runs: readonly ComparedRun[]): readonly GivenRow[] => {
  // The record's seed is the options', or what stands for none.
  const given = runs.map(
    ({ trace, version, seed, options }) =>
      new Map([...leaves({ trace, version }), ...leaves(options), ...leaves({ seed })]),
  );
  return pathsOf(given)
    .map((what) => ({ what, values: given.map((map) => map.get(what) ?? null) }))
    .filter(({ values }) => values.some((value) => value !== values[0]));
};

const changeOf = (
  first: number | null | undefined,
  value: number | null,
  better: ComparedMeasure["better"],
): Change | null => {
  if (first === null || first === undefined || value === null) return null;
  const delta = value - first;
  const percent = first === 0 ? null : (delta / Math.abs(first)) * 100;
  if (delta === 0) return { delta, percent, verdict: "same" };
  if (better === "neither") return { delta, percent, verdict: "different" };
  return { delta, percent, verdict: delta < 0 === (better === "lower") ? "better" : "worse" };
};

const patternOf = ({ path }: ComparedMeasure): RegExp =>
  new RegExp(`^${path.replaceAll(".", "\\.").replace("*", "(.+)")}$`);

const rowOf = (
  path: string,
  title: string,
  { better, absent, isRare }: Pick<ComparedMeasure, "better" | "absent" | "isRare">,
  found: readonly Leaves[],
): readonly MeasureRow[] => {
  const values = found.map((map) => {
    const value = map.get(path) ?? absent;
    return typeof value === "number" ? value : null;
  });
  if (isRare === true && values.every((value) => value === null || value === 0)) return [];
  const changes = values.map((value, at) => (at === 0 ? null : changeOf(values[0], value, better)));
  return [{ path, title, better, values, changes }];
};

const measuresOf = (found: readonly Leaves[], isAll: boolean): readonly MeasureRow[] => {
  const numeric = pathsOf(found).filter((path) =>
    found.some((map) => typeof map.get(path) === "number"),
  );
  const known = COMPARED.flatMap((measure) => {
    const pattern = patternOf(measure);
    return numeric.flatMap((path) => {
      const match = pattern.exec(path);
      if (match === null) return [];
      const title = measure.title.replace("*", (match[1] ?? "").replaceAll("_", " "));
      return rowOf(path, title, measure, found);
    });
  });
  if (!isAll) return known;
  const shownPaths = new Set(known.map(({ path }) => path));
  const others = numeric.filter(
    (path) => !shownPaths.has(path) && !path.startsWith("first_violations."),
  );
  return [...known, ...others.flatMap((path) => rowOf(path, path, { better: "neither" }, found))];
};

/** The fate of an invariant that was met and never violated. */
export const HOLDS = "holds";

const foundIn = ({ invariants }: ComparedRun, id: string) =>
  invariants.find((invariant) => invariant.id === id);

const fateIn = (run: ComparedRun, id: string): string => {
  const found = foundIn(run, id);
  if (found === undefined) return "not watched";
  if (found.violated > 0) return `violated ${found.violated} of ${found.premise_true}`;
  return found.premise_true === 0 ? "never met" : HOLDS;
};

const fatesOf = (runs: readonly ComparedRun[]): readonly FatedInvariant[] => {
  const statements = new Map(
    runs.flatMap(({ invariants }) => invariants.map(({ id, statement }) => [id, statement])),
  );
  return [...statements].map(([id, statement]) => ({
    id,
    statement,
    fates: runs.map((run) => fateIn(run, id)),
    met: runs.map((run) => foundIn(run, id)?.premise_true ?? null),
  }));
};

const listed = (texts: readonly string[]): string =>
  [...new Set(texts)].map((text) => shown(text)).join(", ");

const warningsOf = (runs: readonly ComparedRun[]): readonly string[] => {
  const differ = (key: "trace" | "version"): boolean =>
    runs.some((run) => run[key] !== runs[0]?.[key]);
  const warnings: string[] = [];
  if (differ("trace")) {
    const traces = listed(runs.map(({ trace }) => trace));
    warnings.push(`The runs are of different traces, ${traces}: differences are the traces' too.`);
  }
  if (differ("version")) {
    const versions = listed(runs.map(({ version }) => version));
    warnings.push(
      `The runs were made by different versions, ${versions}: what is measured may differ.`,
    );
  }
  return warnings;
};

/**
 * Compares runs with the first of them. Measures that no run has are left out; one that only some have is null in the others. With `isAll`
 * every number of the summaries is compared, not only the main ones.
 */
export const compareRuns = (runs: readonly ComparedRun[], isAll = false): Comparison => {
  const names = runs.map(({ name }) => name);
  assert(new Set(names).size === names.length, "runs that are compared have different names");
  const fates = fatesOf(runs);
  const invariants = fates.filter(({ fates: all }) => all.some((fate) => fate !== HOLDS));
  return {
    names,
    warnings: warningsOf(runs),
    given: givenOf(runs),
    measures: measuresOf(
      runs.map(({ summary }) => new Map(leaves(summary))),
      isAll,
    ),
    watched: fates,
    invariants,
    held: fates.length - invariants.length,
  };
};
