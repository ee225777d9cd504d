import { describe, expect, it } from "vitest";
import { quantiles } from "./quantiles.ts";

describe("quantiles", () => {
  const value = quantiles([
    [0, 1],
    [0.5, 100],
    [1, 10_000],
  ]);

  it("go through their knots", () => {
    expect([0, 0.5].map(value)).toEqual([1, 100]);
    expect(value(1 - 2 ** -53)).toBeCloseTo(10_000, 6);
  });

  it("grow evenly by their logarithm in between", () => {
    expect(value(0.25)).toBeCloseTo(10, 9);
    expect(value(0.75)).toBeCloseTo(1000, 9);
  });

  it("stand still between equal values", () => {
    const step = quantiles([
      [0, 7],
      [1, 7],
    ]);
    expect(step(0.3)).toBe(7);
  });

  it.each([
    [
      "do not start at 0",
      [
        [0.1, 1],
        [1, 2],
      ],
    ],
    [
      "do not end at 1",
      [
        [0, 1],
        [0.9, 2],
      ],
    ],
    [
      "fall",
      [
        [0, 2],
        [1, 1],
      ],
    ],
    [
      "repeat a share",
      [
        [0, 1],
        [0, 2],
        [1, 3],
      ],
    ],
    [
      "start from nothing",
      [
        [0, 0],
        [1, 1],
      ],
    ],
    ["are none", []],
  ] as const)("are refused when they %s", (_, knots) => {
    expect(() => quantiles(knots)).toThrow();
  });
});
