import { describe, expect, it } from "vitest";
import { percentile, randomStream } from "#base";
import { PERCENTILES } from "./result.ts";
import { Values } from "./values.ts";

const SHARES = { p50: 0.5, p90: 0.9, p95: 0.95, p99: 0.99 } as const;

const counted = (pairs: Iterable<readonly [value: number, times: number]>): Values => {
  const values = new Values();
  for (const [value, times] of pairs) {
    values.count(value, times);
    values.sum(value * times);
  }
  return values;
};

describe("the values of a quantity", () => {
  it("have nothing to say before there is one", () => {
    expect(new Values().spread()).toEqual({
      count: 0,
      mean: null,
      p50: null,
      p90: null,
      p95: null,
      p99: null,
      max: null,
      exact: true,
    });
  });

  it("are all the same percentile when there is only one", () => {
    expect(counted([[7, 1]]).spread()).toEqual({
      count: 1,
      mean: 7,
      p50: 7,
      p90: 7,
      p95: 7,
      p99: 7,
      max: 7,
      exact: true,
    });
  });

  it("have nearest ranks: 100 numbers have themselves", () => {
    const values = new Values();
    for (let value = 100; value >= 1; value -= 1) values.add(value);
    expect(values.spread()).toMatchObject({
      mean: 50.5,
      p50: 50,
      p90: 90,
      p95: 95,
      p99: 99,
      max: 100,
    });
  });

  it("count as often as they are said to: 9 threes and 1 eight are ten values", () => {
    const some = counted([
      [8, 1],
      [3, 9],
    ]).spread();
    expect(some).toMatchObject({ count: 10, mean: 3.5, p50: 3, p90: 3, p95: 8, max: 8 });
    const onlyOnes = counted([[8, 1], ...Array.from({ length: 9 }, () => [3, 1] as const)]);
    expect(onlyOnes.spread()).toEqual(some);
  });

  it("lose nothing in a sum that no double could count on from: 2^53 and four ones", () => {
    const values = new Values();
    for (const value of [2 ** 52, 2 ** 52, 1, 1, 1, 1]) values.add(value);
    expect(values.spread().mean).toBe((2 ** 53 + 4) / 6);
  });

  it("are kept one by one up to 2^17, and sketched from the next one on", () => {
    const values = counted([[1, PERCENTILES.exact_up_to]]);
    expect(values.spread()).toMatchObject({ p99: 1, exact: true });
    values.add(1000);
    expect(values.isExact).toBe(false);
    expect(values.spread()).toMatchObject({ count: 2 ** 17 + 1, max: 1000, exact: false });
  });

  it("are within a thousandth of the exact percentile once they are sketched, whatever their size", () => {
    const random = randomStream(1, "values");
    for (const decades of [0.01, 12]) {
      const all = Float64Array.from({ length: 135_000 }, () => 10 ** (decades * random.unit()));
      const values = new Values();
      for (const value of all) values.add(value);
      const found = values.spread();
      const ascending = all.toSorted();
      for (const name of ["p50", "p90", "p95", "p99"] as const) {
        const exact = percentile(ascending, SHARES[name]);
        expect(Math.abs((found[name] as number) / exact - 1)).toBeLessThanOrEqual(
          PERCENTILES.relative_error,
        );
      }
      expect(found.max).toBe(ascending.at(-1));
      const mean = all.reduce((sum, value) => sum + value, 0) / all.length;
      expect((found.mean as number) / mean).toBeCloseTo(1, 12);
    }
  });

  it("are sketched alike one by one and all at once, zeros included", () => {
    const pairs = [0, 5, 5, 70_000, 1e12].map((value) => [value, 40_000] as const);
    const apart = pairs.flatMap(([value, times]) =>
      Array.from({ length: times }, () => [value, 1] as const),
    );
    expect(counted(pairs).spread()).toEqual(counted(apart).spread());
    expect(counted(pairs).spread()).toMatchObject({ exact: false, max: 1e12 });
    expect(counted([[0, 2 ** 18]]).spread()).toMatchObject({ mean: 0, p50: 0, p99: 0, max: 0 });
  });

  it("say which values a sketch takes for one", () => {
    const values = counted([[500, 2 ** 17]]);
    expect(values.bucketOf(500.1)).toBe(500.1);
    values.add(500);
    expect(values.bucketOf(500.1)).toBe(values.bucketOf(500));
    expect(values.bucketOf(502)).toBeGreaterThan(values.bucketOf(500));
  });
});
