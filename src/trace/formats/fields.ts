import type { BlockId } from "../blocks/id-list.ts";
import type { Faults } from "../reading/faults.ts";
import { canonicalText, found, type JsonObject, type JsonValue } from "../reading/json.ts";
import type { Instant } from "./row.ts";

/** Counts are kept in 32 bits. */
const COUNT_MAX = 2 ** 32 - 1;
const ID_MAX = 2n ** 64n - 1n;

/** The first of `names` that the row has, and what it has there; the first name when it has none of them. */
export const pick = (
  row: JsonObject,
  names: readonly string[],
): readonly [string, JsonValue | undefined] => {
  for (const name of names) {
    if (Object.hasOwn(row, name)) return [name, row[name]];
  }
  return [names[0] ?? "", undefined];
};

const missing = (name: string, faults: Faults): void =>
  faults.row("TRACE-4", `${name} must be given, found nothing`);

/** A count of tokens. Names the fault and gives 0 when it is none. */
export const countOf = (name: string, value: JsonValue | undefined, faults: Faults): number => {
  if (typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= COUNT_MAX) {
    return value + 0;
  }
  if (value === undefined) missing(name, faults);
  else if (
    (typeof value === "number" && Number.isInteger(value) && value > 0) ||
    (typeof value === "bigint" && value > 0n)
  ) {
    faults.row("TRACE-1", `${name} must be below 2^32, found ${found(value)}`);
  } else
    faults.row("TRACE-1", `${name} must be a whole number of 0 or more, found ${found(value)}`);
  return 0;
};

/** A count of tokens from a text of digits. Names the fault and gives 0 when it is none. */
export const countOfText = (name: string, text: string, faults: Faults): number => {
  let value = 0;
  for (let at = 0; at < text.length; at += 1) {
    const digit = text.charCodeAt(at) - 48;
    value = digit >= 0 && digit <= 9 ? value * 10 + digit : Number.NaN;
  }
  if (text.length > 0 && value <= COUNT_MAX) return value;
  const must = value > COUNT_MAX ? "below 2^32" : "a whole number of 0 or more";
  faults.row("TRACE-1", `${name} must be ${must}, found ${found(text)}`);
  return 0;
};

/** A time by one of the readings of `time.ts`; `must` says in words what it has to be. Names the fault and gives null. */
export const timeOf = (
  name: string,
  value: JsonValue | undefined,
  read: (value: unknown) => Instant | null,
  must: string,
  faults: Faults,
): Instant | null => {
  const instant = read(value);
  if (instant !== null) return instant;
  if (value === undefined) missing(name, faults);
  else faults.row("TRACE-2", `${name} must be ${must}, found ${found(value)}`);
  return null;
};

/** A span in whole nanoseconds from one of the readings of `time.ts`; −1 for nothing, and −1 with a fault for a wrong one. */
export const delayOf = (
  name: string,
  value: JsonValue | undefined,
  read: (value: unknown) => Instant | null,
  must: string,
  faults: Faults,
): number => {
  if (value === undefined || value === null) return -1;
  const instant = timeOf(name, value, read, must, faults);
  if (instant === null) return -1;
  const spanNs = instant.seconds * 1e9 + instant.nanos;
  if (Number.isSafeInteger(spanNs)) return spanNs;
  faults.row("TRACE-2", `${name} must be a span below 104 days, found ${found(value)}`);
  return -1;
};

const idOfText = (text: string): BlockId | null => {
  if (!/^\d{1,20}$/.test(text)) return null;
  const id = BigInt(text);
  if (id > ID_MAX) return null;
  return id <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(id) : id;
};

/** A block's id: a whole number of 0 … 2^64 − 1, or one as decimal text; null when it is none. */
const idOf = (value: JsonValue): BlockId | null => {
  if (typeof value === "number") return Number.isSafeInteger(value) && value >= 0 ? value : null;
  if (typeof value === "bigint") return value >= 0n && value <= ID_MAX ? value : null;
  return typeof value === "string" ? idOfText(value) : null;
};

const isPlainId = (item: JsonValue): boolean =>
  typeof item === "number" && Number.isSafeInteger(item) && item >= 0;

/** A list of block ids. Names the first that is none, and gives what came before. */
export const idsOf = (
  name: string,
  value: JsonValue | undefined,
  faults: Faults,
): readonly BlockId[] => {
  // Nearly every list is of plain numbers, and is then the list itself.
  if (Array.isArray(value) && value.every(isPlainId)) return value as readonly BlockId[];
  const ids: BlockId[] = [];
  if (value === undefined) missing(name, faults);
  else if (!Array.isArray(value))
    faults.row("TRACE-9", `${name} must be a list of block ids, found ${found(value)}`);
  else {
    for (const item of value as readonly JsonValue[]) {
      const id = idOf(item);
      if (id === null) {
        const place = `item ${ids.length + 1} of ${name}`;
        faults.row(
          "TRACE-9",
          `${place} must be a whole number of 0 … 2^64 − 1, found ${found(item)}`,
        );
        break;
      }
      ids.push(id);
    }
  }
  return ids;
};

/** Half of a pair that stands for one character. JSON can escape it alone; UTF-8 cannot hold it, nor can a database. */
const LONE_SURROGATE = /\p{Surrogate}/u;

/** Whether UTF-8 can hold a text, so that it comes back from a database or a file as it was. */
export const isKeepable = (text: string): boolean => !LONE_SURROGATE.test(text);

/** A name: text that is not empty, or a whole number, which becomes its digits. Null for nothing, and with a fault for the rest. */
export const nameOf = (
  name: string,
  value: JsonValue | undefined,
  faults: Faults,
): string | null => {
  if (value === undefined || value === null) return null;
  if (typeof value === "string" && value !== "") {
    if (isKeepable(value)) return value;
    faults.row("TRACE-8", `${name} must be text that UTF-8 can hold, found ${found(value)}`);
    return null;
  }
  if (typeof value === "bigint" || Number.isSafeInteger(value)) return String(value);
  faults.row("TRACE-21", `${name} must be text or a whole number, found ${found(value)}`);
  return null;
};

/** A whole number, negative ones too; `otherwise` for nothing, and with a fault for the rest. */
export const wholeOf = (
  name: string,
  value: JsonValue | undefined,
  otherwise: number,
  faults: Faults,
): number => {
  if (value === undefined || value === null) return otherwise;
  if (typeof value === "number" && Number.isSafeInteger(value)) return value + 0;
  faults.row("TRACE-21", `${name} must be a whole number, found ${found(value)}`);
  return otherwise;
};

/** Whatever the row has beyond the fields that were used, as canonical JSON; "" when that is nothing. */
export const extraOf = (row: JsonObject, used: readonly string[], faults: Faults): string => {
  const rest = Object.keys(row).filter((key) => !used.includes(key));
  return rest.length === 0
    ? ""
    : extraText(Object.fromEntries(rest.map((key) => [key, row[key] ?? null])), faults);
};

/** An object as canonical JSON. Names the fault when it holds a number that JSON cannot. */
export const extraText = (extra: JsonObject, faults: Faults): string => {
  try {
    return canonicalText(extra);
  } catch {
    faults.row("TRACE-5", "a line must hold numbers that a double holds, found others");
    return "";
  }
};
