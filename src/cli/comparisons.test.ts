import { describe, expect, it } from "vitest";
import { type ReplayOptions, readReplayOptions } from "#replay";
import type { StoredRun } from "#store";
import { bundledTraces } from "#trace";
import { COMPARISONS, recordedIn, runsIn } from "./comparisons.ts";
import { runInput } from "./replay-stored.ts";

/** A run of each contender, as it is stored; nothing was measured in it. */
const everyRun = (): readonly StoredRun[] =>
  COMPARISONS.flatMap(({ traces, contenders }) =>
    traces.flatMap((trace) => contenders.map(({ options }) => runInput(trace, options))),
  ).map((input, at) => ({
    ...input,
    runId: at + 1,
    digest: "00",
    requests: { total: 0, completed: 0, failed: 0 },
    summary: {},
    invariants: [],
  }));

const recorded = (runs: readonly StoredRun[]) => recordedIn({ runs: () => runs, traces: () => [] });

describe("the recorded comparisons", () => {
  it("are of bundled traces, under names and options of which none comes twice", () => {
    for (const { traces, contenders } of COMPARISONS) {
      for (const trace of traces) expect(bundledTraces.map(({ name }) => name)).toContain(trace);
      expect(new Set(contenders.map(({ name }) => name)).size).toBe(contenders.length);
      const options = contenders.map((one): ReplayOptions => readReplayOptions(one.options));
      expect(new Set(options.map((one) => JSON.stringify(one))).size).toBe(contenders.length);
    }
  });

  it("are written when all their runs are stored, which then have their place there", async () => {
    const runs = everyRun();
    const { files, runIds } = await recorded(runs);
    expect(files.map(({ path }) => path)).toMatchInlineSnapshot(`
      [
        "compare-policies-conversation-1k.csv",
        "compare-policies-conversation-1k-invariants.csv",
        "compare-policies-sessions-1k.csv",
        "compare-policies-sessions-1k-invariants.csv",
        "compare-policies.md",
        "compare-serving.csv",
        "compare-serving-invariants.csv",
        "compare-serving.md",
      ]
    `);
    expect(runIds).toEqual(new Set(runs.map(({ runId }) => runId)));
  });

  it("are left out as long as one run is missing, or was made by another version", async () => {
    const [first, ...others] = everyRun();
    const inPolicies = runsIn(COMPARISONS[0] as (typeof COMPARISONS)[number]);
    const paths = async (runs: readonly StoredRun[]) =>
      (await recorded(runs)).files.map(({ path }) => path);
    const serving = (await paths(everyRun().slice(inPolicies))).length;
    expect(serving).toBe(3);
    expect(await paths(others)).toHaveLength(serving);
    expect(await paths([{ ...first, version: "0" } as StoredRun, ...others])).toHaveLength(serving);
    expect(await paths([])).toEqual([]);
  });
});
