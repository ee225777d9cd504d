import { PROBES } from "./bounds.ts";
import type { ChildRun } from "./child.ts";
import type { Contest } from "./contest.ts";
import type { Measure, Sample } from "./figure.ts";
import { runBare, type Stage } from "./stage.ts";

/** Runs so many bare probes over so many keys. */
export const probes = (stage: Stage, keys: number, count: number): Promise<ChildRun> =>
  runBare(stage, PROBES, Math.max(1, keys), count);

/** What a bare script says of its own time, as a sample. */
export const insideOf = ({ out }: ChildRun, count: number): Sample => ({
  ms: Number(out),
  count,
  peakBytes: undefined,
});

/** Work in this process, against bare probes of another over so many keys: as many as the work counts, or some for each. */
export const besideProbes = (
  stage: Stage,
  measures: readonly Measure[],
  work: () => Sample,
  keys: number,
  probesEach = 1,
): Contest => {
  let count = 0;
  return {
    ...stage.sizes,
    run: async () => {
      const sample = work();
      count = sample.count;
      return sample;
    },
    bound: PROBES,
    runBound: async () => insideOf(await probes(stage, keys, count * probesEach), count),
    measures,
  };
};
