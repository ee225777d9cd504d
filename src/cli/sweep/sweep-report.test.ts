import { describe, expect, it } from "vitest";
import { REPLAY_DEFAULTS, type ReplayResult, type Spread } from "#replay";
import { bestAmong } from "./best.ts";
import { pointsOf } from "./grid.ts";
import type { Outcome } from "./run-sweep.ts";
import { type SweepResult, sweepCsv, sweepJson, sweepMarkdown, sweepText } from "./sweep-report.ts";
import { readAxes } from "./vary.ts";

const spread = (ns: number): Spread => ({
  count: 1,
  mean: ns,
  p50: ns,
  p90: ns,
  p95: ns,
  p99: 2 * ns,
  max: 2 * ns,
  exact: true,
});

type Found = {
  readonly completed?: number;
  readonly ns?: number;
  readonly hitRate?: number | null;
  readonly violations?: number;
};

/** A result in which only what a sweep looks at is filled in. */
const found = ({ completed = 10, ns = 1000, hitRate = 0.5, violations = 0 }: Found): ReplayResult =>
  ({
    requests: { completed, failed: 10 - completed, cancelled: 0 },
    goodput: null,
    ttft_ns: spread(ns),
    itl_ns: spread(7),
    tokens_per_s: { output: 3.5 },
    preemptions: 0,
    tpot_ns: spread(ns),
    e2e_ns: spread(ns),
    hits: { ratio_of_sums: hitRate },
    evictions: 7,
    imbalance: { busy_max_over_mean: 1.25 },
    violations,
    digest: `d${ns}`,
  }) as unknown as ReplayResult;

const sweepOf = (outcomes: readonly Outcome[]): SweepResult => {
  const tps = outcomes.map((_, at) => 2 ** at).join(",");
  const varied = readAxes([`tp=${tps}`], new Set(), REPLAY_DEFAULTS);
  return {
    trace: "some",
    axes: ["tp"],
    points: pointsOf(varied, REPLAY_DEFAULTS).map((point, at) => ({
      point,
      outcome: outcomes[at] as Outcome,
    })),
  };
};

const THREE = sweepOf([
  {
    kind: "refused",
    issues: [{ code: "REPLAY-1", message: "tp must be a whole number, found 1" }],
  },
  { kind: "run", runId: 3, result: found({ ns: 2_000_000 }) },
  { kind: "run", runId: 4, result: found({ ns: 1_000_000, hitRate: null }) },
]);

describe("the table of a sweep", () => {
  it("marks what is best, and gives the reason of what cannot be", () => {
    expect(sweepText(THREE)).toMatchInlineSnapshot(`
      "sweep of some: 3 points over tp, 1 of which cannot be

      Run  TP  Completed  Failed  TTFT p50  TTFT p99  ITL p99  TPOT p50  E2E p99  Tokens/s  Hit rate  Imbalance  Evictions  Violations  Why there is none
      ───  ──  ─────────  ──────  ────────  ────────  ───────  ────────  ───────  ────────  ────────  ─────────  ─────────  ──────────  ─────────────────────────────────────────────
        –   1          –       –         –         –        –         –        –         –         –          –          –           –  tp must be a whole number, found 1 [REPLAY-1]
        3   2         10       0    2.0 ms    4.0 ms    14 ns    2.0 ms   4.0 ms         4     0.500       1.25          7           0
        4   4         10       0   *1.0 ms   *2.0 ms    14 ns   *1.0 ms  *2.0 ms         4         –       1.25          7           0

      * the best of the runs without a violation that completed the most requests
      "
    `);
  });

  it("is bare numbers in CSV", () => {
    expect(sweepCsv(THREE)).toMatchInlineSnapshot(`
      "run,tp,completed,failed,cancelled,goodput_share,ttft_p50_ns,ttft_p99_ns,itl_p99_ns,tpot_p50_ns,e2e_p99_ns,output_tokens_per_s,hit_rate,imbalance,evictions,preemptions,violations,digest,reason
      ,1,,,,,,,,,,,,,,,,,"tp must be a whole number, found 1 [REPLAY-1]"
      3,2,10,0,0,,2000000,4000000,14,2000000,4000000,3.5,0.5,1.25,7,0,0,d2000000,
      4,4,10,0,0,,1000000,2000000,14,1000000,2000000,3.5,,1.25,7,0,0,d1000000,
      "
    `);
  });

  it("is a page of Markdown with what all points have in common", () => {
    const lines = sweepMarkdown(THREE).split("\n");
    expect(lines).toContain("3 points over tp, 1 of which cannot be.");
    const held = lines.slice(lines.indexOf("## Held fixed")).map((line) => line.split(/ +/)[1]);
    expect(held).toContain("deploy.llama-405b.kv_format");
    expect(held).toContain("load.speedup");
    expect(held).not.toContain("deploy.llama-405b.tp");
  });

  it("is for programs too", () => {
    expect(sweepJson(THREE)).toMatchObject({
      axes: ["tp"],
      points: [
        { at: { tp: 1 }, refused: [{ code: "REPLAY-1" }] },
        { at: { tp: 2 }, run_id: 3, ttft_p99_ns: 4_000_000, best: [] },
        { at: { tp: 4 }, best: ["ttft_p50_ns", "ttft_p99_ns", "tpot_p50_ns", "e2e_p99_ns"] },
      ],
    });
  });

  it("marks nothing, and says nothing of marks, where all are alike", () => {
    const alike = sweepOf([1, 2].map((runId) => ({ kind: "run", runId, result: found({}) })));
    expect(sweepText(alike)).not.toContain("*");
  });
});

describe("the best of some runs", () => {
  const best = (results: readonly ReplayResult[]) => results.map(bestAmong(results));

  it("is marked in all that tie", () => {
    const [first, second, third] = best([{ hitRate: 0.9 }, { hitRate: 0.9 }, {}].map(found));
    expect([first, second, third]).toEqual([["hit_rate"], ["hit_rate"], []]);
  });

  it("is none that lost requests, however quick with the rest", () => {
    const [quick, whole] = best([{ completed: 9, ns: 1 }, { ns: 1000 }].map(found));
    expect([quick, whole]).toEqual([[], ["completed", "failed"]]);
  });

  it("is none that broke an invariant, not even to be compared with", () => {
    const [broken, slow, slower] = best(
      [{ ns: 1, hitRate: 1, violations: 3 }, { ns: 10 }, { ns: 20 }].map(found),
    );
    expect(broken).toEqual([]);
    expect(slow).toContain("ttft_p50_ns");
    expect(slower).toEqual([]);
  });

  it("is none of one, and none of none", () => {
    expect(best([found({})])).toEqual([[]]);
    expect(best([])).toEqual([]);
    expect(best([found({ violations: 1 })])).toEqual([[]]);
  });
});
