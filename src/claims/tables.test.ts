import { describe, expect, it } from "vitest";
import { findProfile, referenceOf } from "#spec";
import { auditClaims } from "./audit.ts";
import { prepare } from "./prepare.ts";
import { readClaims } from "./read-claims.ts";
import { cellOf, claimsIn, tablesOf } from "./tables.ts";

const HEADER = "id,place,states,stated,unit,decimals,kind,formula";
const judgedAt = (...places: readonly string[]) => {
  const rows = places.map((place, at) => `c${at},${place},It.,1,x,0,input,`);
  const { claims } = readClaims([HEADER, ...rows].join("\n"), "f.csv");
  return auditClaims(prepare(claims), referenceOf(findProfile("document")));
};

describe("the tables of a document", () => {
  it("have cells, which places name", () => {
    expect(cellOf("table gpu/HBM/B200")).toEqual({ table: "gpu", row: "HBM", column: "B200" });
    expect(cellOf("table gpu/HBM/B200/size")).toEqual({ table: "gpu", row: "HBM", column: "B200" });
    expect(cellOf("table gpu/HBM")).toBeUndefined();
    expect(cellOf("paragraph 2")).toBeUndefined();
    expect(cellOf("the table gpu/HBM/B200")).toBeUndefined();
  });

  it("are drawn from places where nobody declared them, after those that are declared", () => {
    const declared = [{ id: "gpu", title: "GPUs", rows: ["HBM"], columns: ["B200"] }];
    const judged = judgedAt(
      "table rack/HBM/Total",
      "table gpu/L2/B200",
      "paragraph 1",
      "table rack/GPUs/Total",
      "table rack/GPUs/Each",
    );
    expect(tablesOf(judged, declared)).toEqual([
      ...declared,
      { id: "rack", title: "rack", rows: ["HBM", "GPUs"], columns: ["Total", "Each"] },
    ]);
    expect(tablesOf([])).toEqual([]);
  });

  it("have all claims of a cell in it, in their order", () => {
    const judged = judgedAt("table a/r/c/one", "table a/r/d", "table a/r/c/two", "table b/r/c");
    expect(claimsIn(judged, "a", "r", "c").map(({ claim }) => claim.id)).toEqual(["c0", "c2"]);
    expect(claimsIn(judged, "a", "s", "c")).toEqual([]);
  });
});
