import { describe, expect, it } from "vitest";
import { InputError, NANOS_MAX, nanos } from "#base";
import type { TraceRequest } from "#trace";
import { REPLAY_DEFAULTS, type ReplayOptions } from "./options.ts";
import { replay } from "./replay.ts";

const MS = 1e6;

const request = (given: Partial<TraceRequest>): TraceRequest => ({
  arrivalNs: nanos(0),
  inputTokens: 1000,
  outputTokens: 1,
  blocks: new Uint32Array(),
  session: -1,
  turn: 0,
  delayNs: -1,
  priority: 0,
  model: -1,
  failed: false,
  extra: "",
  ...given,
});

/** On the bare roofline, so that every time can be worked out by hand. */
const roofline: ReplayOptions = { ...REPLAY_DEFAULTS, calibration: "roofline", block_tokens: 100 };

/** 2 · 405e9 operations a token ÷ (8 · 18e15 a second): what one token of prefill takes. */
const TOKEN_NS = (2 * 405e9 * 1e9) / (8 * 18e15);

describe("replay", () => {
  it("prefills 1,000 tokens in 5.625 ms on the roofline of TP 8 in FP4", () => {
    const result = replay([request({})], null, roofline);
    expect(result.ttft_ns.max).toBe(Math.ceil(1000 * TOKEN_NS));
    expect(result.ttft_ns.max).toBe(5_625_000);
    expect(result.requests).toEqual({ total: 1, completed: 1, failed: 0, failed_at_source: 0 });
  });

  it("decodes 101 tokens in 100 steps after the first", () => {
    const result = replay([request({ outputTokens: 101 })], null, roofline);
    const weightsNs = (202.5e9 / (8 * 8e12)) * 1e9;
    const kvNs = ((1000 + 51) * 258_048 * 1e9) / (8 * 8e12);
    expect(result.tpot_ns.max).toBe(Math.ceil(weightsNs + kvNs));
    expect(result.e2e_ns.max).toBe(5_625_000 + 100 * Math.ceil(weightsNs + kvNs));
  });

  it("queues a second request on the same worker behind the first's prefill", () => {
    const pair = Array.from({ length: 10 }, () => request({}));
    const { queueing_ns } = replay(pair, null, { ...roofline, policy: "round-robin" });
    expect(queueing_ns.max).toBe(5_625_000); // ten requests, nine workers
    expect(queueing_ns.p90).toBe(0);
  });

  it("computes only what a hit leaves, and at least the last token", () => {
    const blocks = Uint32Array.from([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    const again = replay(
      [request({ blocks }), request({ blocks, arrivalNs: nanos(100 * MS) })],
      100,
      roofline,
    );
    expect(again.hits).toMatchObject({ block_refs: 20, hit_blocks: 10, ratio_of_sums: 0.5 });
    expect(again.ttft_ns.p50).toBe(Math.ceil((202.5e9 / (8 * 8e12)) * 1e9)); // one token reads all weights
  });

  it("tells the two hit rates apart", () => {
    const small = Uint32Array.from([0]);
    const large = Uint32Array.from(Array.from({ length: 99 }, (_, index) => index + 1));
    const rows = [small, large, large].map((blocks, index) =>
      request({ blocks, inputTokens: blocks.length * 100, arrivalNs: nanos(index * 1000 * MS) }),
    );
    const { hits } = replay(rows, 100, roofline);
    expect(hits.ratio_of_sums).toBeCloseTo(99 / 199, 12);
    expect(hits.mean_of_ratios).toBeCloseTo(1 / 3, 12);
  });

  it("fetches a long run from another worker when that is quicker, and counts the bytes", () => {
    const blocks = Uint32Array.from(Array.from({ length: 100 }, (_, index) => index));
    const rows = [0, 500].map((ms) =>
      request({ blocks, inputTokens: 10_000, arrivalNs: nanos(ms * MS) }),
    );
    const apart = { ...roofline, policy: "round-robin" };
    const fetched = replay(rows, 100, apart);
    expect(fetched.hits.blocks_by_distance).toEqual({
      local: 0,
      superchip: 0,
      domain: 0,
      rack: 100,
    });
    expect(fetched.transfers.bytes).toBe(100 * 100 * 258_048);
    const computed = replay(rows, 100, { ...apart, remote_hits: "recompute" });
    expect(computed.hits.hit_blocks).toBe(0);
    expect(computed.transfers.count).toBe(0);
    expect(fetched.ttft_ns.p50).toBeLessThan(computed.ttft_ns.p50 ?? 0);
  });

  it("says why a request cannot be served, and serves the others", () => {
    const rows = [
      request({ blocks: Uint32Array.from([0, 1, 2, 3, 4, 5]) }),
      request({ blocks: Uint32Array.from([0, 1]) }),
    ];
    const result = replay(rows, 512, { ...roofline, block_tokens: null, capacity_blocks: 4 });
    expect(result.requests).toMatchObject({ total: 2, completed: 1, failed: 1 });
    expect(result.failures).toEqual({ "larger than a worker's pool": 1 });
    expect(result.violations).toBe(0);
  });

  it("sends a delayed turn when the one before has ended, to the worker that has its blocks", () => {
    const rows = [
      request({ session: 0, blocks: Uint32Array.from([0, 1]), outputTokens: 50 }),
      request({
        session: 0,
        turn: 1,
        blocks: Uint32Array.from([0, 1, 2]),
        arrivalNs: nanos(1),
        delayNs: 30 * MS,
      }),
    ];
    const of512 = { ...roofline, block_tokens: null };
    const result = replay(rows, 512, of512);
    expect(result.requests.completed).toBe(2);
    expect(result.hits.blocks_by_distance.local).toBe(2);
    const first = replay([rows[0] as TraceRequest], 512, of512);
    expect(result.span_ns).toBeGreaterThan(first.span_ns + 30 * MS);
  });

  it("leaves out what failed at its source, and counts it", () => {
    const result = replay(
      [request({ failed: true, outputTokens: 0 }), request({})],
      null,
      roofline,
    );
    expect(result.requests).toEqual({ total: 1, completed: 1, failed: 0, failed_at_source: 1 });
  });

  it("replays nothing, and a request that asks for nothing", () => {
    expect(replay([], null, roofline)).toMatchObject({
      span_ns: 0,
      violations: 0,
      ttft_ns: { count: 0, p50: null },
      hits: { ratio_of_sums: null },
      imbalance: { requests_max_over_mean: null },
    });
    const empty = replay([request({ inputTokens: 0, outputTokens: 0 })], null, roofline);
    expect(empty).toMatchObject({ violations: 0, span_ns: 0, requests: { completed: 1 } });
  });

  it("has a digest that any difference in what happened changes", () => {
    const rows = [request({}), request({ arrivalNs: nanos(MS) })];
    const digest = replay(rows, null, roofline).digest;
    expect(replay(rows, null, roofline).digest).toBe(digest);
    const later = [request({}), request({ arrivalNs: nanos(MS + 1) })];
    expect(replay(later, null, roofline).digest).not.toBe(digest);
    expect(replay(rows, null, { ...roofline, calibration: "document" }).digest).not.toBe(digest);
  });

  it("names everything that is wrong with its options at once, before anything runs", () => {
    const wrong: ReplayOptions = {
      ...REPLAY_DEFAULTS,
      profile: "documents",
      policy: "kv-aware:bound=0.5",
      calibration: "fast",
      remote_hits: "maybe",
      capacity_blocks: 0,
    };
    const replaying = (): unknown => replay([request({})], null, wrong);
    expect(replaying).toThrow(InputError);
    try {
      replaying();
    } catch (thrown) {
      expect((thrown as InputError).issues.map(({ code }) => code)).toEqual([
        "SPEC-1",
        "REPLAY-1",
        "REPLAY-1",
        "REPLAY-1",
        "REPLAY-1",
      ]);
    }
  });

  it.each([
    [{ block_tokens: 7 }, "left out for a trace that names blocks of 100 tokens, found 7"],
    [{ seed: 5 }, "a seed must be left out for kv-aware, which draws nothing, found 5"],
    [{ capacity_blocks: 2 ** 31 }, "1 … 134217728, found 2147483648"],
    [{ capacity_blocks: 2 ** 27 }, "9 workers must have at most 14913080 blocks each"],
    [{ block_tokens: 1.5 }, "block tokens must be a whole number"],
  ])("refuses %j: no option is ignored, and none asks for more than there is", (wrong, because) => {
    const asked = { ...REPLAY_DEFAULTS, ...wrong };
    expect(() => replay([], 100, asked)).toThrow(because);
    expect(() => replay([], 100, asked)).toThrow(InputError);
  });

  it("says that a run would leave the time in which nanoseconds are exact", () => {
    const late = request({ arrivalNs: nanos(NANOS_MAX - 1000) });
    expect(() => replay([late], null, roofline)).toThrow("replay a window of the trace [REPLAY-1]");
  });

  it("draws by the seed, and only where something is drawn", () => {
    const rows = Array.from({ length: 20 }, () => request({}));
    const digest = (options: Partial<ReplayOptions>): string =>
      replay(rows, null, { ...roofline, ...options }).digest;
    expect(digest({ policy: "random", seed: 1 })).toBe(digest({ policy: "random" }));
    expect(digest({ policy: "random", seed: 2 })).not.toBe(digest({ policy: "random" }));
  });

  it("refuses a model that does not fit and a TP degree that does not divide a domain", () => {
    expect(() => replay([], null, { ...roofline, tp: 1, weight_format: "fp16" })).toThrow("SPEC-2");
    expect(() => replay([], null, { ...roofline, tp: 3 })).toThrow("SPEC-3");
  });
});
