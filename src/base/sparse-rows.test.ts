import { describe, expect, it } from "vitest";
import { randomStream } from "./random.ts";
import { SparseRows } from "./sparse-rows.ts";

/** Sets the first word of a name's row, 0 included, and says what changed. */
const put = (rows: SparseRows, name: number, value: number): void => {
  const found = rows.find(name);
  const before = found < 0 ? 0 : (rows.words[found] as number);
  if (before === value) return;
  const at = rows.make(name);
  rows.words[at] = value;
  if (before === 0) rows.entered(name);
  if (value === 0) rows.left(name);
};

/** The same in a map, which has no 0. */
const putBoth = (rows: SparseRows, map: Map<number, number>, name: number, value: number): void => {
  put(rows, name, value);
  if (value === 0) map.delete(name);
  else map.set(name, value);
};

const read = (rows: SparseRows, name: number): number => {
  const at = rows.find(name);
  return at < 0 ? 0 : (rows.words[at] as number);
};

const contents = (rows: SparseRows): Map<number, number> => {
  const found = new Map<number, number>();
  rows.each((name, at) => {
    if (rows.words[at] !== 0) found.set(name, rows.words[at] as number);
  });
  return found;
};

/** What a name looks like when the names of a family are 0, 1, 2, …. */
const FAMILIES: readonly [string, (number: number) => number][] = [
  ["neighbours", (number) => number],
  ["the largest names there are", (number) => 2 ** 32 - 1 - number],
  ["names in pages of their own", (number) => 16 * number],
  ["names alike in their low 20 bits", (number) => (number * 2 ** 20) >>> 0],
  ["names scattered over all", (number) => Math.imul(number, 0x9e3779b1) >>> 0],
];

describe("sparse rows", () => {
  it("are 0 until they are made", () => {
    const rows = new SparseRows(3);
    expect([rows.find(7), rows.size]).toEqual([-1, 0]);
    const at = rows.make(7);
    rows.words[at + 2] = 9;
    rows.entered(7);
    expect([rows.words[rows.find(7) + 2], rows.words[rows.find(8) + 2], rows.size]).toEqual([
      9, 0, 1,
    ]);
    expect(rows.find(23)).toBe(-1);
  });

  it("know the smallest and the largest name", () => {
    const rows = new SparseRows(1);
    for (const name of [0, 2 ** 32 - 1]) put(rows, name, 5);
    expect(contents(rows)).toEqual(
      new Map([
        [0, 5],
        [2 ** 32 - 1, 5],
      ]),
    );
  });

  it.each(FAMILIES)("say and keep what a map does, growing and shrinking: %s", (_, nameOf) => {
    const [rows, map] = [new SparseRows(1), new Map<number, number>()];
    const random = randomStream(1, "sparse-rows");
    let differences = 0;
    for (let step = 0; step < 60_000; step += 1) {
      // They fill for a while, then empty for a while.
      const filled = Math.floor(step / 10_000) % 2 === 0 ? 6 : 2;
      const name = nameOf(random.below(3000));
      if (read(rows, name) !== (map.get(name) ?? 0)) differences += 1;
      putBoth(rows, map, name, random.below(8) < filled ? 1 + random.below(9) : 0);
      if (rows.size !== map.size) differences += 1;
    }
    expect(differences).toBe(0);
    expect(contents(rows)).toEqual(map);
  });

  it("can be emptied while they are shown", () => {
    const rows = new SparseRows(1);
    for (let name = 0; name < 1000; name += 3) put(rows, name, 1);
    rows.each((name, at) => {
      if (rows.words[at] === 0) return;
      rows.words[at] = 0;
      rows.left(name);
    });
    expect([rows.size, rows.find(0), contents(rows).size]).toEqual([0, -1, 0]);
  });

  it("give a page away that was somebody else's only when it is clean", () => {
    const rows = new SparseRows(2);
    for (let turn = 0; turn < 100; turn += 1) {
      const name = 16 * turn;
      const at = rows.make(name);
      expect([...rows.words.subarray(at, at + 32)]).toEqual(new Array(32).fill(0));
      rows.words[at + 1] = 1;
      rows.entered(name);
      if (turn < 3) continue;
      rows.words[rows.find(name - 32) + 1] = 0;
      rows.left(name - 32);
    }
    expect(rows.size).toBe(3);
  });

  it("take a row of 4 bytes and 2 more when they were told how many, and up to 85 to 101 where each name is alone", () => {
    const dense = new SparseRows(1, 160_000);
    for (let name = 0; name < 160_000; name += 1) put(dense, name, 1);
    expect(dense.byteLength / 160_000).toBeLessThan(6.1);
    const alone = new SparseRows(1, 16 * 10_000);
    for (let name = 0; name < 10_000; name += 1) put(alone, 16 * name, 1);
    expect(alone.byteLength / 10_000).toBeLessThan(101);
  });
});
