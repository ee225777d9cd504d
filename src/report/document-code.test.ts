import { describe, expect, it } from "vitest";
import type { DocumentTrial } from "#verify";
import { documentCodeReport } from "./document-code.ts";
import { differing, trialSentence, trialText, whyNot } from "./trial-text.ts";

const add = { kind: "add", item: 1 };
const finding = { at: 1, expected: { size: 2, full: false }, found: { size: 1, full: false } };

const bag: DocumentTrial = {
  name: "document/bag",
  part: "bag",
  about: "a bag",
  trials: [
    {
      id: "BAG-1",
      part: "bag",
      statement: "a bag holds what is put in",
      verdict: "broken",
      judged: 7,
      passedOver: 0,
      missing: [],
      unmet: [],
      counterexample: { origin: "small scope", case: [add, add], finding },
    },
    {
      id: "BAG-2",
      part: "bag",
      statement: "what is taken is gone",
      verdict: "not applicable",
      judged: 0,
      passedOver: 9,
      missing: [{ what: "taking", case: [add], call: { kind: "take" }, expected: 1 }],
      unmet: ["something taken"],
    },
  ],
  remarks: ["It has a colour."],
  defects: [
    {
      does: "holds one thing",
      consequence: "The first is lost.",
      property: "BAG-1",
      statement: "a bag holds what is put in",
      case: { colour: "red", history: [add, add], sizes: [1, 2] },
      finding,
    },
  ],
  absences: [
    {
      what: "taking",
      consequence: "It stays full.",
      properties: ["BAG-2", "BAG-3"],
      case: [add],
      call: { kind: "take" },
      expected: { long: "x".repeat(400) },
    },
  ],
  notShown: [],
};

const [csv, markdown] = documentCodeReport([bag]).map(({ text }) => text) as [string, string];

describe("the report on the document's code", () => {
  it("tells each defect as a story, with what happened and what should have", () => {
    const row = markdown.split("\n").find((line) => line.startsWith("| holds one thing"));
    expect(row?.split("|").map((cell) => cell.trim())).toEqual([
      "",
      "holds one thing",
      "The first is lost.",
      "BAG-1",
      `colour "red"; add(item 1); add(item 1); sizes \\[1,2\\]`,
      `\\{"size":1\\}`,
      `\\{"size":2\\}`,
      "",
    ]);
  });

  it("counts, and says what is missing, what was seen, and why a property was not judged", () => {
    expect(markdown).toContain("1 defects, and 1 things that are asked for and not there, in 1 ");
    expect(markdown).toContain("BAG-2, BAG-3");
    expect(markdown).toContain("It has a colour.");
    expect(markdown).toContain("every case needs what there is not: taking");
  });

  it("clips what is long on the page, and keeps all of it in the table", () => {
    expect(markdown).not.toContain("x".repeat(400));
    expect(markdown).toContain(`${"x".repeat(300)}`);
    expect(csv).toContain("x".repeat(400));
  });

  it("has a row for each defect and each thing missing", () => {
    expect(csv.trimEnd().split("\r\n")).toHaveLength(3);
    expect(csv).toContain("document/bag,bag,defect,holds one thing,The first is lost.,BAG-1,");
    expect(csv).toContain("document/bag,bag,missing,taking,It stays full.,BAG-2 BAG-3,");
  });

  it("says so when there is nothing", () => {
    const [, page] = documentCodeReport([]);
    expect(page?.text).toContain("None of the document's code was tried.");
  });
});

describe("a trial in a terminal", () => {
  it("is a story, and a reason where there is none", () => {
    expect(trialText(bag, "rackproof verify --subject document/bag")).toMatchInlineSnapshot(`
      "
      BAG-1 is broken (case: small scope): a bag holds what is put in
        add(item 1)
        add(item 1)
        at call 1:
          expected {"size":2}
          found    {"size":1}
        rackproof verify --subject document/bag --property BAG-1 plays it again

      BAG-2 is not applicable: every case needs what there is not: taking
      "
    `);
    expect(trialSentence(bag)).toBe(
      "document/bag breaks 1 of 2 properties; 0 held, 1 not applicable",
    );
  });

  it("gives the situations that never came up as the reason when some cases held", () => {
    const [, asked] = bag.trials;
    if (asked === undefined) throw new RangeError("there are two trials");
    expect(whyNot({ ...asked, judged: 3 })).toBe(
      "held of 3 cases, in which these never came up, for want of taking: something taken",
    );
    expect(whyNot({ ...asked, judged: 3, missing: [] })).toBe(
      "held of 3 cases, in which these never came up: something taken",
    );
  });

  it("shows of two records only what differs, and others whole", () => {
    expect(differing({ a: 1, b: [2] }, { a: 1, b: [3] })).toEqual([{ b: [2] }, { b: [3] }]);
    expect(differing({ a: 1 }, { b: 1 })).toEqual([{ a: 1 }, { b: 1 }]);
    expect(differing({ a: 1 }, { a: 1, b: 1 })).toEqual([{ a: 1 }, { a: 1, b: 1 }]);
    expect(differing([1], [2])).toEqual([[1], [2]]);
    expect(differing(null, { a: 1 })).toEqual([null, { a: 1 }]);
  });
});
