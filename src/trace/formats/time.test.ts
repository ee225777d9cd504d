import { describe, expect, it } from "vitest";
import {
  instantOfDecimal,
  instantOfMilliseconds,
  instantOfNanoseconds,
  instantOfSeconds,
  instantOfTimestamp,
} from "./time.ts";

describe("a timestamp", () => {
  it("is read to its last digit", () => {
    expect(instantOfTimestamp("1970-01-02 00:00:01.0000001", "none")).toEqual({
      seconds: 86_401,
      nanos: 100,
    });
    expect(instantOfTimestamp("1970-01-01T00:00:00.123456789", "none")).toEqual({
      seconds: 0,
      nanos: 123_456_789,
    });
  });

  it("agrees with the platform's calendar over four centuries and their leap years", () => {
    for (const day of [
      "1900-02-28",
      "2000-02-29",
      "2023-11-16",
      "2024-12-31",
      "2100-03-01",
      "0001-01-01",
    ]) {
      expect(instantOfTimestamp(`${day} 12:34:56`, "none")?.seconds).toBe(
        Date.parse(`${day}T12:34:56Z`) / 1000,
      );
    }
  });

  it("may leave out the fraction, and stands in UTC whatever its zone", () => {
    const noon = { seconds: Date.UTC(2024, 4, 12, 12) / 1000, nanos: 0 };
    for (const text of [
      "12:00:00+00:00",
      "12:00:00Z",
      "14:00:00.0+02:00",
      "04:30:00-0730",
      "13:00:00+01",
    ]) {
      expect(instantOfTimestamp(`2024-05-12 ${text}`, "named")).toEqual(noon);
    }
  });

  it("is refused with a zone where there is none, and without one where there is", () => {
    expect(instantOfTimestamp("2024-05-12 00:00:00+00:00", "none")).toBeNull();
    expect(instantOfTimestamp("2024-05-12 00:00:00", "named")).toBeNull();
  });

  it.each([
    "2023-02-29 00:00:00",
    "2023-13-01 00:00:00",
    "2023-00-01 00:00:00",
    "2023-01-00 00:00:00",
    "2023-01-01 24:00:00",
    "2023-01-01 00:60:00",
    "2023-01-01 00:00:60",
    "2023-01-01 00:00:00.",
    "2023-01-01 00:00:00.1234567890",
    "2023-01-01 00:00",
    "2023-01-01_00:00:00",
    "2023/01/01 00:00:00",
    "+023-01-01 00:00:00",
    "NaN",
    "",
  ])("%j is none", (text) => {
    expect(instantOfTimestamp(text, "none")).toBeNull();
  });
});

describe("a count of seconds or milliseconds", () => {
  it("comes to the nearest nanosecond, and to the next second when that is nearest", () => {
    expect(instantOfSeconds(61.114)).toEqual({ seconds: 61, nanos: 114_000_000 });
    expect(instantOfSeconds(1.9999999999)).toEqual({ seconds: 2, nanos: 0 });
    expect(instantOfMilliseconds(27_482)).toEqual({ seconds: 27, nanos: 482_000_000 });
    expect(instantOfMilliseconds(0.0000004)).toEqual({ seconds: 0, nanos: 0 });
    expect(instantOfMilliseconds(1_777_312_800_000.5)).toEqual({
      seconds: 1_777_312_800,
      nanos: 500_000,
    });
  });

  it("is refused when it is no number, negative, or larger than a double holds", () => {
    for (const value of [
      Number.NaN,
      Number.POSITIVE_INFINITY,
      -1,
      2 ** 53,
      "5",
      null,
      undefined,
      5n,
    ]) {
      expect(instantOfSeconds(value)).toBeNull();
      expect(instantOfMilliseconds(value)).toBeNull();
    }
  });

  it("is read from its digits, which a double of ten million seconds would not hold", () => {
    expect(instantOfDecimal("10454399.123456789")).toEqual({
      seconds: 10_454_399,
      nanos: 123_456_789,
    });
    expect(instantOfDecimal("5")).toEqual({ seconds: 5, nanos: 0 });
    expect(instantOfDecimal("0.9999999995")).toEqual({ seconds: 1, nanos: 0 });
    expect(instantOfDecimal("0.99999999949")).toEqual({ seconds: 0, nanos: 999_999_999 });
    expect(instantOfDecimal("1.5e2")).toEqual({ seconds: 150, nanos: 0 });
  });

  it.each(["NaN", "1e400", "-1", "1.", ".5", "", " 5", "0x10", "Infinity", "1_000"])(
    "the text %j is none",
    (text) => {
      expect(instantOfDecimal(text)).toBeNull();
    },
  );

  it("is exact for whole nanoseconds, and those only", () => {
    expect(instantOfNanoseconds(2 ** 53 - 1)).toEqual({ seconds: 9_007_199, nanos: 254_740_991 });
    expect(instantOfNanoseconds(1.5)).toBeNull();
    expect(instantOfNanoseconds(-1)).toBeNull();
  });
});
