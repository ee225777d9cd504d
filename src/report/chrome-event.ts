/** One event of a Chrome trace as text, as the Trace Event Format has it. */
import type { Json } from "#base";

/** What every event has. */
type Where = {
  /** `X` a slice, `b` and `e` the ends of an asynchronous one, `s` and `f` those of an arrow, `C` a counter, `M` a name. */
  readonly ph: "X" | "b" | "e" | "s" | "f" | "C" | "M";
  readonly pid: number;
  readonly tid: number;
  readonly atNs: number;
};

/** Microseconds with the nanoseconds as decimals, as text: no division loses any. */
const micros = (spanNs: number): string =>
  `${Math.floor(spanNs / 1000)}.${String(spanNs % 1000).padStart(3, "0")}`;

/** An event on one line. `rest` comes last; it must have a member. */
export const eventText = (
  { ph, pid, tid, atNs }: Where,
  rest: { readonly name: string; readonly [key: string]: Json },
  lastsNs?: number,
): string => {
  const duration = lastsNs === undefined ? "" : `"dur":${micros(lastsNs)},`;
  const place = `"ph":"${ph}","pid":${pid},"tid":${tid},"ts":${micros(atNs)}`;
  return `{${place},${duration}${JSON.stringify(rest).slice(1)}`;
};
