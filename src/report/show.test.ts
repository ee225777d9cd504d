import { describe, expect, it } from "vitest";
import {
  decimals,
  showBars,
  showCount,
  showDuration,
  showMeasure,
  showNumber,
  showRatio,
  showSize,
} from "./show.ts";

describe("showCount", () => {
  it("groups thousands", () => {
    expect([0, 999, 1000, 12_031, 144_793_823, -1234].map(showCount)).toEqual([
      "0",
      "999",
      "1,000",
      "12,031",
      "144,793,823",
      "-1,234",
    ]);
  });

  it("shows a fraction that should not be there", () => {
    expect(showCount(2.5)).toBe("2.50");
  });
});

describe("decimals", () => {
  it("rounds and groups", () => {
    expect(decimals(12_035.0599, 2)).toBe("12,035.06");
  });

  it("has no negative zero", () => {
    expect([decimals(-0, 0), decimals(-0.001, 2)]).toEqual(["0", "0.00"]);
  });

  it("names what is no number", () => {
    expect([decimals(Number.NaN, 1), decimals(Number.NEGATIVE_INFINITY, 1)]).toEqual([
      "NaN",
      "-Infinity",
    ]);
  });
});

describe("showDuration", () => {
  it("chooses the unit in which the number is from 1 up", () => {
    const spans = [0, 850, 1_200_000, 3_400_000_000, 38_900_000, 3_536_999e6, 86_400e9 * 121];
    expect(spans.map(showDuration)).toEqual([
      "0 ns",
      "850 ns",
      "1.2 ms",
      "3.4 s",
      "38.9 ms",
      "58.9 min",
      "121 d",
    ]);
  });

  it("changes the unit where rounding would reach the next", () => {
    expect([999, 1000, 999_499, 999_500, 999_999].map(showDuration)).toEqual([
      "999 ns",
      "1.0 µs",
      "999 µs",
      "1.0 ms",
      "1.0 ms",
    ]);
  });

  it("has four digits at most at every power of ten and just below", () => {
    for (let size = 1; size < 1e15; size *= 10) {
      for (const span of [size - 1, size, size * 1.5]) {
        expect(showDuration(Math.floor(span))).toMatch(/^\d{1,3}(\.\d)? \S+$/);
      }
    }
  });
});

describe("showSize", () => {
  it("is decimal", () => {
    expect([512, 1000, 13.824e12, 128e9].map(showSize)).toEqual([
      "512 B",
      "1.0 kB",
      "13.8 TB",
      "128 GB",
    ]);
  });
});

describe("showMeasure", () => {
  it("goes by the unit in the name, wherever it stands", () => {
    expect(showMeasure("span_ns", 1e9)).toBe("1.0 s");
    expect(showMeasure("ttft_ns.p99", 1e6)).toBe("1.0 ms");
    expect(showMeasure("block_bytes", 2e9)).toBe("2.0 GB");
    expect(showMeasure("transfers.bytes_by_distance.rack", 2e9)).toBe("2.0 GB");
    expect(showMeasure("ttft_ns.count", 2000)).toBe("2,000");
  });

  it("does not take a name that only holds the letters for a unit", () => {
    expect(showMeasure("returns_nsx", 12)).toBe("12");
    expect(showMeasure("megabytes_like", 12)).toBe("12");
  });

  it("otherwise shows counts, ratios and means", () => {
    expect(showMeasure("rows", 12_031)).toBe("12,031");
    expect(showMeasure("hit", 0.36641)).toBe(showRatio(0.36641));
    expect(showMeasure("input_tokens.mean", 12_035.0599)).toBe("12,035.06");
  });
});

describe("showNumber", () => {
  it("has one of a thing, and several of it, by whatever name", () => {
    expect([0, 1, 2000].map((count) => showNumber(count, "block"))).toEqual([
      "0 blocks",
      "1 block",
      "2,000 blocks",
    ]);
    expect(showNumber(2, "swap of models", "swaps of models")).toBe("2 swaps of models");
  });
});

describe("showBars", () => {
  it("has eight heights from nothing to all, a gap for what there is not, and no end of gaps", () => {
    expect(showBars([0, 0.125, 0.5, 0.999, 1, null, 0.25, null])).toBe("▁▂▅██ ▃");
    expect(showBars([-0.1, 1.2])).toBe("▁█");
    expect(showBars([null])).toBe("");
  });
});
