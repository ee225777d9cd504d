import { canonicalJson } from "#base";
import type { ReplayOptions } from "#replay";
import type { Store, StoredRun } from "#store";
import { runInput } from "./replay-stored.ts";

const textOf = ({ trace, options, seed, version }: ReturnType<typeof runInput>): string =>
  canonicalJson([trace, options, seed, version]);

/** Finds the run of a trace with some options among those that are stored. Reads all of them once. */
export const storedRuns = (
  store: Pick<Store, "runs">,
): ((trace: string, options: ReplayOptions) => StoredRun | undefined) => {
  const known = new Map(store.runs().map((run) => [textOf(run), run]));
  return (trace, options) => known.get(textOf(runInput(trace, options)));
};
