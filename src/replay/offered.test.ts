import { describe, expect, it } from "vitest";
import type { TraceRequest } from "#trace";
import { MS, requestOf } from "./engine/testing/small-run.ts";
import { offered, settingsOf } from "./offered.ts";
import { plan, readReplayOptions } from "./options/index.ts";

const request = (arrivalNs: number, blocks: readonly number[]): TraceRequest =>
  requestOf({ at: arrivalNs / MS, blocks });

const planned = (given: Readonly<Record<string, unknown>>) =>
  plan(readReplayOptions(given), { blockTokens: 512, models: [], distinctBlocks: 100 });

describe("what is offered", () => {
  it("is what the load says, by its place in the trace, with the trace's own blocks", () => {
    const rows = [request(0, [0]), request(10, [0, 1]), request(20, [2])];
    const [first, ...others] = offered(rows, planned({ load: { from_ns: 10, speedup: 2 } }));
    expect([first?.number, first?.request.arrivalNs, [...(first?.blocks ?? [])]]).toEqual([
      1,
      0,
      [0, 1],
    ]);
    expect(others.map(({ number, request: { arrivalNs } }) => [number, arrivalNs])).toEqual([
      [2, 5],
    ]);
  });

  it("has blocks of the run's size: two of 256 tokens for each of 512, and none where it names none", () => {
    const rows = [request(0, [0, 1]), { ...request(1, []), inputTokens: 900 }];
    const [cut, none] = [...offered(rows, planned({ block_tokens: 256 }))];
    expect(new Set(cut?.blocks).size).toBe(4);
    expect(none?.blocks).toHaveLength(0);
    const [joined] = offered(rows, planned({ block_tokens: 1024 }));
    expect(joined?.blocks).toHaveLength(1);
  });

  it("is read as it is asked for, and no further", () => {
    let read = 0;
    const rows = function* (): Generator<TraceRequest> {
      for (; ; read += 1) yield request(read, [read]);
    };
    for (const { number } of offered(rows(), planned({}))) if (number === 9) break;
    expect(read).toBeLessThan(12);
  });
});

describe("what an engine goes by", () => {
  it("is what the options say, and nothing for what they leave out", () => {
    expect(settingsOf(planned({ max_num_seqs: 7, remote_hits: "recompute" }))).toEqual({
      blockTokens: 512,
      maxNumSeqs: 7,
      maxNumBatchedTokens: 8192,
      preemption: "newest",
      isFetching: false,
      deadlineNs: undefined,
      ttftDeadlineNs: undefined,
      patienceNs: undefined,
      concurrency: undefined,
    });
    const load = { mode: "concurrency", concurrency: 3 };
    expect(settingsOf(planned({ load, deadline_ns: 9 }))).toMatchObject({
      deadlineNs: 9,
      concurrency: 3,
    });
  });

  it("has a share of the users leave, after a time of the mean that is asked for", () => {
    const { patienceNs } = settingsOf(planned({ abandon: { share: 0.25, after_ns: 1e9 } }));
    const all = Array.from({ length: 2000 }, (_, number) => patienceNs?.(number));
    const left = all.filter((ns) => ns !== undefined);
    expect(Math.abs(left.length / 2000 - 0.25)).toBeLessThan(0.03);
    const mean = left.reduce((sum, ns) => sum + ns, 0) / left.length;
    expect(Math.abs(mean / 1e9 - 1)).toBeLessThan(0.12);
    expect(left.every((ns) => Number.isInteger(ns) && ns > 0)).toBe(true);
  });

  it("has each user leave by the seed and its number alone, whenever it is asked", () => {
    const patience = (seed: number | null) =>
      settingsOf(planned({ abandon: { share: 0.5, after_ns: 1e9 }, seed })).patienceNs;
    const forwards = [1, 2, 3, 4, 5].map((number) => patience(7)?.(number));
    const backwards = [5, 4, 3, 2, 1].map((number) => patience(7)?.(number));
    expect(backwards.toReversed()).toEqual(forwards);
    expect([1, 2, 3, 4, 5].map((number) => patience(8)?.(number))).not.toEqual(forwards);
  });
});
