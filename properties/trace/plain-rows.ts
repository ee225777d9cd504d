/** Plain rows as the lines of a file of any format, and what is wrong with the faulty ones. */
import type { TraceFormat } from "#trace";
import { type Fields, type Layout, PLAIN_LAYOUTS, type Placed } from "./plain-layouts.ts";
import { BLOCK_TOKENS, type Fault, type PlainRow } from "./plain-row.ts";

/** All arrive after this, except those that are late. */
const FIRST_MS = 5000;

/** What a fault does to a row's fields, by the names that its format has for them. */
const spoiledFields = (fields: Fields, { names: name }: Layout, fault: Fault): Fields => {
  switch (fault) {
    case "negative":
      return { ...fields, [name.input]: -3 };
    case "fraction":
      return { ...fields, [name.input]: 2.5 };
    case "missing":
      return { ...fields, [name.output]: undefined };
    case "time":
      return { ...fields, [name.time]: "soon" };
    default:
      return fields;
  }
};

const spoiledLine = (bytes: string, fault: Fault): string => {
  switch (fault) {
    case "cut":
      return bytes.slice(0, bytes.length / 2);
    case "nul":
      return `${bytes.slice(0, -3)}\0${bytes.slice(-3)}`;
    case "bytes":
      return `${bytes.slice(0, -3)}\xff${bytes.slice(-3)}`;
    case "quote":
      return `${bytes.slice(0, 1)}"${bytes.slice(1)}`;
    case "quotes":
      return `${bytes.slice(0, 1)}""${bytes.slice(1)}`;
    default:
      return bytes;
  }
};

/** A row's line, as bytes. */
const lineOf = (layout: Layout, placed: Placed): string => {
  const { fault } = placed.row;
  const fields = spoiledFields(layout.fields(placed), layout, fault);
  return spoiledLine(Buffer.from(layout.line(fields)).toString("latin1"), fault);
};

/** A file's lines as bytes, without their ends: `row` is the row's place, −1 for a line that is none. */
export type PlainLine = { readonly row: number; readonly bytes: string };

/** Writes rows in a format. */
export const plainLines = (
  format: TraceFormat,
  rows: readonly PlainRow[],
): readonly PlainLine[] => {
  const layout = PLAIN_LAYOUTS[format];
  const lines: PlainLine[] = layout.header === undefined ? [] : [{ row: -1, bytes: layout.header }];
  let atMs = FIRST_MS;
  for (const [number, row] of rows.entries()) {
    atMs += row.gapMs;
    if (row.gapMs === 7) lines.push({ row: -1, bytes: "" });
    const placed = {
      row,
      atMs: row.fault === "late" ? FIRST_MS - 1 : atMs,
      number,
      above: rows.slice(0, number),
    };
    lines.push({ row: number, bytes: lineOf(layout, placed) });
  }
  return lines;
};

/** The options that a format needs to be told. */
export const plainOptions = (format: TraceFormat) =>
  format === "mooncake"
    ? ({ format, blockTokens: BLOCK_TOKENS, sessionRows: "whole" } as const)
    : ({ format } as const);
