import { describe, expect, it } from "vitest";
import { auditClaims } from "./audit.ts";
import { explain } from "./explain.ts";
import { audited, prepared, supposing } from "./testing/rows.ts";

describe("an explanation", () => {
  it("goes down to what is given, with values and sources", () => {
    const judged = audited(
      { id: "weights", stated: "70", unit: "GB", formula: "weight_bytes('llama-70b', 'fp8')" },
      {
        id: "time",
        stated: "8.75",
        decimals: "2",
        unit: "ms",
        formula: "claim('weights') / hbm_bandwidth('b200')",
      },
      { id: "given", stated: "7", place: "paragraph 3" },
    );
    const byId = new Map(judged.map((one) => [one.claim.id, one]));
    const explained = judged.map((one) => explain(one, byId));
    expect(explained[1]).toMatchInlineSnapshot(`
      {
        "from": [
          {
            "from": [
              {
                "from": [],
                "source": "the document: GPU table: HBM bandwidth",
                "value": "8000000000000",
                "what": "b200.hbm_bandwidth_bytes_per_second",
              },
            ],
            "source": null,
            "value": "8 TB / s",
            "what": "hbm_bandwidth('b200')",
          },
          {
            "from": [
              {
                "from": [
                  {
                    "from": [],
                    "source": "the document: decode throughput code: model_params",
                    "value": "70000000000",
                    "what": "llama-70b.parameters",
                  },
                  {
                    "from": [],
                    "source": "the document: decode throughput code: bytes a parameter and peak by format",
                    "value": "1",
                    "what": "fp8.bytes_per_value",
                  },
                ],
                "source": null,
                "value": "70 GB",
                "what": "weight_bytes('llama-70b', 'fp8')",
              },
            ],
            "source": null,
            "value": "70 GB",
            "what": "weights = weight_bytes('llama-70b', 'fp8')",
          },
        ],
        "source": null,
        "value": "8.75 ms",
        "what": "time = claim('weights') / hbm_bandwidth('b200')",
      }
    `);
    expect(explained[2]).toEqual({
      what: "given",
      value: "7",
      source: "the document: paragraph 3",
      from: [],
    });
  });

  it("says what a figure that is supposed is, and of what is declined that it is nothing", () => {
    const set = prepared({
      id: "a",
      stated: "10",
      unit: "GB",
      formula: "kv_budget('h100', 'llama-405b', 'fp16', 1)",
    });
    const [one] = auditClaims(set, supposing("h100.hbm_bytes", 81e9));
    expect(one && explain(one, new Map()).value).toBe("nothing");
    const [two] = auditClaims(
      prepared({ id: "a", stated: "80", unit: "GB", formula: "hbm('h100')" }),
      supposing("h100.hbm_bytes", 81e9),
    );
    expect(two && explain(two, new Map()).from[0]?.from).toEqual([
      { what: "h100.hbm_bytes", value: "81000000000", source: "what if: put in by hand", from: [] },
    ]);
  });
});
