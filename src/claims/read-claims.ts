import { type Issue, type IssueCode, meant, shown } from "#base";
import { CAUSES, type Claim, VERDICTS } from "./claim.ts";
import { readFormula } from "./formula.ts";
import { type Place, type Row, recordsOf } from "./records.ts";

/** The columns of a file of claims, in their order. */
export const CLAIM_COLUMNS = [
  "id",
  "section",
  "place",
  "states",
  "stated",
  "unit",
  "decimals",
  "kind",
  "formula",
  "route",
  "verdict",
  "cause",
  "because",
] as const;

/** What a file need not have: nobody has audited it yet. */
const OPTIONAL: ReadonlySet<string> = new Set([
  "route",
  "verdict",
  "cause",
  "because",
  "section",
  "place",
]);

type Column = (typeof CLAIM_COLUMNS)[number];

const NUMBER = /^-?\d+(\.\d+)?$/;
const ID = /^[a-z0-9][a-z0-9_-]*(\.[a-z0-9][a-z0-9_-]*)*$/;

type Complain = (code: IssueCode, message: string, place?: Place) => void;

const formulaFaults = (
  claim: Claim,
  which: "formula" | "route",
  placeOf: (at: number) => Place,
  complain: Complain,
): void => {
  const text = claim[which];
  if (text === "") return;
  const read = readFormula(text);
  if (!("faults" in read)) return;
  for (const { code, message, at } of read.faults)
    complain(code, `${message}, in the ${which} of ${claim.id}`, placeOf(at));
};

const statedOf = (
  { stated, unit, route, id }: Claim,
  decimals: string,
  complain: Complain,
): void => {
  if (unit === "")
    complain("CLAIM-6", `${id} must have a unit (x for a multiple, text for words), found ""`);
  if (stated === "") {
    if (route === "")
      complain(
        "CLAIM-3",
        `${id} must state a figure, or have a route that gives one, found neither`,
      );
    return;
  }
  if (unit === "text") return;
  if (!NUMBER.test(stated))
    complain("CLAIM-3", `stated must be a plain number in ${unit}, found ${shown(stated)}`);
  if (!/^-?\d{1,2}$/.test(decimals))
    complain(
      "CLAIM-3",
      `decimals must be the digits printed after the point, found ${shown(decimals)}`,
    );
};

const oneOf = <Name extends string>(
  names: readonly Name[],
  cell: string,
  column: string,
  complain: Complain,
): Name | "" => {
  const found = names.find((name) => name === cell);
  if (found === undefined && cell !== "")
    complain("CLAIM-2", `${column} must be one of ${names.join(", ")}, found ${shown(cell)}`);
  return found ?? "";
};

/** The cells of one record by their columns, without the spaces around them. */
type Cells = {
  readonly text: (column: Column) => string;
  readonly place: (column: Column, at: number) => Place;
};

const cellsOf = ({ fields, placeOf }: Row, header: readonly string[]): Cells => {
  const raw = (column: Column): string => fields[header.indexOf(column)] ?? "";
  return {
    text: (column) => raw(column).trim(),
    place(column, at) {
      const cell = raw(column);
      const spaces = cell.length - cell.trimStart().length;
      return placeOf(Math.max(0, header.indexOf(column)), spaces + at);
    },
  };
};

const verdictFaults = ({ text }: Cells, claim: Claim, complain: Complain): void => {
  const isKnown = claim.verdict === text("verdict") && claim.cause === text("cause");
  if (isKnown && (claim.verdict === "inconsistent") !== (claim.cause !== ""))
    complain(
      "CLAIM-2",
      `a cause must stand with the verdict inconsistent and only there, found ${shown(claim.cause)} with ${shown(claim.verdict)}`,
    );
};

const claimOf = (cells: Cells, file: string, line: number, complain: Complain): Claim => {
  const { text, place } = cells;
  const kind = text("kind");
  if (kind !== "input" && kind !== "derived")
    complain("CLAIM-2", `kind must be input or derived, found ${shown(kind)}`);
  const claim: Claim = {
    id: text("id"),
    section: text("section"),
    place: text("place"),
    states: text("states"),
    stated: text("stated"),
    unit: text("unit"),
    decimals: Number(text("decimals") || "0"),
    kind: kind === "input" ? "input" : "derived",
    formula: text("formula"),
    route: text("route"),
    verdict: oneOf(VERDICTS, text("verdict"), "verdict", complain),
    cause: oneOf(Object.keys(CAUSES) as (keyof typeof CAUSES)[], text("cause"), "cause", complain),
    because: text("because"),
    at: { file, line, formula: place("formula", 0), route: place("route", 0) },
  };
  if (!ID.test(claim.id))
    complain("CLAIM-1", `an id must be of the form gpu.hbm.ratio, found ${shown(claim.id)}`);
  if (claim.kind === "derived" && claim.formula === "")
    complain("CLAIM-4", `a derived claim must have a formula, found none for ${claim.id}`);
  verdictFaults(cells, claim, complain);
  statedOf(claim, text("decimals"), complain);
  formulaFaults(claim, "formula", (at) => place("formula", at), complain);
  formulaFaults(claim, "route", (at) => place("route", at), complain);
  return claim;
};

const headerFaults = (header: readonly string[]): readonly string[] => {
  const missing = CLAIM_COLUMNS.filter((name) => !OPTIONAL.has(name) && !header.includes(name));
  const absent = [...OPTIONAL].filter((name) => !header.includes(name));
  // A column of one's own is welcome, but one that nearly has a name that is looked for would be passed over in silence.
  const misspelt = header.filter((name) => meant(name, absent).length > 0);
  const twice = header.filter((name, at) => name !== "" && header.indexOf(name) !== at);
  const faults: string[] = [];
  if (missing.length > 0)
    faults.push(
      `a file of claims must have the columns ${missing.join(", ")}, found ${shown(header.join(","))}`,
    );
  for (const name of misspelt)
    faults.push(
      `a column must be called ${meant(name, absent).join(" or ")}, found ${shown(name)}`,
    );
  for (const name of twice)
    faults.push(`a column must stand once in the header, found ${shown(name)} again`);
  return faults;
};

/**
 * Reads a file of claims: CSV with a header, one claim a record. Returns what can be read and every fault, each with its file, line, and
 * for formulas the column. A file without a claim is a fault, for an audit of nothing would find nothing.
 */
export const readClaims = (
  csv: string,
  file: string,
): { readonly claims: readonly Claim[]; readonly issues: readonly Issue[] } => {
  const [head, ...rows] = recordsOf(csv, file);
  const header = (head?.fields ?? []).map((name) => name.trim());
  const line = head?.line ?? 1;
  const refused = (messages: readonly string[]) => ({
    claims: [],
    issues: messages.map((message): Issue => ({ code: "CLAIM-1", message, file, line })),
  });
  const faults = headerFaults(header);
  if (faults.length > 0) return refused(faults);
  if (rows.length === 0) return refused(["a file of claims must have a claim, found none"]);
  const issues: Issue[] = [];
  const claims = rows.map((row) => {
    const complain: Complain = (code, message, place = { line: row.line } as Place) =>
      issues.push({ code, message, file, ...place });
    if (row.fields.length !== header.length)
      complain("CLAIM-1", `a claim must have ${header.length} fields, found ${row.fields.length}`);
    return claimOf(cellsOf(row, header), file, row.line, complain);
  });
  return { claims, issues };
};
