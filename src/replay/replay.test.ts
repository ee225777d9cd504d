import { describe, expect, it } from "vitest";
import { InputError, NANOS_MAX, nanos } from "#base";
import type { TraceRequest } from "#trace";
import { type ReplayOptions, readReplayOptions } from "./options/index.ts";
import { type ReplayResult, replay as replayTrace } from "./replay.ts";

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

/** Options, of which some are those of the one deployment. */
type Given = Readonly<Record<string, unknown>> & { readonly deployment?: object };

const optionsOf = ({ deployment = {}, ...given }: Given): ReplayOptions =>
  readReplayOptions({ deploy: [{ model: "llama-405b", ...deployment }], ...given });

const replay = (
  requests: readonly TraceRequest[],
  blockTokens: number | null,
  given: Given,
): ReplayResult => replayTrace({ requests, blockTokens, models: [] }, optionsOf(given));

/** On the bare roofline, so that every time can be worked out by hand. */
const roofline = { calibration: "roofline", oversized: "fail" };
const of100 = { ...roofline, block_tokens: 100 };

/** 2 · 405e9 operations a token ÷ (8 · 18e15 a second): what one token of prefill takes. */
const TOKEN_NS = (2 * 405e9 * 1e9) / (8 * 18e15);

describe("replay", () => {
  it("prefills 1,000 tokens in 5.625 ms on the roofline of TP 8 in FP4", () => {
    const result = replay([request({})], null, of100);
    expect(result.ttft_ns.max).toBe(Math.ceil(1000 * TOKEN_NS));
    expect(result.ttft_ns.max).toBe(5_625_000);
    expect(result.requests).toMatchObject({ total: 1, completed: 1, failed: 0 });
  });

  it("decodes 101 tokens in 100 steps after the first", () => {
    const result = replay([request({ outputTokens: 101 })], null, of100);
    const stepNs = (kvTokens: number): number =>
      ((202.5e9 + kvTokens * 258_048) * 1e9) / (8 * 8e12);
    // Step k reads the prompt and the k tokens given so far: on average, its 1,000 and 50.5.
    expect(result.e2e_ns.max).toBe(5_625_000 + Math.ceil(100 * stepNs(1050.5)));
    expect(result.tpot_ns.max).toBeCloseTo(stepNs(1050.5), 0);
  });

  it("prefills two prompts in one step when its tokens suffice, and in turn when they do not", () => {
    const pair = Array.from({ length: 10 }, () => request({}));
    const together = replay(pair, null, { ...of100, policy: "round-robin" });
    expect(together.ttft_ns.max).toBe(11_250_000); // ten requests, nine workers
    expect(together.queueing_ns.max).toBe(0);
    const apart = { ...of100, policy: "round-robin", max_num_batched_tokens: 1000 };
    const inTurn = replay(pair, null, apart);
    expect(inTurn.ttft_ns.max).toBe(11_250_000);
    expect(inTurn.ttft_ns.p90).toBe(5_625_000);
    expect(inTurn.queueing_ns.max).toBe(5_625_000);
  });

  it("cuts a long prompt into steps, beside which the others decode", () => {
    const rows = [
      request({ outputTokens: 1000 }),
      request({ inputTokens: 20_000, arrivalNs: nanos(100 * MS) }),
    ];
    const one = { deployment: { replicas: 1 }, ...of100 };
    const cut = replay(rows, null, { ...one, max_num_batched_tokens: 2048 });
    const whole = replay(rows, null, { ...one, max_num_batched_tokens: 32_768 });
    expect(cut.itl_ns.max).toBeLessThan((whole.itl_ns.max ?? 0) / 5);
    expect(cut.ttft_ns.max).toBeGreaterThan(whole.ttft_ns.max ?? 0);
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
      switch: 0,
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
    const result = replay(rows, 512, { ...roofline, deployment: { capacity_blocks: 4 } });
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
    const result = replay(rows, 512, roofline);
    expect(result.requests.completed).toBe(2);
    expect(result.hits.blocks_by_distance.local).toBe(2);
    const first = replay([rows[0] as TraceRequest], 512, roofline);
    expect(result.span_ns).toBeGreaterThan(first.span_ns + 30 * MS);
  });

  it("leaves out what failed at its source, and counts it", () => {
    const result = replay(
      [request({ failed: true, outputTokens: 0 }), request({})],
      null,
      roofline,
    );
    expect(result.requests).toMatchObject({ total: 1, completed: 1, failed_at_source: 1 });
  });

  it("replays nothing, and a request that asks for nothing", () => {
    expect(replay([], null, of100)).toMatchObject({
      span_ns: 0,
      violations: 0,
      ttft_ns: { count: 0, p50: null },
      hits: { ratio_of_sums: null },
      imbalance: { requests_max_over_mean: null },
    });
    const empty = replay([request({ inputTokens: 0, outputTokens: 0 })], null, of100);
    // One token goes through the model: its logits are the answer, however short.
    expect(empty).toMatchObject({ violations: 0, requests: { completed: 1 } });
  });

  it("has a digest that any difference in what happened changes", () => {
    const rows = [request({}), request({ arrivalNs: nanos(MS) })];
    const digest = replay(rows, null, of100).digest;
    expect(replay(rows, null, of100).digest).toBe(digest);
    const later = [request({}), request({ arrivalNs: nanos(MS + 1) })];
    expect(replay(later, null, of100).digest).not.toBe(digest);
    expect(replay(rows, null, { ...of100, calibration: "document" }).digest).not.toBe(digest);
  });

  it("names everything that is wrong with its options at once, before anything runs", () => {
    const wrong = { profile: "documents", policy: "kv-aware:bound=0.5", load: { rate_per_s: 1 } };
    const replaying = (): unknown => replay([request({})], null, wrong);
    expect(replaying).toThrow(InputError);
    try {
      replaying();
    } catch (thrown) {
      expect((thrown as InputError).issues.map(({ code }) => code)).toEqual([
        "SPEC-1",
        "REPLAY-1",
        "REPLAY-4",
      ]);
    }
  });

  it("says that a run would leave the time in which nanoseconds are exact", () => {
    const late = request({ arrivalNs: nanos(NANOS_MAX - 1000) });
    expect(() => replay([late], null, of100)).toThrow("replay a window of the trace [REPLAY-1]");
  });

  it("draws by the seed, and only where something is drawn", () => {
    const rows = Array.from({ length: 20 }, () => request({}));
    const digest = (options: Given): string => replay(rows, null, { ...of100, ...options }).digest;
    expect(digest({ policy: "random", seed: 1 })).toBe(digest({ policy: "random" }));
    expect(digest({ policy: "random", seed: 2 })).not.toBe(digest({ policy: "random" }));
  });

  it("refuses a model that does not fit and a TP degree that does not divide a domain", () => {
    const deployed = (deployment: object): unknown => replay([], null, { ...of100, deployment });
    expect(() => deployed({ tp: 1, weight_format: "fp16" })).toThrow("SPEC-2");
    expect(() => deployed({ tp: 3 })).toThrow("REPLAY-2");
  });
});
