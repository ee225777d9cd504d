import fc from "fast-check";
import { differs, oneOfValues, property, type Subject, values } from "#verify";
import { bytesOf, reader } from "./read-text.ts";

/** An instant and how it is written. */
type Case = {
  readonly layout: "azure-2023" | "azure-2024" | "burstgpt";
  /** Since 1970-01-01. */
  readonly day: number;
  readonly second: number;
  /** The digits after the second; none for none. */
  readonly fraction: string;
  /** How far the clock that it is written by is ahead of UTC, and how that is said. */
  readonly zoneMinutes: number;
  readonly zoneStyle: "+00:00" | "+0000" | "+00" | "Z";
  readonly separator: " " | "T";
};
/** Asks for the time between midnight of `fromDay`, UTC, and a time as it is written. */
type Call = {
  readonly layout: Case["layout"];
  readonly text: string;
  readonly fromDay: number;
};
/** Nanoseconds; null for a time that was refused. */
type Reply = number | null;

const DAY_S = 86_400;
/** From 1970-01-01 to 2100-12-31. */
const DAYS = 47_846;

const isZoned = ({ layout }: Pick<Case, "layout">): boolean => layout === "azure-2024";

/** Whole hours where the zone is written as such, and UTC where it is written as Z. */
const zoneOf = ({ layout, zoneStyle, zoneMinutes }: Case): number => {
  if (layout !== "azure-2024" || zoneStyle === "Z") return 0;
  return zoneStyle === "+00" ? Math.trunc(zoneMinutes / 60) * 60 : zoneMinutes;
};

const zoneText = (given: Case): string => {
  if (!isZoned(given)) return "";
  if (given.zoneStyle === "Z") return "Z";
  const minutes = Math.abs(zoneOf(given));
  const [hour, minute] = [Math.floor(minutes / 60), minutes % 60].map((part) =>
    String(part).padStart(2, "0"),
  );
  const sign = zoneOf(given) < 0 ? "-" : "+";
  if (given.zoneStyle === "+00") return `${sign}${hour}`;
  return `${sign}${hour}${given.zoneStyle === "+0000" ? "" : ":"}${minute}`;
};

const textOf = (given: Case): string => {
  const fraction = given.fraction === "" ? "" : `.${given.fraction}`;
  const seconds = given.day * DAY_S + given.second;
  if (given.layout === "burstgpt") return `${seconds}${fraction}`;
  const local = new Date((seconds + zoneOf(given) * 60) * 1000).toISOString();
  const [date, time] = [local.slice(0, 10), local.slice(11, 19)];
  return `${date}${given.separator}${time}${fraction}${zoneText(given)}`;
};

/** As far before the instant as is no more than two days, so that the answer is exact. */
const callOf = (given: Case): Call => ({
  layout: given.layout,
  text: textOf(given),
  fromDay: Math.max(0, given.day - 1),
});

/** The answer, reckoned in whole nanoseconds from the digits. */
const expected = (given: Case): number => {
  const seconds = BigInt(given.day - callOf(given).fromDay) * BigInt(DAY_S) + BigInt(given.second);
  return Number(seconds * 10n ** 9n + BigInt(given.fraction.padEnd(9, "0")));
};

const LAYOUTS: { readonly [layout in Case["layout"]]: (text: string) => string } = {
  "azure-2023": (text) =>
    `TIMESTAMP,ContextTokens,GeneratedTokens\n1970-01-01 00:00:00,1,1\n${text},1,1\n`,
  "azure-2024": (text) =>
    `TIMESTAMP,ContextTokens,GeneratedTokens\n1970-01-01 00:00:00Z,1,1\n${text},1,1\n`,
  burstgpt: (text) =>
    `Timestamp,Model,Request tokens,Response tokens,Total tokens,Log Type\n0,m,1,1,2,\n${text},m,1,1,2,\n`,
};

/** The reference: a file that begins in 1970, read from a later day. A day's nanoseconds are exact in a double for 130 years. */
const clock: Subject<Call, Reply> =
  () =>
  ({ layout, text, fromDay }) => {
    const { requests } = reader()({
      bytes: bytesOf(LAYOUTS[layout](text)),
      cuts: [],
      options: { format: layout, fromNs: fromDay * DAY_S * 1e9 },
    });
    return requests.at(-1)?.arrivalNs ?? null;
  };

const rewriting =
  (change: (text: string) => string): Subject<Call, Reply> =>
  () =>
  (call) =>
    clock()({ ...call, text: change(call.text) });

const shifting =
  (shift: (answer: number, call: Call) => number): Subject<Call, Reply> =>
  () =>
  (call) => {
    const answer = clock()(call);
    return answer === null ? null : shift(answer, call);
  };

/** A day on which a calendar goes wrong if it ever does: 29 February, the days beside it, and the ends of years. */
const EDGES = [0, 58, 59, 60, 364, 365, 789, 790, 10_956, 11_015, 11_016, 11_017, 19_782, 47_540];

export default property<Case, Call, Reply>({
  id: "TRC-12",
  part: "trace",
  statement:
    "a written time is read to its last digit: for any date of 1970 to 2100, any zone and any fraction, differences are exact to the nanosecond",
  given: values(
    fc.record({
      layout: oneOfValues("azure-2023", "azure-2024", "burstgpt"),
      day: fc.oneof(fc.nat({ max: DAYS }), oneOfValues(0, ...EDGES, 47_541, DAYS)),
      second: fc.oneof(fc.nat({ max: DAY_S - 1 }), oneOfValues(0, DAY_S - 1)),
      fraction: fc.oneof(
        fc.array(fc.nat({ max: 9 }), { maxLength: 7 }).map(
          (digits) => digits.join(""),
          (text) => {
            if (typeof text !== "string" || !/^\d*$/.test(text)) throw new RangeError("no digits");
            return [...text].map(Number);
          },
        ),
        oneOfValues("", "0000001", "9999999", "1", "999999999", "000000001"),
      ),
      zoneMinutes: fc.oneof(fc.integer({ min: -840, max: 840 }), oneOfValues(0, 330, -210)),
      zoneStyle: oneOfValues("+00:00", "+0000", "+00", "Z"),
      separator: oneOfValues(" ", "T"),
    }),
  ),
  subject: clock,
  scripts: (given) => [[callOf(given)]],

  holds(given, [replies]) {
    const difference = differs(expected(given), replies?.[0]);
    return difference && { at: 0, ...difference, about: textOf(given) };
  },

  witnesses: {
    "29 February": (given) => textOf(given).includes("-02-29"),
    "after February 2100, which has no 29th": ({ day }) => day >= 47_541,
    "a zone that lies in another day": (given) =>
      zoneOf(given) !== 0 &&
      new Date((given.day * DAY_S + given.second) * 1000).getUTCDate() !==
        Number(textOf(given).slice(8, 10)),
    "a zone of hours and minutes": (given) => zoneOf(given) % 60 !== 0,
    "a tenth of a microsecond": ({ fraction }) => fraction.length >= 7 && !fraction.endsWith("0"),
    "no fraction": ({ fraction }) => fraction === "",
  },

  mutants: {
    "keeps milliseconds only": shifting((answer) => answer - (answer % 1e6)),
    "reckons in seconds as a double": shifting((answer, { fromDay }) =>
      Math.round((fromDay * DAY_S + answer / 1e9 - fromDay * DAY_S) * 1e9),
    ),
    "forgets the zone": rewriting((text) => text.replace(/(?<=:\d\d(\.\d+)?)[+-][\d:]+$/, "Z")),
    "adds what the zone is ahead": rewriting((text) =>
      text.replace(/([+-])(?=\d\d(:?\d\d)?$)/, (sign) => (sign === "+" ? "-" : "+")),
    ),
    "reads a fraction as a count of nanoseconds": rewriting((text) =>
      text.replace(/\.(\d+)/, (_, digits: string) => `.${digits.padStart(9, "0")}`),
    ),
    "takes 2100 for a leap year": shifting((answer, { layout, fromDay }) =>
      layout !== "burstgpt" && fromDay >= 47_541 ? answer + DAY_S * 1e9 : answer,
    ),
    "takes a T for no time": rewriting((text) => (text.includes("T") ? "" : text)),
  },
});
