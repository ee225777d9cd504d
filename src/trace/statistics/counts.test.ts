import { describe, expect, it } from "vitest";
import { percentile } from "#base";
import { createCounts } from "./counts.ts";

const counted = (values: readonly number[]) => {
  const counts = createCounts();
  for (const value of values) counts.add(value);
  return counts;
};

describe("counts", () => {
  it("give the nearest rank, the total and the largest", () => {
    const counts = counted([5, 1, 3, 3]);
    expect([0.25, 0.5, 0.75, 1].map((share) => counts.percentile(share))).toEqual([1, 3, 3, 5]);
    expect([counts.size(), counts.total(), counts.max()]).toEqual([4, 12, 5]);
  });

  it("agree with the percentile of a sorted list on 100 values of every size", () => {
    const values = Array.from({ length: 100 }, (_, at) => (at * 7919) % 2 ** (at % 32));
    const counts = counted(values);
    const ascending = Float64Array.from(values).toSorted();
    for (let share = 1; share <= 100; share += 1) {
      expect(counts.percentile(share / 100)).toBe(percentile(ascending, share / 100));
    }
  });

  it("count values that no array could hold one place each for", () => {
    const counts = counted([2 ** 32 - 1, 0, 2 ** 20, 2 ** 20 - 1, 2 ** 32 - 1]);
    expect([0.2, 0.4, 0.6, 0.8, 1].map((share) => counts.percentile(share))).toEqual([
      0,
      2 ** 20 - 1,
      2 ** 20,
      2 ** 32 - 1,
      2 ** 32 - 1,
    ]);
  });

  it("have no percentile of nothing", () => {
    expect(() => createCounts().percentile(0.5)).toThrow("a percentile needs values");
  });
});
