import { parse as parseLossless } from "lossless-json";
import { shown } from "#base";

/** A JSON value whose whole numbers beyond 2^53 are kept as bigints. */
export type JsonValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue };

/** A JSON object as `JsonValue` has it. */
export type JsonObject = { readonly [key: string]: JsonValue };

/** Only a number of this many digits can be one that a double does not hold exactly. */
const LONG_NUMBER = /\d{16}/;
const WHOLE = /^-?\d+$/;

const numberOf = (digits: string): number | bigint => {
  const number = Number(digits);
  return Number.isSafeInteger(number) || !WHOLE.test(digits) ? number : BigInt(digits);
};

/** Objects and lists may stand in one another so deep: deeper ones, which no format has, would fill the stack. */
export const LEVELS_MAX = 100;

const opensMoreThan = (text: string, most: number): boolean => {
  let count = 0;
  for (const bracket of "{[") {
    for (let at = text.indexOf(bracket); at !== -1; at = text.indexOf(bracket, at + 1)) {
      count += 1;
      if (count > most) return true;
    }
  }
  return false;
};

/** The place of the quote that closes the string whose opening quote is at `from`; the text's end when none does. */
const endOfString = (text: string, from: number): number => {
  let at = from + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === "\\" ? 2 : 1;
  return at;
};

/** Whether a text's objects and lists are nested deeper than `LEVELS_MAX`. Few texts have so many brackets that they need counting. */
export const isTooDeep = (text: string): boolean => {
  if (!opensMoreThan(text, LEVELS_MAX)) return false;
  let level = 0;
  for (let at = 0; at < text.length && level <= LEVELS_MAX; at += 1) {
    const character = text[at];
    if (character === '"') at = endOfString(text, at);
    else if (character === "{" || character === "[") level += 1;
    else if (character === "}" || character === "]") level -= 1;
  }
  return level > LEVELS_MAX;
};

/** Whether a value is an object, not null and not a list. */
export const isObject = (value: JsonValue | undefined): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * One JSON object from its text. Numbers are doubles, except whole ones beyond 2^53, which come as bigints and lose nothing.
 * Of a key that comes twice the last counts, as everywhere in JavaScript. Undefined when the text is not JSON, not an object, or too
 * deep. None of this depends on which numbers are in it.
 */
export const parseObject = (text: string): JsonObject | undefined => {
  if (isTooDeep(text)) return undefined;
  try {
    const value = (
      LONG_NUMBER.test(text)
        ? parseLossless(text, null, {
            parseNumber: numberOf,
            onDuplicateKey: ({ newValue }) => newValue,
          })
        : JSON.parse(text)
    ) as JsonValue;
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
};

/**
 * One text for one value, as `canonicalJson` of the base gives it, with bigints as their digits. Throws a `TypeError` on a number
 * that JSON cannot hold, which `1e400` becomes.
 */
export const canonicalText = (value: JsonValue): string => {
  if (typeof value === "bigint") return value.toString();
  if (typeof value === "number" && !Number.isFinite(value))
    throw new TypeError("JSON cannot hold it");
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonicalText).join(",")}]`;
  const keys = Object.keys(value).toSorted();
  const object = value as JsonObject;
  return `{${keys.map((key) => `${JSON.stringify(key)}:${canonicalText(object[key] ?? null)}`).join(",")}}`;
};

/** What was found, as a message shows it. */
export const found = (value: JsonValue | undefined): string => {
  if (typeof value === "bigint") return value.toString();
  if (typeof value === "number" && !Number.isFinite(value)) return "a number that no double holds";
  if (value === undefined) return shown(value);
  try {
    const text = canonicalText(value);
    return text.length > 60 ? `${text.slice(0, 59)}…` : text;
  } catch {
    return Array.isArray(value) ? "a list" : "an object";
  }
};
