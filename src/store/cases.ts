import { canonicalJson, type Json, sha256 } from "#base";
import type { Connection } from "./connection.ts";

/** An input that broke a property, as its events, and what was found. */
export type CaseRecord = {
  /** The property's id. */
  readonly property: string;
  readonly part: string;
  readonly case: Json;
  readonly finding: Json;
};

/** A case as it is kept. */
export type StoredCase = CaseRecord & {
  readonly caseId: number;
  /** Of the case's canonical JSON, in hex. */
  readonly sha256: string;
};

/** Keeps the cases that broke a property. */
export type CaseShelf = {
  /** Keeps a case. The same case of the same property is kept once, with the finding of the last time. */
  saveCase(record: CaseRecord): { readonly kind: "stored" | "same"; readonly caseId: number };
  /** All cases, or those of one property, in the order in which they were first saved. */
  cases(property?: string): readonly StoredCase[];
};

type Row = {
  readonly case_id: number;
  readonly property_id: string;
  readonly part: string;
  readonly sha256: string;
  readonly case_json: string;
  readonly finding_json: string;
};

const fromRow = (row: Row): StoredCase => ({
  caseId: row.case_id,
  property: row.property_id,
  part: row.part,
  sha256: row.sha256,
  case: JSON.parse(row.case_json) as Json,
  finding: JSON.parse(row.finding_json) as Json,
});

/** The shelf of cases of a database. */
export const caseShelf = ({ db, read, write }: Connection): CaseShelf => ({
  saveCase: ({ property, part, case: given, finding }) =>
    write(() => {
      const json = canonicalJson(given);
      const hash = sha256(json);
      const known = db
        .prepare<[string, string], number>(
          "SELECT case_id FROM cases WHERE property_id = ? AND sha256 = ?",
        )
        .pluck()
        .get(property, hash);
      if (known !== undefined) {
        db.prepare("UPDATE cases SET part = ?, finding_json = ? WHERE case_id = ?").run(
          part,
          canonicalJson(finding),
          known,
        );
        return { kind: "same", caseId: known };
      }
      const { lastInsertRowid } = db
        .prepare(
          "INSERT INTO cases (property_id, part, sha256, case_json, finding_json) VALUES (?, ?, ?, ?, ?)",
        )
        .run(property, part, hash, json, canonicalJson(finding));
      return { kind: "stored", caseId: Number(lastInsertRowid) };
    }),
  cases: (property) =>
    read(() =>
      db
        .prepare<[string | null, string | null], Row>(
          "SELECT * FROM cases WHERE ? IS NULL OR property_id = ? ORDER BY case_id",
        )
        .all(property ?? null, property ?? null)
        .map(fromRow),
    ),
});
