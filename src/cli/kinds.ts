/** What an option takes: how it is called in the help, what a value must be, and how it is read. */
export type Kind<Value> = {
  /** `FILE`, `N`: the word that stands for the value. */
  readonly placeholder: string;
  /** Completes "--flag must …". */
  readonly must: string;
  /** Nothing when the text is not of this kind. */
  read(text: string): Value | undefined;
};

/** Any text but the empty one. */
export const text = (placeholder: string): Kind<string> => ({
  placeholder,
  must: "not be empty",
  read: (found) => (found === "" ? undefined : found),
});

/** A whole number in decimal digits, `1_000` and `1000` alike. Both bounds belong to it. */
export const wholeNumber = (
  placeholder: string,
  least = 0,
  most = Number.MAX_SAFE_INTEGER,
): Kind<number> => ({
  placeholder,
  must:
    most === Number.MAX_SAFE_INTEGER
      ? `be a whole number of ${least} or more`
      : `be a whole number of ${least} … ${most}`,
  read(found) {
    if (!/^-?\d+(_\d{3})*$/.test(found)) return undefined;
    const number = Number(found.replaceAll("_", ""));
    return Number.isSafeInteger(number) && number >= least && number <= most ? number : undefined;
  },
});

/** One word of several. */
export const oneOf = <const Word extends string>(
  placeholder: string,
  words: readonly Word[],
): Kind<Word> => ({
  placeholder,
  must: `be ${words.length === 1 ? "" : "one of "}${words.join(", ")}`,
  read: (found) => words.find((word) => word === found),
});

const UNIT_NS: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  µs: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  min: 60e9,
  h: 3600e9,
  d: 86_400e9,
};

const PART = /(\d+(?:\.\d+)?)(ns|us|µs|ms|s|min|m|h|d)/g;

/** In nanoseconds; whole, but beyond 2^53 not exact. */
const spanOf = (found: string): number | undefined => {
  if (found === "0") return 0;
  if (found === "" || found.replace(PART, "") !== "") return undefined;
  let sumNs = 0;
  for (const [, amount, unit] of found.matchAll(PART)) {
    sumNs += Math.round(Number(amount) * (UNIT_NS[unit ?? ""] ?? 0));
  }
  return Number.isFinite(sumNs) ? sumNs : undefined;
};

/** A span of time such as `250ms`, `1.5h` or `1h30m`, in whole nanoseconds; a bare 0 needs no unit. */
export const span = (placeholder: string): Kind<number> => ({
  placeholder,
  must: "be a span such as 250ms, 90s or 1h30m",
  read: (found) => {
    const ns = spanOf(found);
    return ns !== undefined && Number.isSafeInteger(ns) ? ns : undefined;
  },
});

/** A number above 0 in decimal digits, `2` and `0.5` alike. */
export const positive = (placeholder: string): Kind<number> => ({
  placeholder,
  must: "be a number above 0",
  read: (found) => (/^\d+(\.\d+)?$/.test(found) && Number(found) > 0 ? Number(found) : undefined),
});

/**
 * A stretch of time in nanoseconds from the first arrival: from its start, which belongs to it, up to its end, which does not. A bound
 * may lie beyond 104 days, because windows are how longer traces are read.
 */
export type Window = { readonly fromNs: number; readonly toNs: number | undefined };

/** `START:END`, each a span such as `250ms`, `1.5h` or `1h30m`; a bare 0 needs no unit, and a bound that is left out is open. */
export const window = (placeholder: string): Kind<Window> => ({
  placeholder,
  must: "be START:END, each a span such as 90s or 1h30m or left out, the start before the end",
  read(found) {
    const [start = "", end = "", ...more] = found.split(":");
    if (!found.includes(":") || more.length > 0) return undefined;
    const fromNs = start === "" ? 0 : spanOf(start);
    const toNs = end === "" ? undefined : spanOf(end);
    const isSpan = fromNs !== undefined && (end === "" || toNs !== undefined);
    return isSpan && fromNs < (toNs ?? Number.POSITIVE_INFINITY) ? { fromNs, toNs } : undefined;
  },
});
