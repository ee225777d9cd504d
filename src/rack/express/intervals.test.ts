import { describe, expect, it } from "vitest";
import { shards } from "./intervals.ts";

describe("shards", () => {
  it("tile the whole when the bytes do not divide", () => {
    expect(shards(10, [4, 5, 6])).toEqual([
      { gpu: 4, from: 0, to: 3 },
      { gpu: 5, from: 3, to: 6 },
      { gpu: 6, from: 6, to: 10 },
    ]);
  });

  it("are empty where there are fewer bytes than GPUs", () => {
    expect(shards(1, [0, 1]).map(({ from, to }) => to - from)).toEqual([0, 1]);
  });

  it("are exact for the largest size that can be", () => {
    const most = Number.MAX_SAFE_INTEGER;
    const boundary = Number((7n * BigInt(most)) / 8n);
    expect(shards(most, [0, 1, 2, 3, 4, 5, 6, 7]).at(-1)).toEqual({
      gpu: 7,
      from: boundary,
      to: most,
    });
  });
});
