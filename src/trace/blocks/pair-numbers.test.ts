import { describe, expect, it } from "vitest";
import { createPairNumbers } from "./pair-numbers.ts";

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
});
