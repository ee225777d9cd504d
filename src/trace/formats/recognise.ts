import { type Refused, refused } from "#base";
import { isObject, type JsonObject, parseObject } from "../reading/json.ts";
import { TRACE_FORMATS, type TraceFormat } from "../request.ts";
import { headerOf } from "./csv.ts";
import { DYNAMO_SCHEMA, unwrapped } from "./dynamo-request.ts";
import { RACKPROOF_SCHEMA } from "./rackproof.ts";
import { FORMAT_RULES } from "./rules.ts";

/** A format, and the sentence that says why a file was taken for it. */
export type Recognised = { readonly format: TraceFormat; readonly because: string };

/** A zone at the end of a time. */
const ZONE = /(Z|[+-]\d\d(:?\d\d)?)"?$/;

const AZURE = ["TIMESTAMP", "ContextTokens", "GeneratedTokens"];
const BURST_GPT = ["Timestamp", "Model", "Request tokens", "Response tokens"];

const listed = (names: readonly string[]): string => {
  const shownNames = names
    .slice(0, 12)
    .map((name) => (name.length > 40 ? `${name.slice(0, 39)}…` : name));
  return `${shownNames.join(", ")}${names.length > 12 ? " and more" : ""}`;
};

const azureYear = (header: readonly string[], rows: readonly string[]): Recognised => {
  if (header.includes("NumImages")) {
    return {
      format: "azure-2025",
      because: "the header has TIMESTAMP, NumImages, ContextTokens and GeneratedTokens",
    };
  }
  const timeAt = header.indexOf("TIMESTAMP");
  const isZoned = rows.some((row) => ZONE.test(headerOf(row)?.[timeAt] ?? ""));
  return {
    format: isZoned ? "azure-2024" : "azure-2023",
    because: `the header has TIMESTAMP, ContextTokens and GeneratedTokens, and the times have ${isZoned ? "a" : "no"} zone`,
  };
};

const byHeader = (lines: readonly string[]): Recognised | null => {
  const header = headerOf(lines[0] ?? "") ?? [];
  const has = (names: readonly string[]): boolean => names.every((name) => header.includes(name));
  if (has(AZURE)) return azureYear(header, lines.slice(1));
  if (!has(BURST_GPT)) return null;
  const more = header.includes("Session ID") ? ", and Session ID of the later header" : "";
  return { format: "burstgpt", because: `the header has ${listed(BURST_GPT)}${more}` };
};

const byFields = (row: JsonObject): Recognised | null => {
  const has = (...names: readonly string[]): boolean =>
    names.every((name) => Object.hasOwn(row, name));
  if (row["schema"] === RACKPROOF_SCHEMA) {
    return { format: "rackproof", because: `the first line has the schema ${RACKPROOF_SCHEMA}` };
  }
  if (unwrapped(row)["schema"] === DYNAMO_SCHEMA) {
    return { format: "dynamo-request", because: `the rows have the schema ${DYNAMO_SCHEMA}` };
  }
  if (has("chat_id", "parent_chat_id", "hash_ids")) {
    return {
      format: "qwen-bailian",
      because: "the rows have chat_id, parent_chat_id and hash_ids",
    };
  }
  const length = ["input_length", "input_tokens"].find((name) => has(name));
  if (!has("hash_ids") || length === undefined) return null;
  return { format: "mooncake", because: `the rows have hash_ids and ${length}, and no chat_id` };
};

const whatWasFound = (lines: readonly string[], rows: readonly JsonObject[]): string => {
  const [row] = rows;
  if (row !== undefined) {
    const inner = unwrapped(row);
    return isObject(inner) ? `rows with ${listed(Object.keys(inner))}` : "rows";
  }
  const header = headerOf(lines[0] ?? "");
  return header === undefined ? "no line of text" : `a first line with ${listed(header)}`;
};

/**
 * Tells a file's format by its first lines, which must be text and may be few. Refuses with what was found and what the formats'
 * marks are when it is none.
 */
export const recogniseFormat = (firstLines: readonly string[]): Recognised | Refused => {
  const lines = firstLines.filter((line) => line.trim() !== "");
  const rows = lines.map(parseObject).filter((row) => row !== undefined);
  const recognised = byHeader(lines) ?? rows.map(byFields).find((match) => match !== null);
  if (recognised !== null && recognised !== undefined) return recognised;
  const formats = TRACE_FORMATS.map((format) => `${format} (${FORMAT_RULES[format].marks})`);
  return refused(`a file must be one of ${formats.join("; ")}, found ${whatWasFound(lines, rows)}`);
};
