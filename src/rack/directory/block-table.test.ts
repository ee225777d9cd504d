import { describe, expect, it } from "vitest";
import { randomStream } from "#base";
import { BlockTable } from "./block-table.ts";

/** The words of one bit for each of 72 workers. */
const ROW_WORDS = 3;

/** Puts a value in both; whether they have the same size afterwards. */
const put = (
  table: BlockTable,
  map: Map<number, number>,
  block: number,
  value: number,
): boolean => {
  table.words[table.reserve(block)] = value;
  return map.set(block, value).size === table.size;
};

/** Takes a block out of both; whether both had it, or neither. */
const take = (table: BlockTable, map: Map<number, number>, block: number): boolean => {
  const row = table.find(block);
  if (row !== -1) table.remove(row);
  return map.delete(block) === (row !== -1) && map.size === table.size;
};

describe("a block table", () => {
  it("gives a new block a row of zeros, and the same row when asked again", () => {
    const table = new BlockTable(ROW_WORDS);
    const row = table.reserve(7);
    expect([...table.words.subarray(row, row + ROW_WORDS)]).toEqual([0, 0, 0]);
    table.words[row + 2] = 5;
    expect(table.reserve(7)).toBe(row);
    expect(table.words[table.find(7) + 2]).toBe(5);
    expect(table.size).toBe(1);
  });

  it("knows the smallest and the largest block", () => {
    const table = new BlockTable(1);
    table.reserve(0);
    table.reserve(2 ** 32 - 2);
    expect([table.find(0) >= 0, table.find(2 ** 32 - 2) >= 0, table.find(1)]).toEqual([
      true,
      true,
      -1,
    ]);
  });

  it("says and keeps the same as a map does, over 200,000 comings and goings at every load", () => {
    const [table, map] = [new BlockTable(1), new Map<number, number>()];
    const random = randomStream(1, "block-table");
    let differences = 0;
    for (let step = 1; step <= 200_000; step += 1) {
      // The table fills for a while, then empties for a while.
      const fills = Math.floor(step / 20_000) % 2 === 0;
      const act = random.below(8) < (fills ? 6 : 2) ? put : take;
      if (!act(table, map, random.below(2000), step)) differences += 1;
    }
    expect(differences).toBe(0);
    const rows = Array.from({ length: 2000 }, (_, block) => table.find(block));
    expect(rows.map((row) => (row === -1 ? undefined : table.words[row]))).toEqual(
      rows.map((_, block) => map.get(block)),
    );
  });

  it("finds as fast after a million removals as before: empty again, it has no used slot", () => {
    const table = new BlockTable(1);
    for (let block = 0; block < 1_000_000; block += 1) {
      table.reserve(block);
      if (block >= 8) table.remove(table.find(block - 8));
    }
    expect(table.words.filter((word) => word !== 0)).toHaveLength(table.size);
    expect([table.size, table.words.length]).toEqual([8, 32]);
  });

  it("takes less than 40 bytes a block at 72 workers, whenever one looks", () => {
    const table = new BlockTable(ROW_WORDS);
    let most = 0;
    for (let block = 0; block < 100_000; block += 1) {
      table.reserve(block);
      if (block >= 100) most = Math.max(most, table.words.byteLength / table.size);
    }
    expect(most).toBeLessThan(40);
  });
});
