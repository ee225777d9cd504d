import { describe, expect, it } from "vitest";
import { begun, decoding, oneWorker } from "./testing/one-worker.ts";

const NEVER = Number.POSITIVE_INFINITY;

/** Blocks that a request has found in a worker's pool, or left there. */
const BLOCKS = Uint32Array.from([0, 1, 2]);

describe("a leap", () => {
  it("goes to the step at which somebody has all its tokens: 9 steps of 100 ns", () => {
    const worker = decoding(oneWorker(), 1000, begun(0, 10), begun(1, 30));
    expect([worker.at, worker.wakeNs]).toEqual(["phase", 1900]);
    expect(worker.arriveAtBoundary()).toEqual({
      steps: 9,
      size: 2,
      kvTokens: 2,
      tookNs: 900,
      endNs: 1900,
      isPrefilling: false,
    });
    expect([worker.at, worker.wakeNs, worker.busyNs, worker.decodeTokens]).toEqual([
      "boundary",
      NEVER,
      900,
      18,
    ]);
  });

  it("is a step where every step is looked at, and the same in sum", () => {
    const worker = decoding(oneWorker({ isLeaping: false }), 1000, begun(0, 10));
    for (let step = 1; step <= 9; step += 1) {
      expect(worker.wakeNs).toBe(1000 + 100 * step);
      worker.arriveAtBoundary();
      worker.output.takeForStep();
      if (step < 9) worker.beginPhase(1000 + 100 * step);
    }
    expect([worker.busyNs, worker.decodeTokens]).toEqual([900, 9]);
  });

  it("ends where there is no block for the next step, cached ones included", () => {
    // One step has one of the three blocks of 4 tokens; 12 steps have all of them, and the 13th none.
    const worker = decoding(oneWorker({ capacity: 3 }), 0, begun(0, 100));
    expect(worker.wakeNs).toBe(1200);
    worker.arriveAtBoundary();
    expect(worker.output.takeForStep()).toBe(false);
  });

  it("ends where a cached block must go only when a directory hears late", () => {
    for (const isExactlyEvicting of [false, true]) {
      const worker = oneWorker({ capacity: 4, isExactlyEvicting });
      const { pool } = worker.serving;
      pool.admit(7, BLOCKS, 0);
      pool.fill(7);
      pool.release(7);
      decoding(worker, 0, begun(0, 10));
      // One free block has the first 4 steps; from then on cached ones must go.
      expect([worker.evictNs, worker.wakeNs]).toEqual([400, isExactlyEvicting ? 400 : 900]);
    }
  });

  it("goes on where it was when its batch has not changed, and begins anew when it has", () => {
    const growing = { phaseNs: (_: number, __: number, steps: number) => 100 * steps + steps ** 2 };
    const worker = decoding(oneWorker({ costs: growing }), 0, begun(0, 10));
    worker.wakeBy(150, true);
    expect(worker.wakeNs).toBe(204); // Two steps.
    worker.arriveAtBoundary();
    worker.output.takeForStep();
    worker.beginPhase(204);
    expect([worker.startNs, worker.wakeNs]).toEqual([0, 900 + 81]);
    worker.wakeBy(204, true);
    worker.arriveAtBoundary();
    decoding(worker, 309, begun(1, 20));
    expect([worker.startNs, worker.wakeNs]).toEqual([309, 309 + 600 + 36]);
  });
});

describe("waking", () => {
  it("is at the end of the step under way, and not at an end that is now once the next step has begun", () => {
    for (const [atNs, hasBegun, wakeNs] of [
      [250, false, 300],
      [300, false, 300],
      [300, true, 400],
      [301, true, 400],
    ] as const) {
      const worker = decoding(oneWorker(), 0, begun(0, 10));
      expect(worker.wakeBy(atNs, hasBegun)).toBe(true);
      expect(worker.wakeNs).toBe(wakeNs);
    }
  });

  it("is never later for it, and never at all for who does not decode", () => {
    const worker = decoding(oneWorker(), 0, begun(0, 10));
    worker.wakeBy(250, false);
    expect([worker.wakeBy(350, false), worker.wakeNs]).toEqual([false, 300]);
    const idle = oneWorker();
    expect([idle.wakeBy(0, false), idle.wakeNs]).toEqual([false, NEVER]);
    idle.beginStep(0, 7);
    expect([idle.wakeBy(0, false), idle.wakeNs]).toEqual([false, 170]);
  });

  it("that was asked for stays, however the leap is planned anew", () => {
    const worker = decoding(oneWorker(), 0, begun(0, 10));
    worker.wakeBy(250, false);
    worker.plan();
    expect(worker.wakeNs).toBe(300);
  });
});

describe("in the middle of a leap", () => {
  it("the pool is as if each step had taken its own blocks, once somebody asks", () => {
    const worker = decoding(oneWorker({ capacity: 50 }), 0, begun(0, 90));
    const free = () => worker.serving.pool.counts().free;
    expect(free()).toBe(49);
    worker.settle(400, false); // Four steps have ended; the fifth begins, and has not taken its block.
    expect(free()).toBe(49);
    worker.settle(400, true);
    expect(free()).toBe(48);
    worker.settle(1999, false); // In the 20th.
    expect([free(), worker.output.count]).toEqual([45, 5]);
  });

  it("is looked into only when something has to go for it, unless it must be", () => {
    const worker = decoding(oneWorker({ capacity: 50 }), 0, begun(0, 90));
    worker.sync(1999, false);
    expect(worker.serving.pool.counts().free).toBe(49);
  });

  it("makes a cached block go by the nanosecond at which the step begins", () => {
    const worker = oneWorker({ capacity: 4 });
    const { pool, group } = worker.serving;
    pool.admit(7, BLOCKS, 0);
    pool.fill(7);
    pool.release(7);
    decoding(worker, 0, begun(0, 10));
    worker.sync(400, false);
    expect(group.directory.heldBy(0)).toBe(3);
    worker.sync(400, true);
    expect([group.directory.heldBy(0), worker.evictNs]).toEqual([2, 800]);
  });

  it("a reading says what has been given and taken by then, and changes nothing", () => {
    const worker = decoding(oneWorker({ capacity: 50 }), 0, begun(0, 90), begun(1, 90));
    const reading = {
      waiting: 0,
      running: 2,
      heldBlocks: 4, // Two each, as the fifth step has begun.
      cachedBlocks: 0,
      freeBlocks: 46,
      busyNs: 450,
      prefillTokens: 0,
      decodeTokens: 8,
    };
    expect(worker.reading(450)).toEqual(reading);
    expect(worker.reading(450)).toEqual(reading);
    expect(worker.serving.pool.counts().free).toBe(48);
  });
});

describe("breaking off", () => {
  it("counts the steps that had ended, and the time of the one that had not", () => {
    const worker = decoding(oneWorker(), 0, begun(0, 50));
    expect(worker.breakOff(350)).toMatchObject({ steps: 3, tookNs: 300, endNs: 300 });
    expect([worker.at, worker.wakeNs, worker.busyNs, worker.decodeTokens]).toEqual([
      "idle",
      NEVER,
      350,
      3,
    ]);
  });

  it("counts the step that ends at that very instant", () => {
    const worker = decoding(oneWorker(), 0, begun(0, 50));
    expect(worker.breakOff(300)).toMatchObject({ steps: 3 });
  });

  it("counts no step before the first has ended, and none of one that prefills", () => {
    expect(decoding(oneWorker(), 0, begun(0, 50)).breakOff(99)).toBeUndefined();
    const worker = oneWorker();
    worker.beginStep(0, 30);
    expect(worker.breakOff(50)).toBeUndefined();
    expect([worker.busyNs, worker.prefillTokens]).toEqual([50, 0]);
  });

  it("of nothing changes nothing", () => {
    const worker = oneWorker();
    expect(worker.breakOff(50)).toBeUndefined();
    expect(worker.busyNs).toBe(0);
  });
});

describe("a step that prefills", () => {
  it("takes its tokens, and gives the batch one each", () => {
    const worker = decoding(oneWorker(), 0, begun(0, 50));
    worker.wakeBy(0, false);
    worker.arriveAtBoundary();
    worker.output.takeForStep();
    worker.beginStep(100, 30);
    expect(worker.wakeNs).toBe(500);
    expect(worker.arriveAtBoundary()).toMatchObject({ steps: 1, tookNs: 400, isPrefilling: true });
    expect([worker.prefillTokens, worker.decodeTokens, worker.busyNs]).toEqual([30, 2, 500]);
  });
});

describe("who leaves the batch", () => {
  it("gives back the blocks that were taken for its output, and leaves the others theirs", () => {
    const [one, other] = [begun(0, 50), begun(1, 50)];
    const worker = decoding(oneWorker(), 0, one, other);
    worker.wakeBy(850, false);
    worker.arriveAtBoundary(); // Nine steps: three blocks each.
    expect(worker.output.count).toBe(6);
    worker.takeOut(one);
    expect([one.emitted, worker.output.count, worker.serving.pool.counts().free]).toEqual([
      10, 3, 97,
    ]);
    worker.takeOut(other);
    expect([worker.output.count, worker.serving.pool.counts().free]).toEqual([0, 100]);
  });
});
