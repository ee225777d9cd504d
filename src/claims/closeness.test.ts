import { describe, expect, it } from "vitest";
import { closeness, corrected } from "./closeness.ts";

/** How near a value is to a figure that is printed so. */
const near = (stated: string, value: number, decimals = (stated.split(".")[1] ?? "").length) =>
  closeness({ stated, decimals }, Number(stated), value);

describe("how near a figure is to what is printed", () => {
  it.each([
    ["2.39", 2.39, "equal"],
    ["2.39", 2.3881, "rounded"],
    ["2.39", 2.385, "rounded"],
    ["2.39", 2.395, "rounded"],
    ["2.39", 2.3849, "apart"],
    ["2.39", 2.3951, "apart"],
    ["72", 72.5, "rounded"],
    ["72", 72.51, "apart"],
    ["-1.5", -1.45, "rounded"],
    ["-1.5", 1.5, "apart"],
    ["0", 0, "equal"],
    ["0", 0.5, "rounded"],
    ["0", -0.5, "rounded"],
    ["0", 0.51, "apart"],
    ["0.3", 0.1 + 0.2, "equal"],
    ["1234567.1", 1234567.15, "rounded"],
    ["10000000000", 10000000001, "apart"],
    ["2", Number.POSITIVE_INFINITY, "apart"],
    ["2", Number.NaN, "apart"],
  ])("%s and %d are %s", (stated, value, found) => {
    expect(near(stated, value)).toBe(found);
  });

  it("is measured in hundreds where hundreds are printed", () => {
    expect(near("133200", 133_150, -2)).toBe("rounded");
    expect(near("133200", 133_149, -2)).toBe("apart");
  });

  it("is all or nothing where nothing is printed, for a formula has no digits", () => {
    const formula = { stated: "", decimals: 0 };
    expect(closeness(formula, 72, 72.4)).toBe("apart");
    expect(closeness(formula, 72, 72 * (1 + 1e-10))).toBe("equal");
  });

  it("is all or nothing for texts, and a number is no text", () => {
    const text = { stated: "memory", decimals: 0 };
    expect(closeness(text, "memory", "memory")).toBe("equal");
    expect(closeness(text, "memory", "compute")).toBe("apart");
    expect(closeness(text, "2", 2)).toBe("apart");
  });

  it("is never so of what is missing", () => {
    expect(closeness({ stated: "2", decimals: 0 }, null, 2)).toBe("apart");
    expect(closeness({ stated: "2", decimals: 0 }, 2, null)).toBe("apart");
  });
});

describe("what should stand there", () => {
  const right = (stated: string, computed: number | string | null, decimals = 0) =>
    corrected(
      { stated, decimals },
      Number.isNaN(Number(stated)) ? stated : Number(stated),
      computed,
    );

  it("has the printed digits", () => {
    expect(right("42.5", 26.375, 1)).toBe("26.4");
    expect(right("8", 9)).toBe("9");
    expect(right("133200", 98_765.4, -2)).toBe("98765");
    expect(right("memory", "compute")).toBe("compute");
  });

  it("has more of them where the printed ones would show no difference", () => {
    expect(right("8", 8.4)).toBe("8.4");
    expect(right("0.1", 0.00012, 1)).toBe("0.00012");
    expect(right("12002", 12002.3)).toBe("12002.3");
  });

  it("is the figure itself where that is right by a wrong route", () => {
    expect(right("12002", 12002)).toBe("12002");
    expect(right("0.66", 0.66, 2)).toBe("0.66");
  });

  it("is nothing where nothing is computed", () => {
    expect(right("8", null)).toBeNull();
    expect(right("8", Number.POSITIVE_INFINITY)).toBeNull();
    expect(right("8", Number.NaN)).toBeNull();
  });
});
