import type { Judged } from "./audit.ts";
import { shownValue } from "./units.ts";

/** One line of an explanation: what it is, what it comes to, and what it was made of. */
export type Explained = {
  readonly what: string;
  readonly value: string;
  /** Where a given figure comes from; null for what was worked out. */
  readonly source: string | null;
  readonly from: readonly Explained[];
};

const KINDS = {
  document: "the document",
  public: "public",
  reading: "our reading",
  supposed: "what if",
} as const;

const figureText = (judged: Judged): string => {
  const { claim, computed, stated, declined } = judged;
  const unit =
    claim.unit === "text" || claim.unit === "x" || claim.unit === "count" ? "" : ` ${claim.unit}`;
  const value = declined === null ? (computed ?? stated) : null;
  return value === null
    ? "nothing"
    : `${typeof value === "number" ? Number(value.toPrecision(9)) : value}${unit}`;
};

/**
 * How a claim is computed, with every operand's value and source, down to what is given: calls of the vocabulary with the figures that
 * they read, and other claims explained in the same way.
 */
export const explain = (judged: Judged, others: ReadonlyMap<string, Judged>): Explained => ({
  what:
    judged.claim.formula === "" ? judged.claim.id : `${judged.claim.id} = ${judged.claim.formula}`,
  value: figureText(judged),
  source: judged.claim.formula === "" ? `the document: ${judged.claim.place}` : null,
  from: [
    ...judged.calls.map(
      (call): Explained => ({
        what: call.text,
        value: shownValue(call.value, 9),
        source: null,
        from: call.figures.map(({ address, fact }) => ({
          what: address,
          value: String(fact.value),
          source: `${KINDS[fact.source.kind]}: ${fact.source.where}`,
          from: [],
        })),
      }),
    ),
    ...judged.uses.flatMap((id) => {
      const used = others.get(id);
      return used === undefined ? [] : [explain(used, others)];
    }),
  ],
});
