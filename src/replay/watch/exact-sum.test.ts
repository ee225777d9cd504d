import { describe, expect, it } from "vitest";
import { ExactSum } from "./exact-sum.ts";

describe("an exact sum", () => {
  it("adds products that a number would round", () => {
    const sum = new ExactSum();
    sum.add(3, Number.MAX_SAFE_INTEGER);
    sum.add(1, 1);
    expect(sum.value()).toBe(3n * (2n ** 53n - 1n) + 1n);
  });

  it("carries many small products over without losing one", () => {
    const sum = new ExactSum();
    for (let index = 0; index < 9; index += 1) sum.add(1, 2 ** 50 + 1);
    expect(sum.value()).toBe(9n * (2n ** 50n + 1n));
  });

  it("is 0 of nothing, and of nobody for however long", () => {
    const sum = new ExactSum();
    expect(sum.value()).toBe(0n);
    sum.add(0, Number.MAX_SAFE_INTEGER);
    expect(sum.value()).toBe(0n);
  });
});
