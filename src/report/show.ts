/** How numbers are written for people: the same on every machine, whatever its language. */

/** Three digits a group. */
const grouped = (digits: string): string => digits.replace(/\B(?=(\d{3})+$)/g, ",");

/** A number with a fixed count of decimals and grouped thousands: `decimals(12035.0599, 2)` is `12,035.06`. */
export const decimals = (value: number, places: number): string => {
  if (!Number.isFinite(value)) return String(value);
  const [whole = "", fraction] = Math.abs(value).toFixed(places).split(".");
  const digits = fraction === undefined ? grouped(whole) : `${grouped(whole)}.${fraction}`;
  return value < 0 && /[1-9]/.test(digits) ? `-${digits}` : digits;
};

/** A count: `12,031`. A fraction that should not be there is shown, with two decimals, rather than rounded away. */
export const showCount = (count: number): string =>
  decimals(count, Number.isInteger(count) ? 0 : 2);

/** A count of things: `1 block`, `2 blocks`, and whatever several are called that take no `s`. */
export const showNumber = (count: number, one: string, several = `${one}s`): string =>
  `${showCount(count)} ${count === 1 ? one : several}`;

/** A share or another ratio, with three decimals: `0.366`. */
export const showRatio = (ratio: number): string => decimals(ratio, 3);

type Unit = { readonly name: string; readonly size: number };

/** One decimal below 100 and none above, but none of what cannot be divided. */
const withUnit = (value: number, units: readonly [Unit, ...Unit[]]): string => {
  const size = Math.abs(value);
  // 999.96 µs is 1.0 ms, not 1,000 µs: a unit is too small from the half below its last number on.
  const fits = (unit: Unit, next: Unit): boolean => size < next.size - unit.size / 2;
  const at = units.findIndex((unit, index) => {
    const next = units[index + 1];
    return next === undefined || fits(unit, next);
  });
  const unit = units[at] ?? units[0];
  const amount = value / unit.size;
  const whole = at === 0 && Number.isInteger(value);
  return `${decimals(amount, whole || Math.abs(amount) >= 99.95 ? 0 : 1)} ${unit.name}`;
};

/** A span, from nanoseconds: `850 ns`, `1.2 ms`, `3.4 s`, `59.0 min`, `121 d`. */
export const showDuration = (spanNs: number): string =>
  withUnit(spanNs, [
    { name: "ns", size: 1 },
    { name: "µs", size: 1e3 },
    { name: "ms", size: 1e6 },
    { name: "s", size: 1e9 },
    { name: "min", size: 60e9 },
    { name: "h", size: 3600e9 },
    { name: "d", size: 86_400e9 },
  ]);

/** A size, from bytes, in decimal units as vendors print them: `512 B`, `1.3 TB`. */
export const showSize = (sizeBytes: number): string =>
  withUnit(sizeBytes, [
    { name: "B", size: 1 },
    { name: "kB", size: 1e3 },
    { name: "MB", size: 1e6 },
    { name: "GB", size: 1e9 },
    { name: "TB", size: 1e12 },
    { name: "PB", size: 1e15 },
  ]);

/**
 * A measure by its name: `…_ns` is a span and `bytes` a size, also when they stand further up (`ttft_ns.p99`), but for their `count`. Any
 * other whole number is a count, and any other number a ratio below 10 and a mean from there on.
 */
export const showMeasure = (name: string, value: number): string => {
  const isCounted = /\.count$/.test(name);
  if (!isCounted && /_ns(\.|$)/.test(name)) return showDuration(value);
  if (!isCounted && /(^|[._])bytes([._]|$)/.test(name)) return showSize(value);
  if (Number.isInteger(value)) return showCount(value);
  return Math.abs(value) < 10 ? showRatio(value) : decimals(value, 2);
};

const BARS = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"] as const;

/** Shares of 1 as a row of bars, of eight heights; a space for none. */
export const showBars = (shares: readonly (number | null)[]): string =>
  shares
    .map((share) => (share === null ? " " : BARS[Math.min(7, Math.floor(Math.max(0, share) * 8))]))
    .join("")
    .trimEnd();
