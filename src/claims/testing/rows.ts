/** Claims for tests: rows of a file, of which a test says only what matters to it. */
import { formatIssue, InputError } from "#base";
import { findProfile, type Reference, referenceOf, supposed, withFigures } from "#spec";
import { auditClaims, type Judged } from "../audit.ts";
import { prepare } from "../prepare.ts";
import { CLAIM_COLUMNS, readClaims } from "../read-claims.ts";

/** The rack as the document describes it. */
export const DOCUMENT = referenceOf(findProfile("document"));

/** The same with one other figure. */
export const supposing = (address: string, value: unknown): Reference =>
  withFigures(DOCUMENT, new Map([[address, supposed(value)]]));

/** The cells of a claim; a multiple without decimals, derived when it has a formula, but for what is told of it. */
export type Row = Partial<Record<(typeof CLAIM_COLUMNS)[number], string>>;

const csvOf = (rows: readonly Row[]): string => {
  const plain: Row = { section: "s", place: "heading", states: "It.", unit: "x", decimals: "0" };
  const quoted = (cell: string) => `"${cell.replaceAll('"', '""')}"`;
  const lines = rows.map((row) =>
    CLAIM_COLUMNS.map((name) =>
      quoted({ ...plain, kind: row.formula ? "derived" : "input", ...row }[name] ?? ""),
    ).join(","),
  );
  return [CLAIM_COLUMNS.join(","), ...lines].join("\n");
};

/** Reads and prepares rows, as of a file `f.csv`. */
export const prepared = (...rows: readonly Row[]) => {
  const { claims, issues } = readClaims(csvOf(rows), "f.csv");
  if (issues.length > 0) throw new InputError(issues);
  return prepare(claims);
};

/** Audits rows against the document's rack. */
export const audited = (...rows: readonly Row[]) => auditClaims(prepared(...rows), DOCUMENT);

/** `id: inconsistent (inherited from), right is 8` */
export const said = ({ claim, verdict, cause, inherits, corrected }: Judged): string =>
  [
    `${claim.id}: ${verdict}`,
    cause === null ? "" : ` (${[cause, ...inherits].join(" ")})`,
    corrected === null ? "" : `, right is ${corrected}`,
  ].join("");

/** Every fault that something is refused with, as it is printed. */
export const faults = (act: () => unknown): readonly string[] => {
  try {
    act();
  } catch (thrown) {
    if (thrown instanceof InputError) return thrown.issues.map(formatIssue);
    throw thrown;
  }
  return [];
};
