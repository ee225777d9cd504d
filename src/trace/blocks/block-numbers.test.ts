import { describe, expect, it } from "vitest";
import { chainedNumbers, unchainedNumbers } from "./block-numbers.ts";
import { createPairNumbers } from "./pair-numbers.ts";

const itself = (id: number | bigint): number | bigint => id;

describe("chained ids", () => {
  it("are numbered in order of first appearance, and keep all 64 bits", () => {
    const numbers = chainedNumbers("file", itself);
    expect([...numbers.of([7, 2n ** 64n - 1n], 0)]).toEqual([0, 1]);
    expect([...numbers.of([7, 2n ** 64n - 2n, 2 ** 53 - 1], 1)]).toEqual([0, 2, 3]);
    expect([...numbers.ids()]).toEqual([7n, 2n ** 64n - 1n, 2n ** 64n - 2n, 2n ** 53n - 1n]);
  });

  it("differ where only their upper or only their lower halves do", () => {
    const numbers = chainedNumbers("file", itself);
    expect([...numbers.of([1, 2 ** 32, 2 ** 32 + 1, 1n << 60n, (1n << 60n) + 1n, 0], 0)]).toEqual([
      0, 1, 2, 3, 4, 5,
    ]);
  });

  it("mean the same only within their session, where they are said to", () => {
    const numbers = chainedNumbers("session", itself);
    expect([...numbers.of([5, 6], 0)]).toEqual([0, 1]);
    expect([...numbers.of([5, 6], 1)]).toEqual([2, 3]);
    expect([...numbers.of([5, 7], -1)]).toEqual([4, 5]);
    expect([...numbers.of([5], -2)]).toEqual([6]);
    expect([...numbers.of([6, 5], 0)]).toEqual([1, 0]);
  });
});

describe("unchained ids", () => {
  it("are the same block only after the same prefix", () => {
    const numbers = unchainedNumbers("file");
    expect([...numbers.of([1, 2, 2], 0)]).toEqual([0, 1, 2]);
    expect([...numbers.of([2, 2], 0)]).toEqual([3, 4]);
    expect([...numbers.of([1, 2, 9], 0)]).toEqual([0, 1, 5]);
    expect([...numbers.ids()]).toEqual([1n, 2n, 2n, 2n, 2n, 9n]);
  });
});

describe("numbers of pairs", () => {
  it("stay what they were while the table grows, as those of a map would be", () => {
    const pairs = createPairNumbers();
    const model = new Map<string, number>();
    for (let round = 0; round < 2; round += 1) {
      for (let at = 0; at < 20_000; at += 1) {
        const [left, right] = [(at * 7919) % 4096, (at * 31) >>> 3];
        const key = `${left},${right}`;
        if (!model.has(key)) model.set(key, model.size);
        expect(pairs.numberOf(left, right)).toBe(model.get(key));
      }
    }
    expect(pairs.size()).toBe(model.size);
  });

  it("tell the largest halves apart", () => {
    const pairs = createPairNumbers();
    const max = 2 ** 32 - 1;
    expect([pairs.numberOf(max, max), pairs.numberOf(0, max), pairs.numberOf(max, 0)]).toEqual([
      0, 1, 2,
    ]);
    expect(pairs.numberOf(max, max)).toBe(0);
  });
});
