/** Makes the recorded comparisons, and says what they come to. */
import { descending } from "#base";
import { showCount, showRatio } from "#report";
import type { Store } from "#store";
import type { CommonArgs } from "./command.ts";
import {
  COMPARISONS,
  type ContendingRun,
  type RecordedComparison,
  runsIn,
  runsOf,
  storedNames,
} from "./comparisons.ts";
import { counted } from "./print.ts";
import { progressBar } from "./progress.ts";
import type { KeptRun } from "./replay-stored.ts";
import type { World } from "./world.ts";

/** How many runs there are in all. */
const ALL = COMPARISONS.reduce((sum, comparison) => sum + runsIn(comparison), 0);

/** A recorded comparison, and its runs. */
export type Made = {
  readonly comparison: RecordedComparison;
  readonly runs: readonly ContendingRun[];
};

/** Makes the runs of every comparison. */
export const compareAll = async (
  store: Store,
  args: CommonArgs,
  world: World,
): Promise<readonly Made[]> => {
  const bar = await progressBar(world, args, "comparing");
  const names = await storedNames(store);
  const made: Made[] = [];
  let done = 0;
  try {
    for (const comparison of COMPARISONS) {
      const runs: ContendingRun[] = [];
      for (const run of runsOf(store, comparison, names)) {
        runs.push(run);
        done += 1;
        bar.update(done, ALL);
      }
      made.push({ comparison, runs });
    }
  } finally {
    bar.stop();
  }
  return made;
};

const goodputOf = ({ result }: ContendingRun): number => result.goodput?.share ?? 0;

/** What a comparison comes to on one trace. */
const onTrace = (trace: string, runs: readonly ContendingRun[]): string => {
  const [best, ...others] = runs.toSorted(descending(goodputOf));
  const worst = others.at(-1);
  if (best === undefined || worst === undefined || goodputOf(best) === goodputOf(worst)) {
    return `on ${trace} the same goodput, ${showRatio(best === undefined ? 0 : goodputOf(best))}`;
  }
  return `on ${trace} goodput ${showRatio(goodputOf(worst))} (${worst.name}) to ${showRatio(goodputOf(best))} (${best.name})`;
};

/** A comparison in a line. */
export const comparedText = ({ comparison: { name }, runs }: Made): string => {
  const violated = runs.reduce((sum, { result }) => sum + result.violations, 0);
  const found = [...new Set(runs.map(({ trace }) => trace))].map((trace) =>
    onTrace(
      trace,
      runs.filter((run) => run.trace === trace),
    ),
  );
  return `${name}: ${found.join("; ")}; ${violated === 0 ? "no" : showCount(violated)} invariant violated in ${counted(runs.length, "run")}`;
};

/** What became of a run, for a program. */
export const runJson = ({ runId, trace, result: { digest, violations } }: KeptRun) => ({
  run_id: runId,
  trace,
  digest,
  violations,
});

/** A comparison's runs, for a program. */
export const madeJson = ({ comparison: { name }, runs }: Made) => ({
  name,
  runs: runs.map((run) => ({ name: run.name, ...runJson(run) })),
});

/** The run that is shown whole: prefill and decode apart, blocks of 16 tokens, and a rack that is busy. */
export const shownOf = (made: readonly Made[]): ContendingRun | undefined =>
  made.flatMap(({ runs }) => runs).find(({ result }) => result.rack.deployments.length > 1);
