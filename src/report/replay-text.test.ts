import { describe, expect, it } from "vitest";
import { REPLAY_DEFAULTS, type ReplayResult, readReplayOptions } from "#replay";
import { replayText } from "./replay-text.ts";
import { RESULT } from "./testing/replay-result.ts";

/** The lines of one name, with those below it that have none. */
const linesOf = (name: string, result: ReplayResult): readonly string[] => {
  const lines = replayText("run 1", result).split("\n");
  const from = lines.findIndex((line) => line.startsWith(`${name} `));
  if (from === -1) return [];
  const end = lines.findIndex((line, at) => at > from && !line.startsWith(" "));
  return lines.slice(from, end).map((line) => line.slice(12));
};

const [DEPLOYED] = RESULT.rack.deployments;

describe("a run for a terminal", () => {
  it("is a picture of what was given, what became of it, and how long things took", () => {
    expect(replayText("run 1 of conversation", RESULT)).toMatchInlineSnapshot(`
      "run 1 of conversation

      deployed    9 × llama-405b/fp4/fp8/tp8; 1,000 blocks of 64 tokens each (4.0 MB a block)
      routed      kv-aware:bound=2; a longer run elsewhere is fetched when that is quicker

      requests    5 over 3.0 s, 12 events: 3 completed, 1 failed (1 too long), 1 cancelled (1 deadline)
      tokens      10/s of prompts, 8/s of them computed; 4/s of output
      hits        0.250 of 8 block references, where one endless cache finds 0.250; mean over requests 0.125
                  1 on the worker itself, 1 across the rack
      moved       1 block in 1 transfer: 4.0 MB fetched from other workers
      workers     busy 0.50 of the time, the least 0.00, the most 1.00
                  busiest ÷ mean 1.50 by time, – by tokens
                  ▇▁  each bar 2.0 s
      besides     no eviction, no preemption
      invariants  3 watched, looked at 27 times: 1 VIOLATION
                  not shown here, because it never came up: RUN-2
      digest      00ff

                               mean     p50     p90     p95     p99     max
      ─────────────────────  ──────  ──────  ──────  ──────  ──────  ──────
      queueing               1.2 ms  1.2 ms  2.0 ms  2.0 ms  2.0 ms  2.0 ms
      time to first token    1.2 ms  1.2 ms  2.0 ms  2.0 ms  2.0 ms  2.0 ms
      between tokens         1.2 ms  1.2 ms  2.0 ms  2.0 ms  2.0 ms  2.0 ms
      time per output token  1.2 ms  1.2 ms  2.0 ms  2.0 ms  2.0 ms  2.0 ms
      end to end             1.2 ms  1.2 ms  2.0 ms  2.0 ms  2.0 ms  2.0 ms

      Id         At  Request  Off by
      ─────  ──────  ───────  ──────
      RUN-3  1.2 ms        2       7
      "
    `);
  });

  it("says how requests were sent where it is not simply when the trace says", () => {
    const load = (members: object) =>
      linesOf("load", { ...RESULT, options: readReplayOptions({ load: members }) });
    expect(load({})).toEqual([]);
    expect(load({ speedup: 8, jitter_ns: 3e9, from_ns: 60e9 })).toEqual([
      "8 × as quick as the trace, each put off by up to 3.0 s, of the trace from 1.0 min on",
    ]);
    expect(load({ mode: "poisson", rate_per_s: 2.5, to_ns: 60e9 })).toEqual([
      "2.50 requests/s at random, of the trace from 0 ns to 1.0 min",
    ]);
    expect(load({ mode: "concurrency", concurrency: 64 })).toEqual(["64 requests at a time"]);
  });

  it("names each fault", () => {
    const faults = [
      { kind: "lose", at_ns: 1e9, what: { worker: 8 }, back_ns: 2e9 },
      { kind: "lose", at_ns: 1e9, what: { domain: 1 } },
      { kind: "slow", at_ns: 0, until_ns: 1e9, link: "rack", factor: 0.5 },
      { kind: "events", at_ns: 0, until_ns: 1e9, how: "drop" },
      { kind: "events", at_ns: 0, until_ns: 1e9, how: "delay", delay_ns: 5e6, worker: 0 },
    ];
    const options = readReplayOptions({ faults, event_delay_ns: 5e6, remote_hits: "recompute" });
    expect(linesOf("faults", { ...RESULT, options })).toMatchInlineSnapshot(`
      [
        "worker 8 lost at 1.0 s, back at 2.0 s",
        "domain 1 lost at 1.0 s, for good",
        "links of the rack at 0.50 of their rate from 0 ns to 1.0 s",
        "events of every worker dropped from 0 ns to 1.0 s",
        "events of worker 0 delayed from 0 ns to 1.0 s",
      ]
    `);
    expect(linesOf("routed", { ...RESULT, options })).toMatchInlineSnapshot(`
      [
        "kv-aware:bound=2, hears of blocks 5.0 ms late; a longer run elsewhere is computed again",
      ]
    `);
  });

  it("tells the halves of a rack apart, and one worker from several", () => {
    const [load] = RESULT.utilisation.by_deployment;
    const halves: ReplayResult = {
      ...RESULT,
      rack: {
        ...RESULT.rack,
        deployments: [
          { ...DEPLOYED, deployment: 0, role: "prefill", workers: 4 },
          { ...DEPLOYED, deployment: 1, role: "decode", workers: 5 },
        ] as ReplayResult["rack"]["deployments"],
      },
      utilisation: {
        ...RESULT.utilisation,
        by_deployment: [
          { ...load, deployment: 0, busy_share: 0.25 },
          { ...load, deployment: 1, busy_share: null },
        ] as ReplayResult["utilisation"]["by_deployment"],
      },
      transfers: { ...RESULT.transfers, handed_over_bytes: 3e9 },
    };
    expect(linesOf("deployed", halves)).toMatchInlineSnapshot(`
      [
        "4 × llama-405b/fp4/fp8/tp8 that prefill; 1,000 blocks of 64 tokens each (4.0 MB a block)",
        "5 × llama-405b/fp4/fp8/tp8 that decode; 1,000 blocks of 64 tokens each (4.0 MB a block)",
      ]
    `);
    expect(linesOf("workers", halves)).toMatchInlineSnapshot(`
      [
        "prefill busy 0.25 of the time, the least 0.00, the most 1.00",
        "decode busy – of the time, the least 0.00, the most 1.00",
        "busiest ÷ mean 1.50 by time, – by tokens",
        "▇▁  each bar 2.0 s",
      ]
    `);
    expect(linesOf("moved", halves)).toMatchInlineSnapshot(`
      [
        "1 block in 1 transfer: 4.0 MB fetched from other workers, 3.0 GB handed over to decode",
      ]
    `);
  });

  it("says which bounds goodput is held to, and what a late directory cost", () => {
    const more: ReplayResult = {
      ...RESULT,
      options: readReplayOptions({ slo: { ttft_ns: 5e8, e2e_ns: 1e10 } }),
      goodput: {
        requests: 3,
        share: 0.6,
        requests_per_s: 1,
        within_ttft: 4,
        within_tpot: null,
        within_e2e: 3,
      },
      staleness: {
        decisions: 5,
        stale: 2,
        misled: 1,
        blocks_gone: 7,
        blocks_unheard: 8,
        regret_tokens: 512,
        regret_ns: 6_000_000,
      },
    };
    expect(linesOf("goodput", more)).toMatchInlineSnapshot(`
      [
        "0.600: 3 requests, 1.00/s; 4 within 500 ms to the first token, 3 within 10.0 s to the end",
      ]
    `);
    expect(linesOf("staleness", more)).toMatchInlineSnapshot(`
      [
        "2 of 5 decisions by what was no longer so, 1 for another worker than otherwise",
        "7 blocks were gone, 8 not heard of; 512 tokens regretted, 6.0 ms",
      ]
    `);
  });

  it("says what happened besides, in one or in many", () => {
    const busy = { ...RESULT, evictions: 1, preemptions: 2, swaps: 1, restarts: 1, promotions: 3 };
    expect(linesOf("besides", busy)).toMatchInlineSnapshot(`
      [
        "1 eviction, 2 preemptions, 3 promotions to a switch, 1 swap of models, 1 request sent again",
      ]
    `);
  });

  it("says what was not checked, and where a run was stopped", () => {
    const options = { ...REPLAY_DEFAULTS, checks: "none" } as const;
    expect(linesOf("invariants", { ...RESULT, options, invariants: [] })).toEqual([
      "none watched: checks are none",
    ]);
    expect(linesOf("invariants", { ...RESULT, stopped: true })).toMatchInlineSnapshot(`
      [
        "3 watched, looked at 27 times: 1 VIOLATION",
        "not shown here, because it never came up: RUN-2",
        "stopped there: what was measured is of the run until then",
      ]
    `);
  });

  it("has nothing to say of a run of nothing", () => {
    const none = { count: 0, mean: null, p50: null, p90: null, p95: null, p99: null, max: null };
    const empty: ReplayResult = {
      ...RESULT,
      requests: { total: 0, completed: 0, failed: 0, cancelled: 0, failed_at_source: 2 },
      tokens_per_s: null,
      hits: { ...RESULT.hits, ratio_of_sums: null },
      ttft_ns: { ...none, exact: true },
      itl_ns: { ...none, exact: false },
    };
    const text = replayText("run 1", empty);
    expect(text).toContain("0 completed, 2 left out that failed at their source\n");
    expect(text).toContain("none: no request was served\n");
    expect(linesOf("tokens", empty)).toEqual([]);
    expect(text).toContain("within 0.1 % here: between tokens.\n");
  });
});
