import { describe, expect, it } from "vitest";
import { randomStream } from "#base";
import { type Arrivals, arrivalTimes } from "./arrivals.ts";

const first = (arrivals: Arrivals, count: number): readonly number[] => {
  const next = arrivalTimes(arrivals, randomStream(1, "arrivals"));
  return Array.from({ length: count }, next);
};

describe("arrival times", () => {
  it("start at 0, never go back and stand on their grid", () => {
    const times = first({ kind: "poisson", meanNs: 10, gridNs: 30 }, 1000);
    expect(times[0]).toBe(0);
    expect(times.every((time, at) => time % 30 === 0 && time >= (times[at - 1] ?? 0))).toBe(true);
  });

  it("are on average as far apart as asked", () => {
    const times = first({ kind: "poisson", meanNs: 1000, gridNs: 1 }, 10_001);
    expect((times.at(-1) ?? 0) / 10_000 / 1000).toBeCloseTo(1, 1);
  });

  it("have the gaps that they are given", () => {
    const gapNs = [
      [0, 500],
      [1, 500],
    ] as const;
    expect(first({ kind: "gaps", gapNs, gridNs: 100 }, 4)).toEqual([0, 500, 1000, 1500]);
  });

  it("come in crowds of the size asked, with silence between", () => {
    const size = [
      [0, 5],
      [1, 5],
    ] as const;
    const times = first(
      { kind: "bursts", size, insideMeanNs: 1, silenceMeanNs: 1e9, gridNs: 1 },
      25,
    );
    const silences = times.flatMap((time, at) => (time - (times[at - 1] ?? 0) > 1e6 ? [at] : []));
    expect(silences).toEqual([5, 10, 15, 20]);
  });
});
