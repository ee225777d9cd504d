import { describe, expect, it } from "vitest";
import { BlockPool } from "#rack";
import { Batch } from "./batch.ts";
import { countsAfter, OutputBlocks } from "./output-blocks.ts";
import { begun } from "./testing/one-worker.ts";

const made = (capacity: number) => {
  const pool = new BlockPool(capacity, { stored() {}, removed() {} });
  const batch = new Batch(4);
  return { pool, batch, output: new OutputBlocks(pool, batch, 4) };
};

describe("a batch's blocks", () => {
  it("are taken before the step that needs them, once a step, and not at all when there are too few", () => {
    const { pool, batch, output } = made(3);
    for (const number of [0, 1]) batch.join(begun(number, 50), 0);
    expect([output.takeForStep(), output.takeForStep(), output.count]).toEqual([true, true, 2]);
    batch.advance(4);
    expect([output.takeForStep(), output.count, pool.counts().free]).toEqual([false, 2, 1]);
  });

  it("are as many at a stroke as one by one", () => {
    const [leap, steps] = [made(100), made(100)];
    for (const { batch } of [leap, steps])
      for (const number of [0, 1, 2]) batch.join(begun(number, 50), number);
    leap.output.takeUpTo(23);
    for (let step = 0; step < 23; step += 1) {
      steps.output.takeForStep();
      steps.batch.advance(1);
    }
    // Steps 0 … 22: for the first before 0, 4, …, 20; for the second before 3, …, 19; for the third before 2, …, 22.
    expect([leap.output.count, steps.output.count]).toEqual([6 + 5 + 6, 17]);
  });

  it("are given back by who leaves before a step has taken them, and after", () => {
    for (const [isTaken, left] of [
      [false, 0],
      [true, 0],
    ] as const) {
      const { pool, batch, output } = made(10);
      const live = begun(0, 50);
      batch.join(live, 0);
      output.takeUpTo(4);
      batch.advance(4);
      if (isTaken) output.takeForStep();
      expect(output.count).toBe(isTaken ? 2 : 1);
      output.takeOut(live);
      expect([output.count, pool.counts().free]).toEqual([left, 10]);
    }
  });

  it("cost cached blocks when no free ones are left", () => {
    const counts = { free: 3, filling: 1, active: 2, cached: 5 };
    expect(countsAfter(counts, 2)).toEqual({ heldBlocks: 5, cachedBlocks: 5, freeBlocks: 1 });
    expect(countsAfter(counts, 7)).toEqual({ heldBlocks: 10, cachedBlocks: 1, freeBlocks: 0 });
  });
});
