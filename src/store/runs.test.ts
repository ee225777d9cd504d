import { describe, expect, it } from "vitest";
import { SpecViolation } from "#base";
import { openStore, type RunRecord } from "./index.ts";
import { aRun } from "./testing/run-samples.ts";
import { importAs, refusal } from "./testing/samples.ts";

const withTrace = () => {
  const store = openStore(":memory:");
  importAs(store, "t");
  return store;
};

describe("runs", () => {
  it("come back as they were, in their own order", () => {
    const store = withTrace();
    expect(store.saveRun(aRun())).toEqual({ kind: "stored", runId: 1 });
    expect(store.saveRun(aRun({ seed: 2 }))).toEqual({ kind: "stored", runId: 2 });
    expect(store.run(1)).toEqual({ runId: 1, ...aRun() });
    expect(Object.keys(store.run(1).summary as object)).toEqual(["z_first", "a_last"]);
    expect(store.runs().map(({ runId, seed }) => [runId, seed])).toEqual([
      [1, 1],
      [2, 2],
    ]);
  });

  it("of the same input are one, whatever the order of the options' keys, and the last measures count", () => {
    const store = withTrace();
    store.saveRun(aRun());
    const again = aRun({
      options: { profile: "document", tp: 8 },
      summary: { more: 1 },
      invariants: [],
    });
    expect(store.saveRun(again)).toEqual({ kind: "same", runId: 1 });
    expect(store.runs()).toEqual([{ runId: 1, ...again }]);
  });

  it("of the same input must have the same digest", () => {
    const store = withTrace();
    store.saveRun(aRun());
    const other = aRun({ digest: "34".repeat(32), summary: {} });
    expect(() => store.saveRun(other)).toThrow(SpecViolation);
    expect(() => store.saveRun(other)).toThrow("a run is a function of its trace, options, seed");
    expect(store.run(1)).toEqual({ runId: 1, ...aRun() });
  });

  it.each([
    ["seed", { seed: 2 }],
    ["version", { version: "0.2.0" }],
    ["options", { options: { tp: 4 } }],
    ["trace", { trace: "u" }],
  ])("of another %s may have another digest", (_, other) => {
    const store = withTrace();
    importAs(store, "u");
    store.saveRun(aRun());
    expect(store.saveRun(aRun({ ...other, digest: "34".repeat(32) })).kind).toBe("stored");
  });

  it("are removed with their trace, and their ids are not used again", () => {
    const store = withTrace();
    store.saveRun(aRun());
    store.removeTrace("t");
    expect(store.runs()).toEqual([]);
    importAs(store, "t");
    expect(store.saveRun(aRun()).runId).toBe(2);
  });

  it("are refused by name", () => {
    const store = withTrace();
    expect(refusal(() => store.saveRun(aRun({ trace: "u" })))).toContain("[STORE-3]");
    const none = refusal(() => store.run(1));
    store.saveRun(aRun());
    expect([none, refusal(() => store.run(7))]).toMatchInlineSnapshot(`
      [
        "a run must be a stored one, found 1; no run is stored yet [STORE-3]",
        "a run must be a stored one, found 7; the latest is 1 [STORE-3]",
      ]
    `);
  });

  it.each([
    ["more requests ended than arrived", { requests: { total: 1, completed: 1, failed: 1 } }],
    ["a summary that is no JSON", { summary: { mean: Number.NaN } }],
    ["a digest that is none", { digest: "12" }],
    [
      "an invariant violated where its premise was false",
      { invariants: [{ id: "A", statement: "s", evaluated: 2, premise_true: 1, violated: 2 }] },
    ],
    [
      "an invariant named twice",
      {
        invariants: ["s", "t"].map((statement) => ({
          id: "A",
          statement,
          evaluated: 1,
          premise_true: 1,
          violated: 0,
        })),
      },
    ],
  ])("with %s leave nothing", (_, wrong: Partial<RunRecord>) => {
    const store = withTrace();
    expect(() => store.saveRun(aRun(wrong))).toThrow();
    expect(store.runs()).toEqual([]);
  });
});
