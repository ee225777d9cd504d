import { describe, expect, it } from "vitest";
import { about, halvesOf, MS, tell, workersOf } from "./testing/small-run.ts";

describe("at one instant", () => {
  it("a step ends before a request arrives, and whoever is scheduled sees both", () => {
    const run = tell([{ blocks: [0] }, { at: 20, blocks: [0] }]);
    expect(run.story.slice(2)).toEqual([
      "20 ms: r0 prefilled at w0",
      "20 ms: r0 completed at w0",
      "20 ms: r1 arrived at w0",
      "20 ms: r1 started at w0",
      // The block is there: one token to compute.
      "30.019532 ms: r1 prefilled at w0",
      "30.019532 ms: r1 completed at w0",
    ]);
  });

  it("requests arrive by number, and are batched together", () => {
    const run = tell([{ blocks: [0] }, { blocks: [1] }, { blocks: [2] }]);
    expect(run.story.slice(3)).toEqual([
      "0 ms: r0 started at w0",
      "0 ms: r1 started at w0",
      "0 ms: r2 started at w0",
      ...[0, 1, 2].flatMap((number) => [
        `40 ms: r${number} prefilled at w0`,
        `40 ms: r${number} completed at w0`,
      ]),
    ]);
  });

  it("hardware is lost before a request arrives, and a request arrives before it leaves", () => {
    const faults = [{ kind: "lose", at_ns: 20 * MS, what: { worker: 0 } }];
    const run = tell([{}, { at: 20 }], { ...workersOf(2), faults });
    expect(about(1, run)[0]).toBe("20 ms: r1 arrived at w8");
    const settings = { patienceNs: () => 0 };
    expect(tell([{}], {}, { settings }).story).toEqual([
      "0 ms: r0 arrived at w0",
      "0 ms: r0 cancelled at w0",
    ]);
  });

  it("what has been moved is there before the step that begins then", () => {
    const asked = [
      { blocks: [0], outputTokens: 30 },
      { at: 20, blocks: [1], outputTokens: 2 },
    ];
    // A block and its first byte take 10 ms together, as long as a step.
    const blockBytes = 8 * (10 * MS - 1500) * 1200;
    const run = tell(asked, halvesOf(1, 1), { costs: { blockBytes } });
    expect(about(1, run).slice(2)).toEqual([
      "40 ms: r1 prefilled at w0",
      "40 ms: r1 moving at w8",
      "50 ms: r1 moved at w8",
      "60 ms: r1 completed at w8",
    ]);
  });
});

describe("a leap", () => {
  it("is broken by whoever comes, at the end of a step, and by nobody else", () => {
    const asked = [
      { blocks: [0], outputTokens: 102 },
      { at: 503, blocks: [1], outputTokens: 2 },
    ];
    const run = tell(asked);
    expect(run.story.slice(2)).toEqual([
      "20 ms: r0 prefilled at w0",
      "503 ms: r1 arrived at w0",
      "510 ms: r1 started at w0",
      "530 ms: r1 prefilled at w0",
      "540 ms: r1 completed at w0",
      // 101 steps after its first token, one of them 20 ms long.
      "1040 ms: r0 completed at w0",
    ]);
  });

  it("is not broken by whoever there is no seat for", () => {
    const asked = [
      { blocks: [0], outputTokens: 102 },
      { at: 503, blocks: [1] },
    ];
    const run = tell(asked, { max_num_seqs: 1 });
    expect(about(0, run).at(-1)).toBe("1030 ms: r0 completed at w0");
    expect(about(1, run)[1]).toBe("1030 ms: r1 started at w0");
  });
});

describe("fixed concurrency", () => {
  it("has so many under way, whatever the trace's times, each after the end of another", () => {
    const asked = [0, 500, 1000, 1500].map((at, number) => ({ at, blocks: [number] }));
    const run = tell(asked, { load: { mode: "concurrency", concurrency: 2 } });
    const arrivals = run.story.filter((line) => line.includes("arrived"));
    expect(arrivals).toEqual([
      "0 ms: r0 arrived at w0",
      "0 ms: r1 arrived at w0",
      "30 ms: r2 arrived at w0",
      "30 ms: r3 arrived at w0",
    ]);
    expect(run.engine.endNs).toBe(60 * MS);
  });

  it("passes over rows that failed where they were recorded, and is not stopped by one that fails here", () => {
    const asked = [{ blocks: [0, 1, 2] }, { failed: true }, { failed: true }, { blocks: [3] }];
    const given = { ...workersOf(1, 2), load: { mode: "concurrency", concurrency: 1 } };
    const run = tell(asked, given);
    expect(run.engine.tally).toEqual({
      total: 2,
      completed: 1,
      failed: 1,
      cancelled: 0,
      failedAtSource: 2,
    });
    expect(about(3, run).at(-1)).toBe("20 ms: r3 completed at w0");
  });

  it("of more than there are has them all at once, and of an empty trace ends", () => {
    const load = { mode: "concurrency", concurrency: 9 };
    expect(tell([{}, {}], { load }).engine.tally.completed).toBe(2);
    expect(tell([], { load }).story).toEqual([]);
  });

  it("with nobody left to serve ends, and names who could not be served", () => {
    const faults = [{ kind: "lose", at_ns: 5 * MS, what: { worker: 0 } }];
    const asked = Array.from({ length: 5 }, (_, number) => ({ blocks: [number] }));
    const run = tell(asked, { faults, load: { mode: "concurrency", concurrency: 2 } });
    expect(run.engine.tally).toMatchObject({ total: 5, failed: 5 });
    expect([...run.engine.reasons]).toEqual([["no live worker", 5]]);
  });
});

describe("a session", () => {
  it("sends its next turn a delay after the end of the one before, where that was", () => {
    const asked = [
      { blocks: [0], session: 0 },
      { blocks: [9], session: -1 },
      { at: 1, blocks: [0, 1], session: 0, turn: 1, delayNs: 30 * MS },
    ];
    const run = tell(asked, workersOf(2));
    expect(about(2, run).slice(0, 2)).toEqual([
      "50 ms: r2 arrived at w0",
      "50 ms: r2 started at w0",
    ]);
  });

  it("whose turn fails goes on, and a turn that was recorded as failed is passed over", () => {
    const turns = [[0, 1, 2], [3], [4]].map((blocks, turn) => ({
      at: turn,
      blocks,
      session: 0,
      turn,
      delayNs: turn === 0 ? -1 : 10 * MS,
      failed: turn === 1,
    }));
    const run = tell(turns, workersOf(1, 2));
    expect(run.engine.tally).toMatchObject({
      total: 2,
      completed: 1,
      failed: 1,
      failedAtSource: 1,
    });
    expect(about(2, run)[0]).toBe("10 ms: r2 arrived at w0");
  });

  it("whose last row is due after everybody is gone is ended too, at the time that was reached", () => {
    const faults = [{ kind: "lose", at_ns: 5 * MS, what: { worker: 0 } }];
    const asked = [
      { blocks: [0], session: 0 },
      { at: 70, session: 0, turn: 1, delayNs: 10 * MS },
    ];
    const run = tell(asked, { faults });
    expect(run.story.slice(2)).toEqual([
      "5 ms: r0 sent-again",
      "70 ms: r0 failed",
      "80 ms: r1 failed",
    ]);
  });
});

describe("a run of nothing", () => {
  it("ends at once, and faults alone make it go on to their end", () => {
    expect(tell([]).engine).toMatchObject({ events: 0, endNs: 0, nowNs: 0 });
    const faults = [{ kind: "lose", at_ns: 5 * MS, what: { worker: 0 }, back_ns: 9 * MS }];
    expect(tell([], { faults }).engine).toMatchObject({ events: 0, endNs: 0, nowNs: 37.125 * MS });
  });
});
