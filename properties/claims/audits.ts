/** Claims as plain data, and their audit: what the properties of this folder ask of a subject. */
import { InputError } from "#base";
import { auditClaims, prepare, readClaims } from "#claims";
import { findProfile, type Reference, referenceOf } from "#spec";

/** A claim as far as a property has a say in it; the rest is the same for all. */
export type Row = {
  readonly id: string;
  readonly stated: string;
  readonly decimals: number;
  readonly unit: string;
  readonly formula: string;
};

/** What an audit says of a claim. */
export type Verdict = {
  readonly id: string;
  readonly verdict: string;
  readonly cause: string | null;
  readonly inherits: readonly string[];
  readonly computed: number | string | null;
  /** The addresses of the figures that it rests on, in order. */
  readonly rests: readonly string[];
};

/** The verdicts, or the codes of what is wrong with the claims. */
export type Reply =
  | { readonly verdicts: readonly Verdict[] }
  | { readonly faults: readonly string[] };

/** The rack as the document describes it. */
export const DOCUMENT: Reference = referenceOf(findProfile("document"));

const quoted = (cell: string): string => `"${cell.replaceAll('"', '""')}"`;

const HEADER = "id,states,stated,unit,decimals,kind,formula";

const csvOf = (rows: readonly Row[]): string =>
  [
    HEADER,
    ...rows.map(({ id, stated, unit, decimals, formula }) =>
      [id, "A figure.", stated, unit, String(decimals), "derived", formula].map(quoted).join(","),
    ),
  ].join("\n");

/** Reads claims as a file has them, and audits them. */
export const audit = (rows: readonly Row[], reference: Reference = DOCUMENT): Reply => {
  try {
    const { claims, issues } = readClaims(csvOf(rows), "claims.csv");
    if (issues.length > 0) return { faults: issues.map(({ code }) => code) };
    const judged = auditClaims(prepare(claims), reference);
    const verdicts = judged.map(
      ({ claim, verdict, cause, inherits, computed, rests }): Verdict => ({
        id: claim.id,
        verdict,
        cause,
        inherits,
        computed,
        rests: [...rests].toSorted(),
      }),
    );
    return { verdicts };
  } catch (thrown) {
    if (thrown instanceof InputError) return { faults: thrown.issues.map(({ code }) => code) };
    throw thrown;
  }
};

/** The verdicts of a reply; none where claims are faulty. */
export const verdictsOf = (reply: Reply | undefined): readonly Verdict[] =>
  reply !== undefined && "verdicts" in reply ? reply.verdicts : [];

/** A decimal number of so many units of its last digit, written out: `decimal(-1234n, 2)` is `-12.34`. */
export const decimal = (units: bigint, digits: number): string => {
  if (digits <= 0) return String(units * 10n ** BigInt(-digits));
  const text = String(units < 0n ? -units : units).padStart(digits + 1, "0");
  const sign = units < 0n ? "-" : "";
  return `${sign}${text.slice(0, -digits)}.${text.slice(-digits)}`;
};
