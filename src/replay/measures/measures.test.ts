// Past 250 lines: one small run, looked at from every side.
import { describe, expect, it } from "vitest";
import type { Recorder, RequestRow, SeriesRow, SpanRow } from "../record.ts";
import { type EndedRequest, Measures, type MeasuresSetup, type WorkerReading } from "./index.ts";

const SECOND = 1_000_000_000;

const NOTHING: WorkerReading = {
  waiting: 0,
  running: 0,
  heldBlocks: 0,
  cachedBlocks: 0,
  freeBlocks: 10,
  busyNs: 0,
  prefillTokens: 0,
  decodeTokens: 0,
};

/** A worker that stands as a test says, whatever the time. */
const worker = (number: number, deployment = 0) => ({
  number,
  deployment,
  costs: { stepNs: () => 100 },
  state: NOTHING,
  reading(): WorkerReading {
    return this.state;
  },
});

/** A request of ten prompt tokens and three output tokens that arrived at 100, was taken up at once, and had its first token at 200. */
const request = (over: Partial<EndedRequest> = {}): EndedRequest => ({
  number: 0,
  request: { inputTokens: 10 },
  blocks: new Uint32Array(0),
  worker: worker(0),
  prefilledBy: 0,
  decodedBy: 0,
  emitted: 3,
  arrivalNs: 100,
  enqueueNs: 100,
  startNs: 100,
  firstTokenNs: 200,
  transferNs: -1,
  transferredNs: -1,
  localBlocks: 0,
  switchBlocks: 0,
  fetchedBlocks: 0,
  fetchedFrom: 0,
  computedTokens: 10,
  preemptions: 0,
  restarts: 0,
  ...over,
});

const measuring = (over: Partial<MeasuresSetup> = {}): Measures =>
  new Measures({
    slo: { ttft_ns: null, tpot_ns: null, e2e_ns: null },
    recorder: undefined,
    isHearingLate: false,
    ...over,
  });

const finish = (measures: Measures, endNs: number) =>
  measures.finish({ endNs, failedAtSource: 0, evictions: 0, promotions: 0, swaps: 0 });

/** A recorder that keeps everything, every so often. */
const keeping = (seriesEveryNs: number) => {
  const rows = { requests: [] as RequestRow[], series: [] as SeriesRow[], spans: [] as SpanRow[] };
  const recorder: Recorder = {
    request: (row) => rows.requests.push(row),
    series: (row) => rows.series.push(row),
    span: (row) => rows.spans.push(row),
    seriesEveryNs,
  };
  return { rows, recorder };
};

describe("a run in which nothing happens", () => {
  it("has a measure of nothing for everything", () => {
    const found = finish(measuring(), 0);
    expect(found).toMatchObject({
      requests: { total: 0, completed: 0, failed: 0, cancelled: 0 },
      failures: {},
      cancellations: {},
      tokens: { input: 0, output: 0, computed: 0 },
      tokens_per_s: null,
      goodput: null,
      staleness: null,
      imbalance: { requests_max_over_mean: null, busy_max_over_mean: null },
      utilisation: { busy_share: null, by_deployment: [], over_time: { busy_share: [] } },
      span_ns: 0,
    });
    expect(JSON.parse(JSON.stringify(found))).toEqual(found);
  });
});

describe("how requests ended", () => {
  it("is counted by outcome and by reason, in the order of the reasons", () => {
    const measures = measuring();
    measures.ended(request(), "completed", "", 400);
    measures.ended(request({ emitted: 1 }), "failed", "too large", 300);
    measures.ended(request(), "failed", "no live worker", 300);
    measures.ended(request(), "failed", "too large", 300);
    measures.ended(
      request({ startNs: -1, firstTokenNs: -1, emitted: 0 }),
      "cancelled",
      "its user left",
      300,
    );
    const found = finish(measures, SECOND);
    expect(found.requests).toEqual({
      total: 5,
      completed: 1,
      failed: 3,
      cancelled: 1,
      failed_at_source: 0,
    });
    expect(Object.entries(found.failures)).toEqual([
      ["no live worker", 1],
      ["too large", 2],
    ]);
    expect(found.cancellations).toEqual({ "its user left": 1 });
    // Whoever was given a first token counts its prompt; whoever was given any counts those.
    expect(found.tokens).toEqual({ input: 40, output: 10, computed: 50 });
    expect(found.tokens_per_s).toEqual({ input: 40, output: 10, computed: 50 });
  });

  it("has latencies of whoever came that far", () => {
    const measures = measuring();
    measures.ended(request({ startNs: 150 }), "completed", "", 400);
    measures.ended(request({ startNs: 110, firstTokenNs: -1 }), "cancelled", "late", 300);
    measures.ended(request({ startNs: -1, firstTokenNs: -1 }), "failed", "gone", 300);
    const found = finish(measures, 400);
    expect(found.queueing_ns).toMatchObject({ count: 2, mean: 30, max: 50 });
    expect(found.ttft_ns).toMatchObject({ count: 1, mean: 100 });
    expect(found.tpot_ns).toMatchObject({ count: 1, mean: 100 });
    expect(found.e2e_ns).toMatchObject({ count: 1, mean: 300 });
  });

  it("is good enough when it meets every bound that is set, to the nanosecond", () => {
    const slo = { ttft_ns: 100, tpot_ns: 100, e2e_ns: null };
    const measures = measuring({ slo });
    measures.ended(request(), "completed", "", 400);
    measures.ended(request({ firstTokenNs: 201 }), "completed", "", 401);
    measures.ended(request(), "completed", "", 402);
    // One token has no time between tokens; a failed request is never good.
    measures.ended(request({ emitted: 1 }), "completed", "", 9999);
    measures.ended(request(), "failed", "gone", 300);
    expect(finish(measures, 2 * SECOND).goodput).toEqual({
      requests: 2,
      share: 2 / 5,
      requests_per_s: 1,
      within_ttft: 3,
      within_tpot: 3,
      within_e2e: null,
    });
  });
});

describe("hits", () => {
  const named = (over: Partial<EndedRequest>) =>
    request({ blocks: Uint32Array.of(1, 2, 3, 4), ...over });

  it("are counted by where they came from, in both definitions, beside what an infinite cache finds", () => {
    const measures = measuring();
    for (const blocks of [[1, 2, 3, 4], [1, 2, 3, 4], [5]])
      measures.arrived(0, Uint32Array.from(blocks));
    measures.ended(
      named({ localBlocks: 1, switchBlocks: 1, fetchedBlocks: 2, fetchedFrom: 2 }),
      "completed",
      "",
      400,
    );
    measures.ended(named({ localBlocks: 2 }), "cancelled", "late", 400);
    measures.ended(named({ localBlocks: 4, firstTokenNs: -1 }), "failed", "gone", 400);
    expect(finish(measures, 400).hits).toEqual({
      block_refs: 8,
      hit_blocks: 6,
      ratio_of_sums: 6 / 8,
      mean_of_ratios: (1 + 0.5) / 2,
      blocks_by_distance: { local: 3, switch: 1, superchip: 0, domain: 2, rack: 0 },
      infinite_cache: {
        block_refs: 9,
        hit_blocks: 4,
        ratio_of_sums: 4 / 9,
        mean_of_ratios: 1 / 3,
        distinct_blocks: 5,
      },
    });
  });
});

describe("what is moved", () => {
  it("is counted by how far it went, and is a span", () => {
    const { rows, recorder } = keeping(SECOND);
    const measures = measuring({ recorder });
    const kv = { request: 7, worker: 8, from: 0, blocks: 2, bytes: 20, startNs: 5, endNs: 9 };
    measures.moved({ ...kv, kind: "fetch", distance: 1 });
    measures.moved({ ...kv, kind: "kv-transfer", distance: 3 });
    measures.moved({ ...kv, kind: "fetch", from: -1, distance: 0 });
    expect(finish(measures, 9).transfers).toEqual({
      count: 3,
      blocks: 6,
      bytes: 60,
      bytes_by_distance: { switch: 20, superchip: 20, domain: 0, rack: 20 },
      fetched_bytes: 40,
      handed_over_bytes: 20,
    });
    expect(rows.spans[1]).toEqual({
      kind: "kv-transfer",
      worker: 8,
      startNs: 5,
      endNs: 9,
      request: 7,
      from: 0,
      bytes: 20,
    });
  });
});

describe("rows", () => {
  it("say what a request was, and what it took on workers", () => {
    const { rows, recorder } = keeping(SECOND);
    const measures = measuring({ recorder });
    const moved = { transferNs: 200, transferredNs: 260, decodedBy: 8, worker: worker(8, 1) };
    measures.ended(request({ number: 3, ...moved }), "completed", "", 400);
    measures.ended(
      request({ prefilledBy: -1, decodedBy: -1, firstTokenNs: -1 }),
      "failed",
      "gone",
      300,
    );
    measures.ended(
      request({ startNs: -1, firstTokenNs: -1, emitted: 0 }),
      "cancelled",
      "late",
      300,
    );
    expect(rows.requests[0]).toMatchObject({
      request: 3,
      deployment: 1,
      worker: 0,
      decodeWorker: 8,
      endNs: 400,
      inputTokens: 10,
      outputTokens: 3,
      reason: "",
    });
    expect(rows.requests.map(({ deployment }) => deployment)).toEqual([1, 0, -1]);
    expect(
      rows.spans.map(({ kind, worker: on, startNs, endNs }) => [kind, on, startNs, endNs]),
    ).toEqual([
      ["prefill", 0, 100, 200],
      ["decode", 8, 260, 400],
    ]);
  });

  it("of a series say what was done in each interval, and how it stood at its end", () => {
    const { rows, recorder } = keeping(10);
    const measures = measuring({ recorder });
    const [late, early] = [worker(8), worker(0)];
    measures.opened(late, 0);
    measures.opened(early, 0);
    early.state = { ...NOTHING, busyNs: 4, decodeTokens: 6, waiting: 2, freeBlocks: 3 };
    // What happens at the very end of an interval is a part of it.
    measures.until(10);
    early.state = { ...early.state, busyNs: 5 };
    measures.until(31);
    early.state = { ...early.state, busyNs: 8, waiting: 0 };
    finish(measures, 35);
    const shown = rows.series.filter((row) => row.worker === 0);
    expect(rows.series.map(({ atNs, worker: of }) => `${atNs}/${of}`)).toEqual([
      "10/0",
      "10/8",
      "20/0",
      "20/8",
      "30/0",
      "30/8",
      "35/0",
      "35/8",
    ]);
    expect(shown.map(({ busyNs }) => busyNs)).toEqual([5, 0, 0, 3]);
    expect(shown.map(({ waiting }) => waiting)).toEqual([2, 2, 2, 0]);
    expect(shown[0]).toMatchObject({ decodeTokens: 6, prefillTokens: 0, freeBlocks: 3 });
  });

  it("of a worker that went are those of its last interval, and its number can be another's", () => {
    const { rows, recorder } = keeping(10);
    const measures = measuring({ recorder });
    const [first, second] = [worker(8), worker(8, 1)];
    measures.opened(first, 0);
    first.state = { ...NOTHING, busyNs: 3 };
    measures.gone(first, 4);
    measures.until(25);
    measures.opened(second, 25);
    second.state = { ...NOTHING, busyNs: 2 };
    expect(finish(measures, 30).utilisation).toMatchObject({
      busy_share: 5 / 9,
      by_deployment: [
        { deployment: 0, workers: 1, busy_share: 3 / 4 },
        { deployment: 1, workers: 1, busy_share: 2 / 5 },
      ],
    });
    expect(rows.series.map(({ atNs, busyNs, freeBlocks }) => [atNs, busyNs, freeBlocks])).toEqual([
      [10, 3, 0],
      [30, 2, 10],
    ]);
  });
});

describe("work", () => {
  it("is uneven by the worst deployment", () => {
    const measures = measuring();
    const [idle, busy, alone] = [worker(0), worker(8), worker(16, 1)];
    for (const one of [idle, busy, alone]) measures.opened(one, 0);
    measures.prefilled(request(), idle, 200);
    for (let turn = 0; turn < 3; turn += 1) measures.prefilled(request(), busy, 200);
    measures.resumed(request(), alone);
    busy.state = { ...NOTHING, busyNs: 80, prefillTokens: 10, decodeTokens: 20 };
    alone.state = { ...NOTHING, busyNs: 50, decodeTokens: 900 };
    const { imbalance, utilisation } = finish(measures, 100);
    expect(imbalance).toEqual({
      requests_max_over_mean: 3 / 2,
      tokens_max_over_mean: 2,
      busy_max_over_mean: 2,
    });
    expect(utilisation.by_deployment).toEqual([
      {
        deployment: 0,
        workers: 2,
        busy_share: 0.4,
        busy_share_least: 0,
        busy_share_most: 0.8,
        prefill_tokens: 10,
        decode_tokens: 20,
      },
      expect.objectContaining({ deployment: 1, busy_share: 0.5, decode_tokens: 900 }),
    ]);
  });

  it("is known over time in 16 to 32 intervals once it is long enough, however long that is", () => {
    for (const millis of [1, 31, 32, 33, 1000, 100_000]) {
      const measures = measuring();
      const one = worker(0);
      measures.opened(one, 0);
      for (let at = 1; at <= millis; at += Math.ceil(millis / 500)) {
        measures.until(at * 1_000_000);
        one.state = { ...NOTHING, busyNs: at * 500_000 - 1 };
      }
      one.state = { ...NOTHING, busyNs: millis * 500_000, waiting: 3 };
      const { over_time } = finish(measures, millis * 1_000_000).utilisation;
      const { length } = over_time.busy_share;
      expect(over_time.every_ns * (length - 1)).toBeLessThan(millis * 1_000_000);
      expect(over_time.every_ns * length).toBeGreaterThanOrEqual(millis * 1_000_000);
      expect(length).toBeLessThanOrEqual(32);
      expect(length).toBeGreaterThanOrEqual(Math.min(millis, 16));
      expect(over_time.waiting.at(-1)).toBe(3);
      expect(over_time.busy_max_over_mean.at(-1)).toBe(1);
    }
  });

  it("is that of the run when the clock goes on after its end", () => {
    const measures = measuring();
    const one = worker(0);
    measures.opened(one, 0);
    one.state = { ...NOTHING, busyNs: 3_000_000 };
    measures.until(90_000_000);
    measures.gone(one, 90_000_000);
    const { busy_share, over_time } = finish(measures, 10_000_000).utilisation;
    expect(busy_share).toBe(0.3);
    // In 4 ms, in another 4, and in the 2 that were left.
    expect(over_time.busy_share).toEqual([0.75, 0, 0]);
  });
});

describe("what a late directory costs", () => {
  it("is summed up, and null where it hears at once", () => {
    const measures = measuring({ isHearingLate: true });
    const decision = { isStale: true, isMisled: false, regretTokens: 0, regretNs: 0 };
    measures.decided({ ...decision, saidBlocks: 5, heldBlocks: 3 });
    measures.decided({
      ...decision,
      saidBlocks: 0,
      heldBlocks: 4,
      isMisled: true,
      regretTokens: 64,
      regretNs: 7,
    });
    measures.decided({ ...decision, saidBlocks: 2, heldBlocks: 2, isStale: false });
    expect(finish(measures, 1).staleness).toEqual({
      decisions: 3,
      stale: 2,
      misled: 1,
      blocks_gone: 2,
      blocks_unheard: 4,
      regret_tokens: 64,
      regret_ns: 7,
    });
  });
});

describe("a worker", () => {
  it("has a number that is nobody else's, and is there before it does anything", () => {
    const measures = measuring();
    expect(() => measures.prefilled(request(), worker(0), 1)).toThrow("a worker is there before");
    measures.opened(worker(0), 0);
    expect(() => measures.opened(worker(0), 0)).toThrow("nobody else's");
  });
});
