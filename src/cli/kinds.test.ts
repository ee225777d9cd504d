import { describe, expect, it } from "vitest";
import { oneOf, text, wholeNumber, window } from "./kinds.ts";

describe("wholeNumber", () => {
  it("takes digits, in threes with underscores if one likes", () => {
    const kind = wholeNumber("N");
    expect(["0", "17", "1_000_000"].map(kind.read)).toEqual([0, 17, 1_000_000]);
  });

  it("takes nothing else", () => {
    const kind = wholeNumber("N");
    const wrong = ["", " ", "1.5", "1e3", "0x10", "-1", "1_0", "９", "NaN", "9007199254740992"];
    expect(wrong.map(kind.read)).toEqual(wrong.map(() => undefined));
  });

  it("keeps its bounds, which belong to it", () => {
    const kind = wholeNumber("N", -5, 5);
    expect(["-6", "-5", "5", "6"].map(kind.read)).toEqual([undefined, -5, 5, undefined]);
    expect(kind.must).toBe("be a whole number of -5 … 5");
  });
});

describe("window", () => {
  const { read } = window("WINDOW");

  it("has a unit on each side", () => {
    expect(read("0:250ns")).toEqual({ fromNs: 0, toNs: 250 });
    expect(read("3us:250ms")).toEqual({ fromNs: 3000, toNs: 250e6 });
    expect(read("3µs:1.5h")).toEqual({ fromNs: 3000, toNs: 5400e9 });
    expect(read("2min:1h30m")).toEqual({ fromNs: 120e9, toNs: 5400e9 });
  });

  it("may be open on either side", () => {
    expect(read(":1h")).toEqual({ fromNs: 0, toNs: 3600e9 });
    expect(read("1h:")).toEqual({ fromNs: 3600e9, toNs: undefined });
    expect(read(":")).toEqual({ fromNs: 0, toNs: undefined });
  });

  it("may lie anywhere in a trace of 121 days", () => {
    expect(read("110d:121d")).toEqual({ fromNs: 110 * 86_400e9, toNs: 121 * 86_400e9 });
  });

  it("is not empty, backwards or half a thing", () => {
    const wrong = [
      "",
      "1m",
      "1m:1m",
      "2m:1m",
      "1m:2m:3m",
      "a:b",
      ":0",
      "5:",
      "-1s:",
      "1s2:",
      "1e3s:",
    ];
    expect(wrong.map(read)).toEqual(wrong.map(() => undefined));
  });
});

describe("oneOf and text", () => {
  it("take what they say", () => {
    const kind = oneOf("X", ["a", "b"]);
    expect([kind.read("a"), kind.read("A"), kind.must]).toEqual(["a", undefined, "be one of a, b"]);
    expect([text("X").read("x"), text("X").read("")]).toEqual(["x", undefined]);
  });
});
