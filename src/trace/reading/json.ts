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

/** Whether a value is an object, not null and not a list. */
export const isObject = (value: JsonValue | undefined): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * One JSON object from its text. Numbers are doubles, except whole ones beyond 2^53, which come as bigints and lose nothing.
 * Of a key that comes twice the last counts, as everywhere in JavaScript. Undefined when the text is not JSON, not an object, or nested deeper than the stack.
 */
export const parseObject = (text: string): JsonObject | undefined => {
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
