import { describe, expect, it } from "vitest";
import { sha256 } from "#base";
import { type CaseRecord, openStore } from "./index.ts";

const aCase = (other: Partial<CaseRecord> = {}): CaseRecord => ({
  property: "DIR-2",
  part: "directory",
  case: [{ kind: "stored", worker: 0, block: 3 }],
  finding: { at: 0, expected: [0], found: [] },
  ...other,
});

describe("cases", () => {
  it("come back as they were, in the order in which they were first saved", () => {
    const store = openStore(":memory:");
    const cases = [aCase({ property: "RTR-1" }), aCase(), aCase({ case: [] })];
    for (const one of cases) expect(store.saveCase(one).kind).toBe("stored");
    expect(store.cases()).toMatchObject(cases);
    expect(store.cases().map(({ caseId }) => caseId)).toEqual([1, 2, 3]);
    expect(store.cases("DIR-2")).toMatchObject(cases.slice(1));
    expect(store.cases("DIR-9")).toEqual([]);
  });

  it("are kept once, whatever the order of their keys, with the last finding", () => {
    const store = openStore(":memory:");
    store.saveCase(aCase());
    const again = aCase({ case: [{ block: 3, kind: "stored", worker: 0 }], finding: { at: -1 } });
    expect(store.saveCase(again)).toEqual({ kind: "same", caseId: 1 });
    expect(store.cases()).toEqual([
      { ...again, caseId: 1, sha256: sha256('[{"block":3,"kind":"stored","worker":0}]') },
    ]);
  });

  it("of another property are other cases", () => {
    const store = openStore(":memory:");
    store.saveCase(aCase());
    expect(store.saveCase(aCase({ property: "DIR-3" })).kind).toBe("stored");
  });

  it("must be JSON", () => {
    const store = openStore(":memory:");
    expect(() => store.saveCase(aCase({ case: [Number.POSITIVE_INFINITY] }))).toThrow(TypeError);
    expect(store.cases()).toEqual([]);
  });
});
