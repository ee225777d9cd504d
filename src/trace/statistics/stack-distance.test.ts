import { describe, expect, it } from "vitest";
import { randomStream } from "#base";
import { createStackDistances } from "./stack-distance.ts";

const distances = (blocks: readonly number[], firstSlots?: number): readonly number[] => {
  const measure = createStackDistances(firstSlots);
  return blocks.map((block) => measure.touch(block));
};

/** A cache as a list, most recent first: the distance is the place in it. */
const naive = (blocks: readonly number[]): readonly number[] => {
  const recent: number[] = [];
  return blocks.map((block) => {
    const place = recent.indexOf(block) + 1;
    if (place > 0) recent.splice(place - 1, 1);
    recent.unshift(block);
    return place;
  });
};

describe("stack distances", () => {
  it("count the different blocks since the last reference, the block itself included", () => {
    expect(distances([7, 7, 1, 2, 1, 7])).toEqual([0, 1, 0, 0, 2, 3]);
  });

  it("are places in a list, on 20,000 references that fill the slots many times over", () => {
    const random = randomStream(1, "stack distances");
    const blocks = Array.from({ length: 20_000 }, () => random.below(1 + random.below(300)));
    expect(distances(blocks)).toEqual(naive(blocks));
    expect(distances(blocks, 1)).toEqual(naive(blocks));
  });

  it("stay right when nothing ever comes back and the slots must grow", () => {
    const fresh = Array.from({ length: 10_000 }, (_, at) => at);
    const found = distances([...fresh, 0, 9999], 3);
    expect(found.slice(0, 10_000).every((distance) => distance === 0)).toBe(true);
    expect(found.slice(10_000)).toEqual([10_000, 2]);
  });

  it("take a block number far beyond the others", () => {
    expect(distances([0, 1_000_000, 0])).toEqual([0, 0, 2]);
  });

  it("refuse a block number that is no dense number", () => {
    expect(() => createStackDistances().touch(2 ** 32 - 1)).toThrow("dense number");
  });
});
