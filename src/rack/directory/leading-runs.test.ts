import { describe, expect, it } from "vitest";
import { BlockTable } from "./block-table.ts";
import { LeadingRuns } from "./leading-runs.ts";

/** The table, and how many words of it have been read. */
const countingReads = (table: BlockTable) => {
  let reads = 0;
  const words = new Proxy(table.words, {
    get(target, name) {
      if (typeof name === "string" && /^\d+$/.test(name)) reads += 1;
      return Reflect.get(target, name);
    },
  });
  return { rows: { words, find: (block: number) => table.find(block) }, reads: () => reads };
};

/** How many words are read to find a run of so many blocks, held by a few workers of so many; one more block is held by nobody. */
const readsFor = (workers: number, holders: readonly number[], run: number): number => {
  const span = Math.ceil(workers / 32);
  const table = new BlockTable(span, 8 * run);
  const blocks = Array.from({ length: run + 1 }, (_, block) => block);
  for (const block of blocks.slice(0, run)) {
    for (const worker of holders) table.set(block, worker >>> 5, 1 << (worker & 31));
  }
  const { rows, reads } = countingReads(table);
  const runs = new LeadingRuns(rows, span, 1);
  expect(runs.walk(blocks, undefined)).toBe(run);
  expect(runs.longestHeldBy()).toEqual(holders);
  return reads();
};

describe("the work of finding a longest run", () => {
  const holders = [1, 40];

  it("grows with the run: ten times the blocks, ten times the words read", () => {
    const [short, long] = [readsFor(64, holders, 10), readsFor(64, holders, 100)];
    expect(short).toBeGreaterThan(10);
    expect(long).toBeGreaterThan(8 * short);
    expect(long).toBeLessThan(12 * short);
  });

  it("does not grow with the workers: a thousand times as many cost the words of one row, once", () => {
    const [few, many] = [readsFor(64, holders, 100), readsFor(65_536, holders, 100)];
    expect(many - few).toBeLessThanOrEqual(65_536 / 32);
    // The same for a run that is twice as long, so that it is not paid for each block.
    const longer = readsFor(65_536, holders, 200) - readsFor(64, holders, 200);
    expect(longer - (many - few)).toBeLessThan(100);
  });
});
