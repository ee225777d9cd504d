import fc from "fast-check";
import { TRACE_FORMATS, type TraceFormat } from "#trace";
import { differs, finding, oneOfValues, property, values } from "#verify";
import { type PlainRow, plainRow } from "./plain-row.ts";
import { plainLines, plainOptions } from "./plain-rows.ts";
import { breakingRead, type ReadCall, type ReadReply, reader } from "./read-text.ts";

type Case = {
  readonly format: TraceFormat;
  readonly rows: readonly PlainRow[];
  /** How far columns and fields are moved round. */
  readonly turned: number;
  /** A column or field that no format has. */
  readonly hasMore: boolean;
  /** Blank lines above the first. */
  readonly blank: number;
};

const rotated = <Item>(items: readonly Item[], by: number): readonly Item[] => {
  const at = items.length === 0 ? 0 : by % items.length;
  return [...items.slice(at), ...items.slice(0, at)];
};

/** The first row is sound: a text of bad times alone does not tell whether they have zones. */
const rowsOf = ({ rows }: Case): readonly PlainRow[] =>
  rows.map((row, at) => (at === 0 ? { ...row, fault: "" } : row));

/** A line with its fields in another order and one more. */
const turnedLine = (line: string, given: Case, isHeader: boolean): string => {
  if (line === "") return line;
  if (line.startsWith("{")) {
    const fields = Object.entries(JSON.parse(line));
    const more = given.hasMore ? [...fields, ["model_ms", 1]] : fields;
    return JSON.stringify(Object.fromEntries(rotated(more, given.turned) as [string, unknown][]));
  }
  const cells = line.split(",");
  const more = isHeader ? "Cell" : "1";
  return rotated(given.hasMore ? [...cells, more] : cells, given.turned).join(",");
};

const textOf = (given: Case): string => {
  const lines = plainLines(given.format, rowsOf(given)).map(({ bytes }, at) =>
    turnedLine(bytes, given, at === 0),
  );
  return `${"\n".repeat(given.blank)}${lines.map((line) => `${line}\n`).join("")}`;
};

const calls = (given: Case): readonly ReadCall[] => {
  const { format, ...options } = plainOptions(given.format);
  const call = { bytes: textOf(given), cuts: [] };
  return [
    { ...call, options: { ...options, format: "auto", skipBadRows: true } },
    { ...call, options: { ...options, format, skipBadRows: true } },
  ];
};

/** A reader that takes a text for what `tell` says, and tells the rest as the reference does. */
const telling = (tell: (lines: readonly string[]) => TraceFormat | undefined) =>
  breakingRead((reply, call, read) => {
    const told = call.options.format === "auto" ? tell(call.bytes.split("\n")) : undefined;
    return told === undefined ? reply : read({ ...call, options: { format: told } });
  });

const refusing = (reply: ReadReply): ReadReply => ({
  ...reply,
  requests: [],
  source: null,
  faults: ["none of the formats"],
});

const AZURE = ["azure-2023", "azure-2024", "azure-2025"];

export default property<Case, ReadCall, ReadReply>({
  id: "TRC-13",
  part: "trace",
  statement:
    "a text in the layout of a format is told by its marks alone, whatever the order of its columns or fields and whatever it has beside them, and is then read as if the format had been named",
  given: values(
    fc.record({
      format: oneOfValues<TraceFormat>(...TRACE_FORMATS),
      rows: fc.array(plainRow("", "", "time"), { minLength: 1, maxLength: 5 }),
      turned: fc.nat({ max: 9 }),
      hasMore: fc.boolean(),
      blank: fc.nat({ max: 2 }),
    }),
  ),
  subject: reader,
  scripts: (given) => [calls(given)],

  holds({ format }, [replies = []]) {
    const [told, named] = replies;
    if (told?.source?.format !== format) {
      return finding(0, format, told?.source?.format ?? (told?.faults as string[]), "the format");
    }
    const difference = differs(named, told);
    return difference && { at: 1, ...difference };
  },

  witnesses: {
    ...Object.fromEntries(
      TRACE_FORMATS.map((format) => [
        `a file of ${format}`,
        (given: Case) => given.format === format,
      ]),
    ),
    "a first column or field that is no mark": (given) =>
      given.turned > 0 && /^\n*(\{"note|Note|Cell)/.test(textOf(given)),
    "a faulty time": (given) => rowsOf(given).some(({ fault }) => fault === "time"),
    "a line above the first that is blank": ({ blank }) => blank > 0,
  },

  mutants: {
    "asks for the column or field that usually is the first": breakingRead((reply, call) => {
      const isUsual = /^\n*(TIMESTAMP|Timestamp|\{"(schema|timestamp|delay|chat_id))/.test(
        call.bytes,
      );
      return isUsual || call.options.format !== "auto" ? reply : refusing(reply);
    }),
    "takes a zone for a part of every time": telling((lines) =>
      lines.some((line) => /^TIMESTAMP|,TIMESTAMP/.test(line) && !line.includes("NumImages"))
        ? "azure-2024"
        : undefined,
    ),
    "looks at the first line alone, blank or not": breakingRead((reply, call) =>
      call.bytes.startsWith("\n") && call.options.format === "auto" ? refusing(reply) : reply,
    ),
    "takes hash_ids for Mooncake's whatever else there is": telling((lines) =>
      lines.some((line) => line.includes('"hash_ids"') && line.includes('"chat_id"'))
        ? "mooncake"
        : undefined,
    ),
    "does not tell the years apart": breakingRead((reply) =>
      reply.source !== null && AZURE.includes(reply.source.format)
        ? { ...reply, source: { ...reply.source, format: "azure-2023" } }
        : reply,
    ),
  },
});
