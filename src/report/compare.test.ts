// Past 250 lines: a comparison from its runs to its page, with the same two or three runs throughout.
import { parse } from "csv-parse/sync";
import { describe, expect, it } from "vitest";
import type { Json } from "#base";
import { type ComparedRun, compareRuns } from "./compare.ts";
import { comparisonCsv, comparisonPage, comparisonReport, comparisonText } from "./compare-text.ts";

const invariant = (id: string, premise_true: number, violated = 0) => ({
  id,
  statement: `what ${id} says`,
  evaluated: 10,
  premise_true,
  violated,
});

const aRun = (name: string, summary: Json, other: Partial<ComparedRun> = {}): ComparedRun => ({
  name,
  trace: "t",
  options: { policy: "round-robin", deploy: [{ model: "llama-405b", tp: 8 }], faults: [] },
  seed: 0,
  version: "0.1.0",
  digest: "12".repeat(32),
  summary,
  invariants: [invariant("RUN-1", 10)],
  ...other,
});

const FIRST = aRun("run 1", {
  requests: { total: 10, completed: 8, failed: 2 },
  failures: { "too long": 2 },
  ttft_ns: { count: 8, mean: 2e6, p50: 1e6, p99: null },
  hits: { ratio_of_sums: 0.25 },
  transfers: { bytes: 0 },
  evictions: 5,
  first_violations: [{ id: "RUN-1", at_ns: 3 }],
  events: 30,
});

const SECOND = aRun(
  "run 2",
  {
    requests: { total: 10, completed: 10, failed: 0, cancelled: 0 },
    failures: {},
    ttft_ns: { count: 10, mean: 1.5e6, p50: 1e6, p99: 4e6 },
    hits: { ratio_of_sums: 0.2 },
    transfers: { bytes: 3e9 },
    evictions: 7,
    events: 31,
  },
  {
    options: {
      policy: "kv-aware",
      deploy: [{ model: "llama-405b", tp: 4 }],
      faults: [{ kind: "lose" }],
    },
    invariants: [invariant("RUN-1", 9, 4), invariant("RUN-2", 0)],
  },
);

describe("runs side by side", () => {
  it("show only the options that differ, what changed and which way, and what did not hold", () => {
    expect(comparisonText(compareRuns([FIRST, SECOND]))).toMatchInlineSnapshot(`
      "Given          run 1        run 2
      ─────────────  ───────────  ────────
      policy         round-robin  kv-aware
      deploy.0.tp    8            4
      faults         none         –
      faults.0.kind  –            lose

                                  run 1   run 2  change
      ─────────────────────────  ──────  ──────  ────────────────────────
      requests                       10      10  same
      completed                       8      10  +2, +25.0 %, better
      failed                          2       0  -2, -100.0 %, better
      failed: too long                2       0  -2, -100.0 %, better
      time to first token, mean  2.0 ms  1.5 ms  -500 µs, -25.0 %, better
      time to first token, p50   1.0 ms  1.0 ms  same
      time to first token, p99        –  4.0 ms  –
      hit rate, of all blocks     0.250   0.200  -0.050, -20.0 %, worse
      moved between workers         0 B  3.0 GB  +3.0 GB
      evictions                       5       7  +2, +40.0 %

      Invariant  run 1        run 2            Statement
      ─────────  ───────────  ───────────────  ───────────────
      RUN-1      holds        violated 4 of 9  what RUN-1 says
      RUN-2      not watched  never met        what RUN-2 says

      0 invariants held, and met something, in every run.
      "
    `);
  });

  it("say nothing where nothing differs", () => {
    expect(
      comparisonText(compareRuns([FIRST, { ...FIRST, name: "again" }])),
    ).toMatchInlineSnapshot(`
      "The runs were given the same.

                                  run 1   again  change
      ─────────────────────────  ──────  ──────  ──────
      requests                       10      10  same
      completed                       8       8  same
      failed                          2       2  same
      failed: too long                2       2  same
      time to first token, mean  2.0 ms  2.0 ms  same
      time to first token, p50   1.0 ms  1.0 ms  same
      hit rate, of all blocks     0.250   0.250  same
      moved between workers         0 B     0 B  same
      evictions                       5       5  same

      1 invariant held, and met something, in every run.
      "
    `);
  });

  it("are all compared with the first", () => {
    const third = aRun("run 3", { evictions: 6, ttft_ns: { mean: 3e6 } });
    const { measures } = compareRuns([FIRST, SECOND, third]);
    const of = (path: string) => measures.find((measure) => measure.path === path);
    expect(of("ttft_ns.mean")?.changes).toEqual([
      null,
      { delta: -0.5e6, percent: -25, verdict: "better" },
      { delta: 1e6, percent: 50, verdict: "worse" },
    ]);
    expect(of("evictions")?.changes.map((change) => change?.verdict)).toEqual([
      undefined,
      "different",
      "different",
    ]);
    // From nothing there is no per cent, and to nothing no change.
    expect(of("transfers.bytes")).toMatchObject({
      values: [0, 3e9, null],
      changes: [null, { delta: 3e9, percent: null, verdict: "different" }, null],
    });
  });

  it("lack what an older run did not measure, but count what is not listed as none", () => {
    const { measures } = compareRuns([SECOND, FIRST]);
    const of = (path: string) => measures.find((measure) => measure.path === path)?.values;
    expect(of("failures.too long")).toEqual([0, 2]);
    expect(of("ttft_ns.p99")).toEqual([4e6, null]);
    expect(of("itl_ns.p50")).toBeUndefined();
  });

  it("leave out what is rare and came up in none of them", () => {
    const third = aRun("run 3", { requests: { cancelled: 1 } });
    const of = (runs: readonly ComparedRun[]) =>
      compareRuns(runs).measures.find(({ path }) => path === "requests.cancelled")?.values;
    expect(of([FIRST, SECOND])).toBeUndefined();
    expect(of([FIRST, SECOND, third])).toEqual([null, 0, 1]);
  });

  it("are compared by every number on request, but for single violations", () => {
    const paths = compareRuns([FIRST, SECOND], true).measures.map(({ path }) => path);
    expect(paths).toContain("events");
    expect(paths.filter((path) => path.startsWith("first_violations"))).toEqual([]);
    expect(new Set(paths).size).toBe(paths.length);
    expect(compareRuns([FIRST, SECOND]).measures.map(({ path }) => path)).not.toContain("events");
  });

  it("of different traces and versions come with a warning", () => {
    const other = { ...SECOND, trace: 'u"', version: "0.2.0" };
    const comparison = compareRuns([FIRST, other]);
    expect(comparison.warnings).toMatchInlineSnapshot(`
      [
        "The runs are of different traces, "t", "u\\"": differences are the traces' too.",
        "The runs were made by different versions, "0.1.0", "0.2.0": what is measured may differ.",
      ]
    `);
    expect(comparison.given.map(({ what }) => what)).toEqual([
      "trace",
      "version",
      "policy",
      "deploy.0.tp",
      "faults",
      "faults.0.kind",
    ]);
  });

  it("need no results, options or invariants, and names of their own", () => {
    const bare = ["a", "b"].map((name) => aRun(name, {}, { options: {}, invariants: [] }));
    expect(compareRuns(bare)).toEqual({
      names: ["a", "b"],
      warnings: [],
      given: [],
      measures: [],
      watched: [],
      invariants: [],
      held: 0,
    });
    expect(comparisonText(compareRuns(bare))).toContain("no measure");
    expect(() => compareRuns([FIRST, FIRST])).toThrow("different names");
  });
});

describe("a comparison", () => {
  it("is a page of Markdown", () => {
    const page = comparisonPage("Two | runs", "One trace.", compareRuns([FIRST, SECOND]));
    expect(page).toContain("# Two \\| runs\n");
    expect(page).toContain("| policy        | round-robin | kv-aware |\n");
    expect(page).toContain("-500 µs, -25.0 %, better");
    expect(page.endsWith("\n")).toBe(true);
  });

  it("is CSV with bare numbers", () => {
    const rows: Record<string, string>[] = parse(comparisonCsv(compareRuns([FIRST, SECOND])), {
      columns: true,
    });
    expect(rows.find(({ measure }) => measure === "ttft_ns.mean")).toEqual({
      measure: "ttft_ns.mean",
      title: "time to first token, mean",
      "run 1": "2000000",
      "run 2": "1500000",
      "run 2 delta": "-500000",
      "run 2 percent": "-25",
      "run 2 verdict": "better",
    });
  });

  it("is a report with tables for programs beside the page", () => {
    const comparison = compareRuns([FIRST, SECOND]);
    const paths = (...names: readonly string[]) =>
      comparisonReport(
        "policies",
        "Policies",
        "About.",
        names.map((name) => ({ name, comparison })),
      ).map(({ path }) => path);
    expect(paths("a")).toEqual([
      "compare-policies.csv",
      "compare-policies-invariants.csv",
      "compare-policies.md",
    ]);
    expect(paths("a", "b")).toEqual([
      "compare-policies-a.csv",
      "compare-policies-a-invariants.csv",
      "compare-policies-b.csv",
      "compare-policies-b-invariants.csv",
      "compare-policies.md",
    ]);
  });

  it("shows how often each invariant meant something, and its fate where it did not hold", () => {
    const third = { ...SECOND, name: "run 3", invariants: [invariant("RUN-1", 1234)] };
    const [, counts, page] = comparisonReport("x", "X", "About.", [
      { name: "t", comparison: compareRuns([FIRST, SECOND, third]) },
    ]);
    expect(counts?.text).toMatchInlineSnapshot(`
      "invariant,run 1,run 1 fate,run 2,run 2 fate,run 3,run 3 fate,statement
      RUN-1,10,holds,9,violated 4 of 9,1234,holds,what RUN-1 says
      RUN-2,,not watched,0,never met,,not watched,what RUN-2 says
      "
    `);
    expect(page?.text.slice(page.text.indexOf("## Invariants"))).toMatchInlineSnapshot(`
      "## Invariants

      0 invariants held, and met something, in every run. How often each was looked at where that meant something:

      | Invariant | run 1 |           run 2 | run 3 | Statement       |
      | :-------- | ----: | --------------: | ----: | :-------------- |
      | RUN-1     |    10 | violated 4 of 9 | 1,234 | what RUN-1 says |
      | RUN-2     |     – |       never met |     – | what RUN-2 says |
      "
    `);
  });
});
