import { describe, expect, it } from "vitest";
import { auditClaims } from "./audit.ts";
import { changesOf } from "./changes.ts";
import { audited, DOCUMENT, prepared, said, supposing } from "./testing/rows.ts";

describe("changes against what is recorded", () => {
  it("are other verdicts, other causes, and routes that lead elsewhere; what nobody recorded is taken for sound", () => {
    const judged = audited(
      { id: "same", stated: "72", formula: "gpus()", verdict: "consistent" },
      { id: "verdict", stated: "72", formula: "gpus()", verdict: "rounded" },
      {
        id: "cause",
        stated: "9",
        formula: "claim('wrong')",
        verdict: "inconsistent",
        cause: "unit",
      },
      { id: "wrong", stated: "9", formula: "8", verdict: "inconsistent", cause: "unit" },
      { id: "new", stated: "9", formula: "8" },
      {
        id: "route",
        stated: "9",
        formula: "8",
        route: "10",
        verdict: "inconsistent",
        cause: "unit",
      },
    );
    expect(
      changesOf(judged).map(({ judged, recorded, found }) => [judged.claim.id, recorded, found]),
    ).toEqual([
      ["verdict", "rounded", "consistent"],
      ["cause", "inconsistent (unit)", "inconsistent (inherited)"],
      ["new", "nothing", "inconsistent (arithmetic)"],
      ["route", "a route to the figure", "the route gives another"],
    ]);
  });

  it("judge routes and causes by the reference that they were written for", () => {
    const set = prepared({
      id: "a",
      stated: "9",
      formula: "gpus() / 9",
      route: "gpus() / 8",
      verdict: "inconsistent",
      cause: "wrong-operand",
    });
    const other = supposing("gpu_count", 81);
    expect(auditClaims(set, other, DOCUMENT).map(said)).toEqual(["a: consistent"]);
    expect(auditClaims(set, other).map(said)).toEqual([
      "a: inconsistent (wrong-operand), right is 9",
    ]);
    expect(auditClaims(set, other, DOCUMENT)[0]?.isReconstructed).toBe(true);
  });
});
