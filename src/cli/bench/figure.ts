import { assert, percentile } from "#base";

/** What one timed run gave. */
export type Sample = {
  readonly ms: number;
  /** How many requests, rows or block operations that were. */
  readonly count: number;
  /** The peak of resident memory, or what was weighed; nothing for a part of a process that was not. */
  readonly peakBytes: number | undefined;
};

/** What a figure is a number of. Times and sizes are better low, rates high. */
export type Unit =
  | "ms"
  | "ms/plan"
  | "bytes"
  | "bytes/block"
  | "requests/s"
  | "rows/s"
  | "block operations/s"
  | "operations/s"
  | "steps/s";

/** What a figure should reach. `ratioAtMost` and `ratioAtLeast` speak of its ratio to the bound. */
export type Bar =
  | { readonly kind: "below"; readonly value: number }
  | { readonly kind: "atLeast"; readonly value: number }
  | { readonly kind: "ratioAtMost" | "ratioAtLeast"; readonly value: number };

/** One number that is read off each sample. */
export type Measure = { readonly name: string; readonly unit: Unit; readonly bar?: Bar };

/** A measure over all runs: medians are nearest-rank, so each is a number that was really measured. */
export type Figure = {
  readonly figure: string;
  readonly unit: Unit;
  readonly median: number;
  readonly least: number;
  readonly most: number;
  readonly runs: number;
  /** The bound's name. */
  readonly bound: string;
  /** Its median, in the same unit and the same run of the benchmark. */
  readonly bound_median: number;
  /** `median` ÷ `bound_median`, to four digits after the point. Null when the bound was too short for the clock. */
  readonly ratio: number | null;
  readonly bar: Bar | null;
  /** Whether the bar was reached. Null without a bar. */
  readonly reached: boolean | null;
};

/** A span too short for the clock counts as this long, so that a rate stays a number. */
const LEAST_MS = 1e-3;

const rounded = (value: number, places: number): number =>
  Math.round(value * 10 ** places) / 10 ** places;

/** A sample in a unit: milliseconds to the microsecond, bytes of a block to a hundredth, everything else whole. */
const read = ({ ms, count, peakBytes }: Sample, unit: Unit): number => {
  if (unit === "ms") return rounded(ms, 3);
  if (unit === "ms/plan") return rounded(ms / count, 3);
  if (unit !== "bytes" && unit !== "bytes/block")
    return Math.round((count * 1000) / Math.max(ms, LEAST_MS));
  assert(peakBytes !== undefined, "memory is measured of whole processes and of what is weighed");
  return unit === "bytes" ? peakBytes : rounded(peakBytes / count, 2);
};

const isReached = (bar: Bar, median: number, ratio: number | null): boolean => {
  if (bar.kind === "below") return median < bar.value;
  if (bar.kind === "atLeast") return median >= bar.value;
  if (ratio === null) return false;
  return bar.kind === "ratioAtMost" ? ratio <= bar.value : ratio >= bar.value;
};

/** What the runs of a contest and of its bound come to. Neither list may be empty. */
export const figureOf = (
  { name, unit, bar }: Measure,
  samples: readonly Sample[],
  bound: string,
  boundSamples: readonly Sample[],
): Figure => {
  const sorted = Float64Array.from(samples, (sample) => read(sample, unit)).toSorted();
  const boundSorted = Float64Array.from(boundSamples, (sample) => read(sample, unit)).toSorted();
  const median = percentile(sorted, 0.5);
  const boundMedian = percentile(boundSorted, 0.5);
  const ratio = boundMedian === 0 ? null : rounded(median / boundMedian, 4);
  return {
    figure: name,
    unit,
    median,
    least: sorted[0] ?? median,
    most: sorted.at(-1) ?? median,
    runs: samples.length,
    bound,
    bound_median: boundMedian,
    ratio,
    bar: bar ?? null,
    reached: bar === undefined ? null : isReached(bar, median, ratio),
  };
};
