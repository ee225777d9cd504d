import { describe, expect, it } from "vitest";
import { audited, faults } from "./testing/rows.ts";

describe("claims that cannot be audited", () => {
  it("are told every formula that cannot be worked out, with its place", () => {
    expect(
      faults(() =>
        audited(
          { id: "a", stated: "2", unit: "GB", formula: "2 s" },
          { id: "b", stated: "2", formula: "1 + 1 GB" },
          { id: "c", stated: "2", formula: "hbm('b300') / hbm('b200')" },
          { id: "d", stated: "2", formula: "claim('b') * 2" },
          { id: "e", stated: "2", formula: "1 + 1", route: "2 GB" },
          { id: "f", stated: "yes", unit: "text", formula: "3" },
          { id: "g", stated: "3", formula: "1 < 2" },
        ),
      ),
    ).toMatchInlineSnapshot(`
      [
        "the formula of a must be worked out, found: 2 s where GB is stated [CLAIM-6] at f.csv:2:49",
        "the formula of b must be worked out, found: + between a plain number, a quantity or a text and something of another kind [CLAIM-6] at f.csv:3:48",
        "the formula of c must be worked out, found: a GPU must be one of b200, h100, found "b300" [CLAIM-5] at f.csv:4:48",
        "the route of e must be worked out, found: 2 GB where x is stated [CLAIM-6] at f.csv:6:56",
        "the formula of f must be worked out, found: 3 where text is stated [CLAIM-6] at f.csv:7:53",
        "the formula of g must be worked out, found: yes where x is stated [CLAIM-6] at f.csv:8:48",
      ]
    `);
  });

  it("are told ids that stand twice, units that are none and names that there are not", () => {
    expect(
      faults(() =>
        audited(
          { id: "a.ratio", stated: "2" },
          { id: "a.ratio", stated: "3" },
          { id: "b", stated: "2", unit: "furlong" },
          { id: "c", stated: "2", unit: "gpus()" },
          { id: "d", stated: "2", unit: "'GB'" },
          { id: "e", stated: "2", formula: "claim('a.ration')" },
          { id: "f", stated: "2", formula: "1 + 1", route: "claim('nowhere')" },
        ),
      ),
    ).toMatchInlineSnapshot(`
      [
        "an id must be a claim's own, found a.ratio again after f.csv:2 [CLAIM-1] at f.csv:3",
        "the unit of b must be of units and counts, such as GB/s, found furlong [CLAIM-6] at f.csv:4",
        "the unit of c must be of units and counts, such as GB/s, found gpus() [CLAIM-6] at f.csv:5",
        "the unit of d must be of units and counts, such as GB/s, found 'GB' [CLAIM-6] at f.csv:6",
        "claim must name one that exists (a.ratio?), found "a.ration" in e [CLAIM-5] at f.csv:7:48",
        "claim must name one that exists, found "nowhere" in f [CLAIM-5] at f.csv:8:56",
      ]
    `);
  });

  it("are told their circles, by formulas and routes", () => {
    expect(
      faults(() =>
        audited(
          { id: "self", stated: "2", formula: "claim('self')" },
          { id: "a", stated: "2", formula: "claim('b')" },
          { id: "b", stated: "2", formula: "2", route: "claim('c')" },
          { id: "c", stated: "2", formula: "claim('a')" },
          { id: "d", stated: "2", formula: "claim('a')" },
        ),
      ),
    ).toMatchInlineSnapshot(`
      [
        "a claim must not rest on itself, found self → self [CLAIM-5] at f.csv:2:51",
        "a claim must not rest on itself, found a → b → c → a [CLAIM-5] at f.csv:3:48",
      ]
    `);
  });
});
