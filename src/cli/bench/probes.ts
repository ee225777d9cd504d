import { PROBES } from "./bounds.ts";
import type { ChildRun } from "./child.ts";
import type { Sample } from "./figure.ts";
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
