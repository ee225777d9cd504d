import type { Json } from "#base";
import { showMeasure } from "./show.ts";
import { type Cell, type Table, table } from "./table.ts";

/** A JSON object. */
export type JsonObject = { readonly [key: string]: Json };

/** One number, text or truth of a summary, by its path. */
export type Measure = { readonly measure: string; readonly value: Cell };

const isObject = (value: Json): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** What an item of a list goes by: the value of its first key where that is its alone, or else its place. */
const keysOf = (items: readonly Json[]): readonly (Cell | undefined)[] => {
  const first = items.map((item) => (isObject(item) ? Object.values(item)[0] : undefined));
  const isKey = (value: Json | undefined): value is string | number =>
    typeof value === "string" || typeof value === "number";
  return new Set(first.filter(isKey)).size === items.length ? (first as readonly Cell[]) : [];
};

const listed = (path: string, items: readonly Json[]): readonly Measure[] => {
  const keys = keysOf(items);
  return items.flatMap((item, at) => {
    const key = keys[at];
    if (key === undefined || !isObject(item)) return under(`${path}.${at}`, item);
    return under(`${path}.${key}`, Object.fromEntries(Object.entries(item).slice(1)));
  });
};

const under = (path: string, value: Json): readonly Measure[] => {
  if (Array.isArray(value)) return listed(path, value);
  if (!isObject(value)) return [{ measure: path, value: value as Cell }];
  return Object.entries(value).flatMap(([key, item]) =>
    under(path === "" ? key : `${path}.${key}`, item),
  );
};

/**
 * Every leaf of a summary in its own order, by path: `{ ttft_ns: { p50: 3 } }` is `ttft_ns.p50`. An item of a list goes by the value of its first key,
 * `{ lru_hit: [{ blocks: 1000, hit: 0.5 }] }` is `lru_hit.1000.hit`, or by its place where no key tells all of them apart.
 */
export const measures = (summary: JsonObject): readonly Measure[] => under("", summary);

/** Measures as a table: bare numbers in CSV; for people with the unit that the name says. */
export const measureTable = (summary: JsonObject): Table =>
  table({
    columns: [
      { name: "measure", title: "Measure" },
      {
        name: "value",
        title: "Value",
        align: "right",
        show: (value, row) => showMeasure(String(row["measure"]), value),
      },
    ],
    rows: measures(summary),
    empty: "Nothing was measured.",
  });
