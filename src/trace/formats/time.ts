import type { Instant } from "./row.ts";

const ZERO = 48;
const NINE = 57;
const BILLION = 1_000_000_000;

/** The largest number of units that a double holds exactly. */
const EXACT_MAX = Number.MAX_SAFE_INTEGER;

/** Days from 1970-01-01 to a date of the Gregorian calendar, by the algorithm of Howard Hinnant's `days_from_civil`. */
const daysFromCivil = (year: number, month: number, day: number): number => {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra =
    yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
};

const MONTH_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

const daysInMonth = (year: number, month: number): number => {
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  return month === 2 && isLeap ? 29 : (MONTH_DAYS[month - 1] ?? 0);
};

/** The number that `length` digits from `from` make; negative when one of them is no digit. */
const digits = (text: string, from: number, length: number): number => {
  let value = 0;
  for (let at = from; at < from + length; at += 1) {
    const code = text.charCodeAt(at);
    if (!(code >= ZERO && code <= NINE)) return Number.NEGATIVE_INFINITY;
    value = value * 10 + code - ZERO;
  }
  return value;
};

/** Seconds from 1970 to `YYYY-MM-DD HH:MM:SS`, a space or a `T` between; NaN when it is no such time. */
const secondsOfDateTime = (text: string): number => {
  if (text[4] !== "-" || text[7] !== "-" || text[13] !== ":" || text[16] !== ":") return Number.NaN;
  if (text[10] !== " " && text[10] !== "T") return Number.NaN;
  const [year, month, day] = [digits(text, 0, 4), digits(text, 5, 2), digits(text, 8, 2)];
  const [hour, minute, second] = [digits(text, 11, 2), digits(text, 14, 2), digits(text, 17, 2)];
  if (!(year >= 1 && day >= 1 && day <= daysInMonth(year, month))) return Number.NaN;
  if (!(hour >= 0 && hour < 24 && minute >= 0 && minute < 60)) return Number.NaN;
  if (!(second >= 0 && second < 60)) return Number.NaN;
  return daysFromCivil(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second;
};

/** Seconds that a zone is ahead of UTC: `Z`, `+00:00`, `-0730`, `+02`; NaN when it is none. */
const secondsOfZone = (text: string): number => {
  if (text === "Z") return 0;
  const match = /^([+-])(\d\d)(?::?(\d\d))?$/.exec(text);
  if (match === null) return Number.NaN;
  const ahead = Number(match[2]) * 3600 + Number(match[3] ?? 0) * 60;
  return match[1] === "-" ? -ahead : ahead;
};

/** How many characters after the dot at `at` are digits. */
const fractionLength = (text: string, at: number): number => {
  let end = at + 1;
  while (text.charCodeAt(end) >= ZERO && text.charCodeAt(end) <= NINE) end += 1;
  return end - at - 1;
};

/**
 * `2023-11-16 18:17:03.9799600` or `2024-05-12T00:00:00.001+00:00`, to the nanosecond: a space or a `T`, up to nine digits after
 * the second or none, and a zone or none. `zone` says which: a file's times either all name their zone or none does.
 * Null when the text is no such time.
 */
export const instantOfTimestamp = (text: string, zone: "named" | "none"): Instant | null => {
  const seconds = secondsOfDateTime(text);
  let end = 19;
  let nanos = 0;
  if (text[19] === ".") {
    const length = fractionLength(text, 19);
    if (length < 1 || length > 9) return null;
    end = 20 + length;
    nanos = digits(text, 20, length) * 10 ** (9 - length);
  }
  if (zone === "none")
    return end === text.length && !Number.isNaN(seconds) ? { seconds, nanos } : null;
  const ahead = secondsOfZone(text.slice(end));
  return Number.isNaN(seconds - ahead) ? null : { seconds: seconds - ahead, nanos };
};

const instantOf = (seconds: number, nanos: number): Instant => {
  if (nanos >= BILLION) return { seconds: seconds + 1, nanos: nanos - BILLION };
  return nanos < 0
    ? { seconds: seconds - 1, nanos: nanos + BILLION }
    : { seconds, nanos: nanos + 0 };
};

/** From a count of seconds, to the nearest nanosecond. Null unless it is a number in 0 … 2^53 − 1. */
export const instantOfSeconds = (value: unknown): Instant | null => {
  if (typeof value !== "number" || !(value >= 0 && value <= EXACT_MAX)) return null;
  const seconds = Math.floor(value);
  // The difference is exact: a double's fraction has the same step.
  return instantOf(seconds, Math.round((value - seconds) * BILLION));
};

/** From a count of milliseconds, to the nearest nanosecond. Null unless it is a number in 0 … 2^53 − 1. */
export const instantOfMilliseconds = (value: unknown): Instant | null => {
  if (typeof value !== "number" || !(value >= 0 && value <= EXACT_MAX)) return null;
  const seconds = Math.floor(value / 1000);
  return instantOf(seconds, Math.round((value - seconds * 1000) * 1e6));
};

/** From whole nanoseconds in 0 … 2^53 − 1; null otherwise. */
export const instantOfNanoseconds = (value: unknown): Instant | null => {
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 0) return null;
  const seconds = Math.floor(value / BILLION);
  return { seconds, nanos: value - seconds * BILLION };
};

const DECIMAL = /^(\d{1,15})(?:\.(\d{1,9})(\d?)\d*)?$/;

/**
 * From seconds written out, to the nearest nanosecond, from the digits themselves: `5`, `61.114`. A number with an exponent
 * is read as a double. Null when the text is no number, negative, or larger than a double holds exactly.
 */
export const instantOfDecimal = (text: string): Instant | null => {
  const match = DECIMAL.exec(text);
  if (match === null) {
    return /^\d+(\.\d+)?[eE][+-]?\d+$/.test(text) ? instantOfSeconds(Number(text)) : null;
  }
  const up = (match[3] ?? "") >= "5" ? 1 : 0;
  return instantOf(Number(match[1]), Number((match[2] ?? "").padEnd(9, "0")) + up);
};
