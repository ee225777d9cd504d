import { describe, expect, it } from "vitest";
import { createPairNumbers, slotOf } from "./pair-numbers.ts";

describe("pair numbers", () => {
  it("count up in order of first appearance, and tell the order of a pair", () => {
    const pairs = createPairNumbers();
    expect([pairs.numberOf(1, 2), pairs.numberOf(2, 1), pairs.numberOf(1, 2)]).toEqual([0, 1, 0]);
    expect(pairs.size()).toBe(2);
  });

  it("stay quick for pairs that were chosen to cancel out in the hash of a product", () => {
    const pairs = createPairNumbers();
    for (let right = 0; right < 300_000; right += 1) {
      pairs.numberOf(Math.imul(right, 0x9e3779b1) >>> 0, right);
    }
    expect(pairs.size()).toBe(300_000);
  });

  it.each([
    ["a product of the upper half", (upper: number) => Math.imul(upper, 0x9e3779b1) >>> 0],
    ["the upper half again", (upper: number) => upper],
    ["what makes the sum 0", (upper: number) => -upper >>> 0],
    ["always the same", () => 7],
  ])("take two probes each on average where the lower half is %s", (_, lowerOf) => {
    const count = 100_000;
    const mask = 2 ** 18 - 1;
    const isTaken = new Uint8Array(mask + 1);
    let probes = 0;
    for (let upper = 0; upper < count; upper += 1) {
      let slot = slotOf(lowerOf(upper), upper, mask);
      for (probes += 1; isTaken[slot] === 1; probes += 1) slot = (slot + 1) & mask;
      isTaken[slot] = 1;
    }
    expect(probes).toBeLessThan(2 * count);
  });
});
