import { describe, expect, it } from "vitest";
import { type Asked, BLOCK, halvesOf, requestOf, workersOf } from "./engine/testing/small-run.ts";
import { readReplayOptions } from "./options/index.ts";
import type { RequestRow, SpanRow } from "./record.ts";
import { replay } from "./replay.ts";

/** A block of 512 tokens of Llama 405B, all shards together. */
const BLOCK_BYTES = BLOCK * 258_048;

/** What is measured of a run, and the rows of it. */
const measured = (
  asked: readonly Asked[],
  given: Readonly<Record<string, unknown>>,
  models: readonly string[] = [],
) => {
  const rows: RequestRow[] = [];
  const spans: SpanRow[] = [];
  const recorder = {
    request: (row: RequestRow) => rows.push(row),
    span: (row: SpanRow) => spans.push(row),
  };
  const trace = { requests: asked.map(requestOf), blockTokens: BLOCK, models };
  const options = readReplayOptions({ calibration: "roofline", ...given });
  return { ...replay(trace, options, { recorder }), rows, spans };
};

describe("a run is measured", () => {
  it("by the blocks that had to go: two of three, for three others in a pool of four", () => {
    const asked = [{ blocks: [0, 1, 2] }, { at: 100, blocks: [10, 11, 12] }];
    expect(measured(asked, workersOf(1, 4)).evictions).toBe(2);
  });

  it("by what was handed over, from whom and to whom", () => {
    const { transfers, rows, spans } = measured(
      [{ blocks: [0, 1, 2], outputTokens: 3 }],
      halvesOf(1, 1),
    );
    expect(transfers).toMatchObject({
      count: 1,
      blocks: 3,
      handed_over_bytes: 3 * BLOCK_BYTES,
      fetched_bytes: 0,
      bytes_by_distance: { rack: 3 * BLOCK_BYTES },
    });
    expect(rows).toMatchObject([{ worker: 0, decodeWorker: 8, deployment: 1, outputTokens: 3 }]);
    const moved = { kind: "kv-transfer", worker: 8, from: 0, bytes: 3 * BLOCK_BYTES };
    expect(spans.filter(({ kind }) => kind === "kv-transfer")).toMatchObject([moved]);
  });

  it("by what was fetched, when a request was first taken up", () => {
    const asked = [{ blocks: [0, 1, 2, 3] }, { at: 500, blocks: [0, 1, 2, 3] }];
    const run = measured(asked, { ...workersOf(2), policy: "round-robin" });
    expect(run.transfers).toMatchObject({ fetched_bytes: 4 * BLOCK_BYTES, handed_over_bytes: 0 });
    expect(run.rows[1]).toMatchObject({ localBlocks: 0, fetchedBlocks: 4, fetchedFrom: 3 });
  });

  it("by what came from where: from a switch when three others of its domain have read it", () => {
    const deploy = [{ model: "llama-70b", tp: 1, replicas: 5 }];
    const asked = [0, 1, 2, 3, 4].map((number) => ({ at: 100 * number, blocks: [0, 1, 2, 3] }));
    const { hits, promotions } = measured(asked, { deploy, policy: "round-robin" });
    // GPU 1 has them from GPU 0, GPU 2 from GPU 0, GPU 3 from GPU 2, and GPU 4 from the switch.
    expect(hits.blocks_by_distance).toEqual({
      local: 0,
      superchip: 8,
      domain: 4,
      rack: 0,
      switch: 4,
    });
    expect(promotions).toBe(4);
  });

  it("by swaps, and by what one cache without end would have found: names of two models never meet", () => {
    const deploy = [
      { model: "llama-405b", replicas: 1, serves: ["a"] },
      { model: "llama-70b", replicas: 0, serves: ["b"] },
    ];
    const asked = [0, 1, 0].map((model, number) => ({ at: 100 * number, model, blocks: [0, 1] }));
    const run = measured(asked, { deploy }, ["a", "b"]);
    expect(run.swaps).toBe(2);
    expect(run.hits.infinite_cache).toMatchObject({ hit_blocks: 2, distinct_blocks: 4 });
    // The first swap took them away.
    expect(run.hits.hit_blocks).toBe(0);
    expect(run.rows.map(({ deployment }) => deployment)).toEqual([0, 1, 0]);
  });

  it("by what had failed where it was recorded, which is not in the total", () => {
    const run = measured([{ failed: true }, { blocks: [0] }], workersOf(1));
    expect(run.requests).toMatchObject({ total: 1, completed: 1, failed_at_source: 1 });
    expect(run.rows.map(({ request }) => request)).toEqual([1]);
  });
});
