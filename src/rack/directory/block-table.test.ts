import { describe, expect, it } from "vitest";
import { randomStream } from "#base";
import { BlockTable } from "./block-table.ts";

/** The words of one bit for each of 72 workers. */
const ROW_WORDS = 3;

/** Sets or takes out one of the 96 bits of a row in both; whether both say that it was a change, and have the same size. */
const act = (
  table: BlockTable,
  map: Map<number, Set<number>>,
  isSet: boolean,
  block: number,
  place: number,
): boolean => {
  const own = map.get(block) ?? new Set();
  const isChange = own.has(place) !== isSet;
  if (isSet) own.add(place);
  else own.delete(place);
  if (own.size > 0) map.set(block, own);
  else map.delete(block);
  const word = place >>> 5;
  const bit = 1 << (place & 31);
  const changed = isSet ? table.set(block, word, bit) : table.unset(block, word, bit);
  return changed === isChange && map.size === table.size;
};

/** The places of a block's bits, as the table has them. */
const placesOf = (table: BlockTable, block: number, words = ROW_WORDS): readonly number[] => {
  const at = table.find(block);
  if (at === -1) return [];
  const row = table.words.subarray(at, at + words);
  return Array.from({ length: 32 * row.length }, (_, place) => place).filter(
    (place) => ((row[place >>> 5] as number) & (1 << (place & 31))) !== 0,
  );
};

describe("a block table", () => {
  it("says whether a bit was a change, and counts blocks that have one", () => {
    const table = new BlockTable(ROW_WORDS);
    expect([table.set(7, 0, 1), table.set(7, 0, 1), table.set(7, 2, 4)]).toEqual([
      true,
      false,
      true,
    ]);
    expect([table.size, placesOf(table, 7)]).toEqual([1, [0, 66]]);
    expect([table.unset(7, 0, 2), table.unset(7, 0, 1), table.unset(8, 0, 1)]).toEqual([
      false,
      true,
      false,
    ]);
    expect([table.size, table.unset(7, 2, 4), table.size]).toEqual([1, true, 0]);
  });

  it("knows the smallest and the largest block", () => {
    const table = new BlockTable(1);
    for (const block of [0, 2 ** 32 - 2]) table.set(block, 0, 1);
    expect(table.blocks()).toEqual(Uint32Array.of(0, 2 ** 32 - 2));
  });

  it("keeps blocks that are numbered in a row side by side", () => {
    const table = new BlockTable(ROW_WORDS);
    for (let block = 128; block < 144; block += 1) table.set(block, 0, 1);
    const offsets = Array.from({ length: 16 }, (_, index) => table.find(128 + index));
    expect(offsets).toEqual(offsets.map((_, index) => Number(offsets[0]) + ROW_WORDS * index));
  });

  it.each([
    ["neighbours", 1],
    ["scattered blocks", 0x9e3779b1],
  ])(
    "says and keeps the same as a map of sets does, over 200,000 bits of %s at every load",
    (_, factor) => {
      const [table, map] = [new BlockTable(ROW_WORDS), new Map<number, Set<number>>()];
      const random = randomStream(1, "block-table");
      const nameOf = (number: number): number => Math.imul(number, factor) >>> 0;
      let differences = 0;
      for (let step = 1; step <= 200_000; step += 1) {
        // The table fills for a while, then empties for a while.
        const fills = Math.floor(step / 20_000) % 2 === 0;
        const isSet = random.below(8) < (fills ? 6 : 2);
        const block = nameOf(random.below(2000));
        if (!act(table, map, isSet, block, 40 * random.below(3))) differences += 1;
      }
      expect(differences).toBe(0);
      const blocks = Array.from({ length: 2000 }, (_, number) => nameOf(number));
      expect(blocks.map((block) => placesOf(table, block))).toEqual(
        blocks.map((block) => [...(map.get(block) ?? [])].toSorted((left, right) => left - right)),
      );
    },
  );

  it("lists its blocks ascending, and forgets one bit of all of them", () => {
    const table = new BlockTable(ROW_WORDS);
    for (const block of [70_000, 3, 4_000_000_000, 4]) table.set(block, 1, 1);
    table.set(4, 2, 8);
    expect(table.blocks()).toEqual(Uint32Array.of(3, 4, 70_000, 4_000_000_000));
    expect([table.forget(1, 1), table.forget(1, 1), table.size]).toEqual([4, 0, 1]);
    expect([table.blocks(), placesOf(table, 4)]).toEqual([Uint32Array.of(4), [67]]);
  });

  it("stays as large as it was over a million removals, and has room for what is new", () => {
    const table = new BlockTable(1);
    for (let block = 0; block < 1_000_000; block += 1) {
      table.set(block, 0, 1);
      if (block >= 8) table.unset(block - 8, 0, 1);
    }
    expect([table.size, table.byteLength]).toEqual([8, new BlockTable(1).byteLength]);
    expect(placesOf(table, 999_991, 1)).toEqual([]);
    expect(placesOf(table, 999_992, 1)).toEqual([0]);
  });

  it("takes less than 24 bytes a block at 72 workers, whenever one looks, while it only grows", () => {
    const table = new BlockTable(ROW_WORDS);
    let most = 0;
    for (let block = 0; block < 100_000; block += 1) {
      table.set(block, 0, 1);
      if (block >= 1000) most = Math.max(most, table.byteLength / table.size);
    }
    expect(most).toBeLessThan(24);
  });

  it("takes 15 bytes a block at 72 workers when it is told how many to expect", () => {
    const table = new BlockTable(ROW_WORDS, 100_000);
    const size = table.byteLength;
    for (let block = 0; block < 100_000; block += 1) table.set(block, 0, 1);
    expect([table.byteLength, size / 100_000 < 15]).toEqual([size, true]);
  });
});
