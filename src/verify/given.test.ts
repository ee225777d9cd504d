import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { histories, isCase, oneOfValues, sequences, values } from "./given.ts";

describe("sequences", () => {
  it("lists every sequence up to a length, shorter before longer", () => {
    expect([...sequences(["a", "b"], 2)].map((items) => items.join(""))).toEqual([
      "",
      "a",
      "b",
      "aa",
      "ab",
      "ba",
      "bb",
    ]);
  });

  it("lists (a^(d+1) − 1) / (a − 1) of them", () => {
    expect([...sequences([1, 2, 3], 4)]).toHaveLength((3 ** 5 - 1) / 2);
  });

  it("knows one sequence over nothing, and one of no length: the empty one", () => {
    expect([...sequences([], 3)]).toEqual([[]]);
    expect([...sequences([1, 2], 0)]).toEqual([[]]);
  });
});

describe("histories", () => {
  const given = histories<{ readonly kind: string; readonly block: number }>({
    operations: {
      store: fc.record({ kind: fc.constant("store"), block: fc.nat({ max: 3 }) }),
      clear: oneOfValues({ kind: "clear", block: -1 }),
    },
    small: { alphabet: [], depth: 0 },
  });

  it("draw cases in which an operation is absent as well as mixed ones", () => {
    const sample = fc
      .sample(given.arbitrary, { seed: 1, numRuns: 200 })
      .filter((h) => h.length > 9);
    const kinds = sample.map((history) => new Set(history.map(({ kind }) => kind)).size);
    expect(kinds.filter((count) => count === 1).length).toBeGreaterThan(20);
    expect(kinds.filter((count) => count === 2).length).toBeGreaterThan(20);
  });

  it("recognise every case they draw, so that each can be saved, read back and shrunk", () => {
    for (const history of fc.sample(given.arbitrary, { seed: 2, numRuns: 100 })) {
      expect(isCase(given, JSON.parse(JSON.stringify(history)))).toBe(true);
    }
  });

  it("do not take for a case what they could not have drawn", () => {
    expect(isCase(given, [{ kind: "store", block: 4 }])).toBe(false);
    expect(isCase(given, [{ kind: "steal", block: 1 }])).toBe(false);
    expect(isCase(given, "store")).toBe(false);
  });
});

describe("values", () => {
  it("have a small scope only when one is given", () => {
    expect(values(fc.nat()).small).toBeUndefined();
    expect([...(values(fc.nat(), () => [1, 2]).small?.() ?? [])]).toEqual([1, 2]);
  });
});
