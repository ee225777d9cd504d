import { describe, expect, it } from "vitest";
import { SpecViolation } from "#base";
import { openStore, type VerdictRecord } from "./index.ts";

const aVerdict = (other: Partial<VerdictRecord> = {}): VerdictRecord => ({
  id: "DIR-2",
  part: "directory",
  statement: "a worker is listed for a block exactly when its last event there was `stored`",
  seed: 1,
  profile: "ci",
  casesAsked: 300,
  casesDone: 300,
  small: { done: 84, complete: true },
  witnesses: [
    { name: "a block that two workers hold", count: 120, minimum: 3 },
    { name: "an eviction of something never stored", count: 3, minimum: 3 },
  ],
  mutants: [
    { name: "keeps only the first holder", caught: true, cases: 4 },
    { name: "forgets evictions", caught: true, cases: 1 },
  ],
  verdict: "holds",
  ...other,
});

describe("verdicts", () => {
  it("come back as they were, by property", () => {
    const store = openStore(":memory:");
    const batch = [aVerdict(), aVerdict({ id: "DIR-1", small: { done: 0, complete: false } })];
    store.saveVerdicts(batch);
    expect(store.verdicts()).toEqual(batch.toReversed());
  });

  it("are the latest on each property", () => {
    const store = openStore(":memory:");
    store.saveVerdicts([aVerdict(), aVerdict({ id: "RTR-1", part: "router" })]);
    store.saveVerdicts([aVerdict({ verdict: "broken", casesDone: 7 })]);
    expect(store.verdicts().map(({ id, verdict }) => [id, verdict])).toEqual([
      ["DIR-2", "broken"],
      ["RTR-1", "holds"],
    ]);
  });

  it.each([
    ["fewer cases than asked", { casesDone: 299 }],
    ["a witness that came up too seldom", { witnesses: [{ name: "w", count: 2, minimum: 3 }] }],
    ["a mutant that got away", { mutants: [{ name: "m", caught: false, cases: 2000 }] }],
  ])("never say `holds` with %s", (_, wrong: Partial<VerdictRecord>) => {
    const store = openStore(":memory:");
    const batch = [aVerdict({ id: "DIR-1" }), aVerdict(wrong)];
    expect(() => store.saveVerdicts(batch)).toThrow(SpecViolation);
    expect(store.verdicts()).toEqual([]);
    store.saveVerdicts([aVerdict({ ...wrong, verdict: "unproven" })]);
    expect(store.verdicts()).toHaveLength(1);
  });

  it("take no witness that needs not come up, and no mutant twice", () => {
    const store = openStore(":memory:");
    const never = [{ name: "w", count: 0, minimum: 0 }];
    const twice = [1, 2].map((cases) => ({ name: "m", caught: true, cases }));
    expect(() => store.saveVerdicts([aVerdict({ witnesses: never })])).toThrow(SpecViolation);
    expect(() => store.saveVerdicts([aVerdict({ mutants: twice })])).toThrow(SpecViolation);
    expect(store.verdicts()).toEqual([]);
  });
});
