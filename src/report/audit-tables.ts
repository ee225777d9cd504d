import {
  CAUSES,
  type Cause,
  type Change,
  type ClaimTable,
  claimsIn,
  type Judged,
  type Note,
  STANDINGS,
  VERDICTS,
  type Verdict,
} from "#claims";
import { computedText, correctedText, figureText, sideBySide, statedText } from "./audit-cells.ts";
import { showCount } from "./show.ts";
import { type Row, type Table, table } from "./table.ts";

const isInconsistent = ({ verdict }: Judged): boolean => verdict === "inconsistent";

const countBy = (judged: readonly Judged[], verdict: Verdict): number =>
  judged.filter((one) => one.verdict === verdict).length;

/** How many claims of each chapter got which verdict, with the sum. */
export const sectionTable = (judged: readonly Judged[]): Table => {
  const sections = [...new Set(judged.map(({ claim }) => claim.section))];
  const row = (section: string, own: readonly Judged[]): Row => ({
    section: section === "" ? null : section,
    claims: own.length,
    ...Object.fromEntries(VERDICTS.map((verdict) => [verdict, countBy(own, verdict)])),
  });
  return {
    columns: [
      { name: "section", title: "Section" },
      ...["claims", ...VERDICTS].map((name) => ({
        name,
        title: `${name.charAt(0).toUpperCase()}${name.slice(1)}`,
        align: "right" as const,
        show: showCount,
      })),
    ],
    rows: [
      ...sections.map((section) =>
        row(
          section,
          judged.filter(({ claim }) => claim.section === section),
        ),
      ),
      row("all", judged),
    ],
    empty: "There is no claim.",
  };
};

/** How many claims do not hold for which reason. */
export const causeTable = (judged: readonly Judged[]): Table =>
  table({
    columns: [
      { name: "cause", title: "Cause" },
      { name: "claims", title: "Claims", align: "right", show: showCount },
      { name: "meaning", title: "Which means" },
    ],
    rows: (Object.keys(CAUSES) as Cause[]).flatMap((cause) => {
      const claims = judged.filter((one) => one.cause === cause).length;
      return claims === 0 ? [] : [{ cause, claims, meaning: CAUSES[cause] }];
    }),
    empty: "Every claim holds.",
  });

/** The claims that do not hold, with what should stand there and why. */
export const inconsistentTable = (judged: readonly Judged[]): Table =>
  table({
    columns: [
      { name: "id", title: "Claim" },
      { name: "place", title: "Place" },
      { name: "stated", title: "Stated", align: "right" },
      { name: "computed", title: "Computed", align: "right" },
      { name: "corrected", title: "Corrected", align: "right" },
      { name: "cause", title: "Cause" },
      { name: "because", title: "Because" },
    ],
    rows: judged.filter(isInconsistent).map((one) => ({
      id: one.claim.id,
      place: one.claim.place,
      stated: statedText(one),
      computed: computedText(one),
      corrected: correctedText(one),
      cause: one.inherits.length === 0 ? one.cause : `inherited from ${one.inherits.join(", ")}`,
      because: one.claim.because || one.declined,
    })),
    empty: "Every claim holds.",
  });

/** A claim in its cell; where a cell has several, each after what it is of the cell. */
const inCell = (judged: Judged): string => {
  const part = /^table [^/]+\/[^/]+\/[^/]+\/(.+)$/.exec(judged.claim.place)?.[1];
  return part === undefined ? sideBySide(judged) : `${part} ${sideBySide(judged)}`;
};

/** A table of the document, rebuilt: stated and computed in one cell. */
export const rebuiltTable = (
  { id, rows, columns }: ClaimTable,
  judged: readonly Judged[],
): Table => ({
  columns: [
    { name: "row", title: "" },
    ...columns.map((column) => ({ name: column, title: column })),
  ],
  rows: rows.map((row) => ({
    row,
    ...Object.fromEntries(
      columns.map((column) => [
        column,
        claimsIn(judged, id, row, column).map(inCell).join("; ") || null,
      ]),
    ),
  })),
  empty: "The table has no row.",
});

/** What is public about what was given. */
export const noteTable = (notes: readonly Note[]): Table =>
  table({
    columns: [
      { name: "topic", title: "On" },
      { name: "figure", title: "Figure" },
      { name: "document", title: "Document" },
      { name: "public", title: "Public" },
      { name: "standing", title: "Standing" },
      { name: "says", title: "What follows" },
      { name: "source", title: "Source" },
    ],
    rows: notes.map(({ topic, figure, document, datasheet, standing, says }) => ({
      topic,
      figure,
      document: document === undefined ? null : figureText(figure, document.value),
      public: datasheet.source.kind === "public" ? figureText(figure, datasheet.value) : null,
      standing: STANDINGS[standing],
      says,
      source: datasheet.source.where,
    })),
    empty: "There is no note.",
  });

/** The claims whose verdict is not the recorded one. */
export const changeTable = (changes: readonly Change[]): Table =>
  table({
    columns: [
      { name: "id", title: "Claim" },
      { name: "stated", title: "Stated", align: "right" },
      { name: "computed", title: "Computed", align: "right" },
      { name: "recorded", title: "Recorded" },
      { name: "found", title: "Found" },
    ],
    rows: changes.map(({ judged, recorded, found }) => ({
      id: judged.claim.id,
      stated: statedText(judged),
      computed: computedText(judged),
      recorded,
      found,
    })),
    empty: "Every verdict is the recorded one.",
  });

/** JSON and CSV have no word for what is not finite. */
const finite = <Figure extends number | string | null>(value: Figure): Figure | null =>
  typeof value === "number" && !Number.isFinite(value) ? null : value;

/** Every claim, with bare numbers: what programs read. */
export const claimTable = (judged: readonly Judged[]): Table =>
  table({
    columns: [
      "id",
      "section",
      "place",
      "states",
      "stated",
      "unit",
      "kind",
      "formula",
      "computed",
      "relative_error",
      "verdict",
      "cause",
      "inherits",
      "corrected",
      "because",
    ].map((name) => ({ name, title: name })),
    rows: judged.map(({ claim, ...one }) => ({
      id: claim.id,
      section: claim.section,
      place: claim.place,
      states: claim.states,
      stated: one.stated,
      unit: claim.unit,
      kind: claim.kind,
      formula: claim.formula,
      computed: finite(one.computed),
      relative_error: finite(one.relativeError),
      verdict: one.verdict,
      cause: one.cause,
      inherits: one.inherits.join(" "),
      corrected: one.corrected,
      because: claim.because,
    })),
    empty: "There is no claim.",
  });
