import { describe, expect, it } from "vitest";
import { auditClaims } from "./audit.ts";
import { heirsOf, rootsOf } from "./roots.ts";
import { audited, DOCUMENT, prepared, type Row, said, supposing } from "./testing/rows.ts";

const verdicts = (...rows: readonly Row[]): readonly string[] => audited(...rows).map(said);

describe("the verdict on a claim", () => {
  it("is that it is given, when nothing derives it", () => {
    expect(
      verdicts(
        { id: "free", stated: "7" },
        { id: "word", stated: "HBM3", unit: "text" },
        { id: "fact", stated: "72", formula: "gpus()", kind: "input" },
        { id: "other", stated: "70", formula: "gpus()", kind: "input" },
      ),
    ).toEqual([
      "free: input",
      "word: input",
      "fact: input",
      "other: inconsistent (wrong-operand), right is 72",
    ]);
  });

  it("is consistent, rounded to the printed digits, or inconsistent", () => {
    expect(
      verdicts(
        { id: "exact", stated: "2.4", decimals: "1", formula: "hbm('b200') / hbm('h100')" },
        { id: "near", stated: "2.39", decimals: "2", formula: "8 / 3.35" },
        { id: "half", stated: "2", formula: "5 / 2" },
        { id: "apart", stated: "3", formula: "7 / 2 - 1.1" },
        { id: "unit", stated: "8", unit: "TB/s", formula: "8000 GB/s" },
        { id: "yes", stated: "yes", unit: "text", formula: "1 < 2" },
        { id: "no", stated: "yes", unit: "text", formula: "2 < 1" },
        { id: "infinite", stated: "3", formula: "1 / 0" },
        { id: "undefined", stated: "3", formula: "0 / 0" },
      ),
    ).toEqual([
      "exact: consistent",
      "near: rounded",
      "half: rounded",
      "apart: inconsistent (arithmetic), right is 2.4",
      "unit: consistent",
      "yes: consistent",
      "no: inconsistent (arithmetic), right is no",
      "infinite: inconsistent (arithmetic)",
      "undefined: inconsistent (arithmetic)",
    ]);
  });

  it("has the recorded cause, and wrong-operand for a sound claim that no longer holds", () => {
    const rows: readonly Row[] = [
      { id: "a", stated: "9", formula: "gpus() / 9", verdict: "inconsistent", cause: "unit" },
      { id: "b", stated: "72", formula: "gpus()", verdict: "consistent" },
    ];
    const set = prepared(...rows);
    expect(auditClaims(set, DOCUMENT).map(said)).toEqual([
      "a: inconsistent (unit), right is 8",
      "b: consistent",
    ]);
    expect(auditClaims(set, supposing("gpu_count", 144)).map(said)).toEqual([
      "a: inconsistent (unit), right is 16",
      "b: inconsistent (wrong-operand), right is 144",
    ]);
  });

  it("is inconsistent for a figure that is right by a wrong route alone", () => {
    const rows: readonly Row[] = [
      {
        id: "a",
        stated: "72",
        formula: "gpus()",
        route: "9 * 8",
        verdict: "inconsistent",
        cause: "wrong-formula",
      },
    ];
    expect(verdicts(...rows)).toEqual(["a: inconsistent (wrong-formula), right is 72"]);
  });

  it("follows from operands as printed: rounded when they hold, inherited when they do not", () => {
    const ratio: Row = { id: "ratio", stated: "2.39", decimals: "2", formula: "8 / 3.35" };
    const wrong: Row = { ...ratio, stated: "3.39" };
    const hundred: Row = { id: "hundred", stated: "239", formula: "100 * claim('ratio')" };
    expect(verdicts(ratio, hundred)).toEqual(["ratio: rounded", "hundred: rounded"]);
    expect(
      verdicts({ ...ratio, decimals: "1", stated: "2.4" }, { ...hundred, stated: "240" }),
    ).toEqual(["ratio: rounded", "hundred: rounded"]);
    expect(verdicts(wrong, { ...hundred, stated: "339" })).toEqual([
      "ratio: inconsistent (arithmetic), right is 2.39",
      "hundred: inconsistent (inherited ratio), right is 239",
    ]);
    // What is right although its operand is wrong was not made from it.
    expect(verdicts(wrong, hundred)).toEqual([
      "ratio: inconsistent (arithmetic), right is 2.39",
      "hundred: rounded",
    ]);
  });

  it("is inherited by a route through a claim that does not hold, and by nothing else", () => {
    const wrong: Row = { id: "wrong", stated: "80", formula: "gpus()" };
    const by = (route: string): Row => ({ id: "by", stated: "40", formula: "gpus() / 2", route });
    const [, ...rest] = verdicts(wrong, by("claim('wrong') / 2"));
    expect(rest).toEqual(["by: inconsistent (inherited wrong), right is 36"]);
    expect(verdicts(wrong, by("claim('wrong') / 4"))[1]).toBe(
      "by: inconsistent (arithmetic), right is 36",
    );
    const sound: Row = { id: "wrong", stated: "72", formula: "gpus()" };
    expect(verdicts(sound, by("claim('wrong') - 32"))[1]).toBe(
      "by: inconsistent (arithmetic), right is 36",
    );
  });

  it("is passed on along a chain, and from several at once", () => {
    const judged = audited(
      { id: "a", stated: "80", formula: "gpus()" },
      { id: "b", stated: "3", formula: "1 + 1" },
      { id: "a2", stated: "160", formula: "claim('a') * 2" },
      { id: "ab", stated: "163", formula: "claim('a2') + claim('b')" },
      { id: "c", stated: "163", formula: "claim('ab')" },
    );
    expect(judged.map(said)).toEqual([
      "a: inconsistent (arithmetic), right is 72",
      "b: inconsistent (arithmetic), right is 2",
      "a2: inconsistent (inherited a), right is 144",
      "ab: inconsistent (inherited a2 b), right is 146",
      "c: inconsistent (inherited ab), right is 146",
    ]);
    const [first, second] = rootsOf(judged);
    expect(first?.judged.claim.id).toBe("a");
    expect([...heirsOf(first as never)].toSorted()).toEqual(["a2", "ab", "c"]);
    expect([...heirsOf(second as never)].toSorted()).toEqual(["ab", "c"]);
    expect(rootsOf(judged)).toHaveLength(2);
  });

  it("is does-not-fit where the reference declines for want of memory, and inherited from there", () => {
    const judged = audited(
      {
        id: "budget",
        stated: "10",
        unit: "GB",
        formula: "kv_budget('h100', 'llama-405b', 'fp16', 1)",
      },
      { id: "double", stated: "20", unit: "GB", formula: "2 * claim('budget')" },
      { id: "peak", stated: "2", unit: "PFLOPS", formula: "peak('h100', 'fp4')" },
    );
    expect(judged.map(said)).toEqual([
      "budget: inconsistent (does-not-fit)",
      "double: inconsistent (inherited budget)",
      "peak: inconsistent (wrong-operand)",
    ]);
    expect(judged[0]?.computed).toBeNull();
    expect(judged[0]?.relativeError).toBeNull();
    expect(judged[0]?.declined).toContain("must leave room for KV");
    expect(judged[0]?.rests.has("h100.hbm_bytes")).toBe(true);
    expect(judged[1]?.rests.has("h100.hbm_bytes")).toBe(true);
  });

  it("is about what the route gives where no figure is printed", () => {
    const row: Row = { id: "a", stated: "", formula: "gpus() / 8" };
    expect(verdicts({ ...row, route: "9" })).toEqual(["a: consistent"]);
    expect(verdicts({ ...row, route: "72 / 8.1" })).toEqual([
      "a: inconsistent (arithmetic), right is 9",
    ]);
    const of: Row = { id: "b", stated: "18", formula: "claim('a') * 2" };
    expect(verdicts({ ...row, route: "9" }, of)[1]).toBe("b: consistent");
  });

  it("says by how much a figure is off, as a share of the right one", () => {
    const [one, none] = audited(
      { id: "a", stated: "90", formula: "gpus()" },
      { id: "b", stated: "1", formula: "0 * gpus()" },
    );
    expect(one?.relativeError).toBe(0.25);
    expect(none?.relativeError).toBeNull();
  });

  it("comes in the order of the claims, whatever rests on what", () => {
    const rows: readonly Row[] = [
      { id: "b", stated: "144", formula: "claim('a') * 2" },
      { id: "a", stated: "72", formula: "gpus()" },
    ];
    expect(verdicts(...rows)).toEqual(["b: consistent", "a: consistent"]);
  });

  it("comes for chains of thousands, and for ladders whose paths nobody could count", () => {
    const chain = Array.from(
      { length: 3000 },
      (_, at): Row => ({
        id: `a${at}`,
        stated: "80",
        formula: at === 0 ? "gpus()" : `claim('a${at - 1}')`,
      }),
    );
    const judged = audited(...chain.toReversed());
    expect(judged.filter(({ cause }) => cause === "inherited")).toHaveLength(2999);
    const ladder = Array.from({ length: 60 }, (_, at): readonly Row[] => {
      const formula = at === 0 ? "gpus()" : `(claim('l${at - 1}') + claim('r${at - 1}')) / 2`;
      return ["l", "r"].map((side) => ({ id: `${side}${at}`, stated: "80", formula }));
    }).flat();
    const roots = rootsOf(audited(...ladder));
    expect(roots).toHaveLength(2);
    expect(heirsOf(roots[0] as never).size).toBe(118);
  });
});
