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
const placesOf = (table: BlockTable, block: number): readonly number[] => {
  const at = table.find(block);
  if (at === -1) return [];
  const row = table.words.subarray(at + 1, at + table.stride);
  return Array.from({ length: 32 * row.length }, (_, place) => place).filter(
    (place) => ((row[place >>> 5] as number) & (1 << (place & 31))) !== 0,
  );
};

const usedSlots = ({ words, stride }: BlockTable): number =>
  words.filter((word, at) => at % stride === 0 && word !== 0).length;

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
    table.set(0, 0, 1);
    table.set(2 ** 32 - 2, 0, 1);
    expect([table.find(0) >= 0, table.find(2 ** 32 - 2) >= 0, table.find(1)]).toEqual([
      true,
      true,
      -1,
    ]);
  });

  it("keeps the 64 blocks of a group side by side", () => {
    const table = new BlockTable(ROW_WORDS, 1000);
    const blocks = Array.from({ length: 64 }, (_, index) => 128 + index);
    for (const block of blocks) table.set(block, 0, 1);
    const slots = blocks.map((block) => table.find(block) / 4);
    expect(new Set(slots).size).toBe(64);
    expect(new Set(slots.map((slot) => Math.floor(slot / 64))).size).toBe(1);
  });

  it("takes blocks that are all the same within their groups", () => {
    const table = new BlockTable(1, 1000);
    for (let block = 0; block < 1000; block += 1) table.set(64 * block, 0, 1);
    expect([table.size, usedSlots(table)]).toEqual([1000, 1000]);
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

  it("stays as large as it was over a million removals, and has room for what is new", () => {
    const table = new BlockTable(1);
    for (let block = 0; block < 1_000_000; block += 1) {
      table.set(block, 0, 1);
      if (block >= 8) table.unset(block - 8, 0, 1);
    }
    expect([table.size, table.words.length]).toEqual([8, new BlockTable(1).words.length]);
    expect(placesOf(table, 999_991)).toEqual([]);
    expect(placesOf(table, 999_992)).toEqual([0]);
  });

  it("keeps a block that comes back where it was, in front of one that must be found behind it", () => {
    const table = new BlockTable(1, 12);
    for (const block of [0, 1, 2]) table.set(block, 0, 1);
    const at = table.find(1);
    table.unset(1, 0, 1);
    expect([table.size, table.isVacant(at), table.find(2) >= 0]).toEqual([2, true, true]);
    table.set(1, 0, 1);
    expect([table.size, table.find(1)]).toEqual([3, at]);
  });

  it.each([
    ["only grows", (block: number) => block],
    ["only grows, in scattered blocks", (block: number) => Math.imul(block, 0x9e3779b1) >>> 0],
  ])(
    "takes less than 40 bytes a block at 72 workers, whenever one looks, while it %s",
    (_, nameOf) => {
      const table = new BlockTable(ROW_WORDS);
      let most = 0;
      for (let block = 0; block < 100_000; block += 1) {
        table.set(nameOf(block), 0, 1);
        if (block >= 100) most = Math.max(most, table.words.byteLength / table.size);
      }
      expect(most).toBeLessThan(40);
    },
  );

  it("takes less than 40 bytes for each of the most blocks it has had, while blocks come and go", () => {
    const table = new BlockTable(ROW_WORDS);
    let [most, worst] = [0, 0];
    for (let block = 0; block < 300_000; block += 1) {
      table.set(Math.imul(block, 0x9e3779b1) >>> 0, 0, 1);
      if (block % 3 !== 0) table.unset(Math.imul(block >>> 1, 0x9e3779b1) >>> 0, 0, 1);
      most = Math.max(most, table.size);
      if (most >= 1000) worst = Math.max(worst, table.words.byteLength / most);
    }
    expect(worst).toBeLessThan(40);
  });
});
