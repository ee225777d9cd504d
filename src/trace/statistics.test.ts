import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { nanos } from "#base";
import type { TraceRequest } from "./request.ts";
import { reuseDistances } from "./statistics/reuse-distances.ts";
import { traceStatistics } from "./statistics.ts";

const request = (over: Partial<TraceRequest> & { readonly at?: number }): TraceRequest => ({
  arrivalNs: nanos(over.at ?? 0),
  inputTokens: 10,
  outputTokens: 1,
  blocks: new Uint32Array(0),
  session: -1,
  turn: 0,
  delayNs: -1,
  priority: 0,
  model: -1,
  failed: false,
  extra: "",
  ...over,
});

const prompt = (...blocks: number[]): TraceRequest =>
  request({ blocks: Uint32Array.from(blocks), inputTokens: 10 * blocks.length });

describe("trace statistics", () => {
  it("are null where there is nothing to speak of", () => {
    expect(traceStatistics([], null)).toMatchInlineSnapshot(`
      {
        "anomalies": {
          "block_count_mismatch": null,
          "out_of_order": 0,
          "two_parents": null,
          "zero_lengths": 0,
        },
        "block_refs": null,
        "distinct_blocks": null,
        "distinct_timestamps": 0,
        "failed": 0,
        "ideal_prefix_hit": null,
        "input_tokens": {
          "max": null,
          "mean": null,
          "p50": null,
          "p90": null,
          "p99": null,
          "total": 0,
        },
        "lru_hit": null,
        "output_tokens": {
          "max": null,
          "mean": null,
          "p50": null,
          "p90": null,
          "p99": null,
          "total": 0,
        },
        "rows": 0,
        "sessions": 0,
        "span_ns": null,
      }
    `);
    expect(traceStatistics([], 512)).toMatchObject({ block_refs: 0, ideal_prefix_hit: null });
  });

  it("count one request", () => {
    const found = traceStatistics([prompt(0, 1)], 10);
    expect(found).toMatchObject({ rows: 1, span_ns: 0, block_refs: 2, ideal_prefix_hit: 0 });
    expect(found.input_tokens).toEqual({ mean: 20, p50: 20, p90: 20, p99: 20, max: 20, total: 20 });
  });

  it("count a prefix hit only in the leading run, and an LRU hit anywhere", () => {
    // The second prompt starts anew and then repeats a block, which no chained id does.
    const found = traceStatistics([prompt(0, 1), prompt(2, 1), prompt(0, 1)], 10);
    expect(found.ideal_prefix_hit).toBe(2 / 6);
    expect(found.lru_hit?.[0]).toEqual({ blocks: 1000, hit: 3 / 6 });
    expect(found.anomalies.two_parents).toBe(1);
  });

  it("find every anomaly", () => {
    const { anomalies, failed } = traceStatistics(
      [
        request({ at: 5, inputTokens: 0 }),
        request({ at: 3, outputTokens: 0 }),
        request({ at: 4, outputTokens: 0, failed: true }),
        request({ at: 4, blocks: Uint32Array.of(0), inputTokens: 11 }),
        request({ at: 4, blocks: Uint32Array.of(0, 1), inputTokens: 11 }),
        request({ at: 4, blocks: Uint32Array.of(1, 0), inputTokens: 11 }),
        request({ at: 4, blocks: Uint32Array.of(1, 1), inputTokens: 11 }),
      ],
      10,
    );
    // Rows 2 to 4 have a block less than they need; blocks 0 and 1 each lead once and follow once.
    expect(anomalies).toEqual({
      zero_lengths: 2,
      out_of_order: 1,
      block_count_mismatch: 3,
      two_parents: 2,
    });
    expect(failed).toBe(1);
  });

  it("do not miss a last block that the format drops", () => {
    const trace = [request({ blocks: Uint32Array.of(0), inputTokens: 19 })];
    expect(traceStatistics(trace, 10, "dropped").anomalies.block_count_mismatch).toBe(0);
    expect(traceStatistics(trace, 10, "partial").anomalies.block_count_mismatch).toBe(1);
  });

  it("count instants and sessions", () => {
    const trace = [
      request({ at: 0, session: 0 }),
      request({ at: 0, session: 1 }),
      request({ at: 9, session: 0, turn: 1 }),
      request({ at: 9 }),
    ];
    expect(traceStatistics(trace, null)).toMatchObject({
      distinct_timestamps: 2,
      sessions: 2,
      span_ns: 9,
    });
  });

  it("read the trace once, as it comes", () => {
    let left = 3;
    const stream: Iterator<TraceRequest> = {
      next: () => {
        left -= 1;
        return left < 0 ? { done: true, value: undefined } : { value: prompt(0) };
      },
    };
    expect(traceStatistics({ [Symbol.iterator]: () => stream }, 10).rows).toBe(3);
    expect(left).toBe(-1);
  });
});

describe("reuse distances", () => {
  it("are those of the hits", () => {
    expect(reuseDistances([prompt(0, 1, 2), prompt(0, 1), prompt(1)])).toEqual({
      hits: 3,
      p50: 3,
      p90: 3,
    });
    expect(reuseDistances([prompt(0)])).toEqual({ hits: 0, p50: null, p90: null });
  });
});

const MOONCAKE = "../shared/traces/mooncake-conversation.jsonl";
const AZURE = "../shared/traces/azure-2023-code.csv";

/** Enough of a parser for these two files, which have no surprises. */
const mooncake = (): readonly TraceRequest[] =>
  readFileSync(MOONCAKE, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => {
      const row: Record<string, number> & { hash_ids: number[] } = JSON.parse(line);
      return request({
        at: (row["timestamp"] as number) * 1e6,
        inputTokens: row["input_length"] as number,
        outputTokens: row["output_length"] as number,
        blocks: Uint32Array.from(row.hash_ids),
      });
    });

const azure = (): readonly TraceRequest[] => {
  const rows = readFileSync(AZURE, "utf8").split("\r\n").slice(1);
  // Microseconds of the day: every row is of the same one.
  const micros = (text: string): number => {
    const [hours, minutes, seconds] = text.slice(11).split(":").map(Number);
    return Math.round(
      ((hours as number) * 3600 + (minutes as number) * 60) * 1e6 + (seconds as number) * 1e6,
    );
  };
  const origin = micros(rows[0]?.split(",")[0] ?? "");
  return rows.map((row) => {
    const [time, input, output] = row.split(",");
    return request({
      at: (micros(time ?? "") - origin) * 1000,
      inputTokens: Number(input),
      outputTokens: Number(output),
    });
  });
};

describe("the figures of the public traces", () => {
  it.skipIf(!existsSync(MOONCAKE))(
    "are those of Mooncake's conversation trace (needs the public file beside the repository)",
    () => {
      const trace = mooncake();
      const found = traceStatistics(trace, 512);
      expect(found).toMatchObject({
        rows: 12_031,
        span_ns: 3_536_999_000_000,
        input_tokens: { p50: 6909, p99: 85_401, max: 126_195, total: 144_793_823 },
        output_tokens: { p50: 350, p99: 1120, max: 2000, total: 4_122_048 },
        block_refs: 288_500,
        distinct_blocks: 182_790,
        anomalies: { zero_lengths: 0, out_of_order: 0, block_count_mismatch: 0, two_parents: 0 },
        distinct_timestamps: 1180,
        failed: 0,
        sessions: 0,
      });
      expect(found.input_tokens.mean).toBeCloseTo(12_035.06, 2);
      expect(found.output_tokens.mean).toBeCloseTo(342.62, 2);
      expect(found.ideal_prefix_hit).toBeCloseTo(0.36641, 5);
      expect(found.lru_hit?.map(({ blocks, hit }) => [blocks, hit?.toFixed(3)])).toEqual([
        [1000, "0.044"],
        [5000, "0.110"],
        [10_000, "0.211"],
        [20_000, "0.287"],
        [50_000, "0.355"],
      ]);
      expect(reuseDistances(trace)).toEqual({ hits: 105_710, p50: 8356, p90: 31_589 });
    },
  );

  it.skipIf(!existsSync(AZURE))(
    "are those of Azure's code trace (needs the public file beside the repository)",
    () => {
      const found = traceStatistics(azure(), null);
      expect(found).toMatchObject({
        rows: 8819,
        span_ns: 3_435_948_056_000,
        input_tokens: { p50: 1469, p99: 7436, max: 7437, total: 18_059_974 },
        output_tokens: { p50: 13, p99: 252, max: 1899, total: 245_896 },
        block_refs: null,
        ideal_prefix_hit: null,
        lru_hit: null,
        anomalies: { zero_lengths: 0, out_of_order: 0 },
        distinct_timestamps: 8819,
      });
      expect(found.input_tokens.mean).toBeCloseTo(2047.85, 2);
      expect(found.output_tokens.mean).toBeCloseTo(27.88, 2);
    },
  );
});
