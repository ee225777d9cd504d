import { describe, expect, it } from "vitest";
import {
  type Bytes,
  bytes,
  flops,
  fromMilliseconds,
  fromSeconds,
  gibibytes,
  gigabytes,
  later,
  NANOS_MAX,
  nanos,
  plus,
  terabytesPerSecond,
  teraflops,
  timeToCompute,
  timeToMove,
} from "./quantities.ts";

describe("quantities", () => {
  it("are decimal unless the name says binary", () => {
    expect(gigabytes(192)).toBe(192_000_000_000);
    expect(gibibytes(1)).toBe(1_073_741_824);
  });

  it("move 70 GB at 1.8 TB/s in 38.888… ms, rounded up to the nanosecond", () => {
    expect(timeToMove(gigabytes(70), terabytesPerSecond(1.8))).toBe(38_888_889);
  });

  it("move nothing in no time, and the last byte takes a nanosecond", () => {
    expect(timeToMove(bytes(0), terabytesPerSecond(1))).toBe(0);
    expect(timeToMove(bytes(1), terabytesPerSecond(1.8))).toBe(1);
  });

  it("compute 140 GFLOP at 1 TFLOPS in 140 ms", () => {
    expect(timeToCompute(flops(140e9), teraflops(1))).toBe(fromMilliseconds(140));
  });

  it("refuse what is no quantity: negative, infinite, NaN", () => {
    for (const wrong of [-1, Number.POSITIVE_INFINITY, Number.NaN]) {
      expect(() => bytes(wrong)).toThrow("a size must be finite and not negative");
    }
  });

  it("never let time leave the range in which nanoseconds are exact", () => {
    expect(nanos(NANOS_MAX)).toBe(2 ** 53 - 1);
    expect(() => nanos(2 ** 53)).toThrow("whole nanoseconds below 2^53");
    expect(() => plus(nanos(NANOS_MAX), nanos(1))).toThrow("below 2^53");
    expect(() => nanos(0.5)).toThrow("found 0.5");
    expect(() => fromSeconds(86_400 * 121)).toThrow("below 2^53");
  });

  it("add and compare instants", () => {
    expect(plus(nanos(5), nanos(2), nanos(3))).toBe(10);
    expect(later(nanos(5), nanos(2))).toBe(5);
  });

  it("do not mix: the compiler refuses nanoseconds for bytes", () => {
    const size = (count: Bytes): number => count;
    // @ts-expect-error time is not a size
    expect(size(nanos(1))).toBe(1);
    // @ts-expect-error a bare number is not a size
    expect(size(1)).toBe(1);
  });
});
