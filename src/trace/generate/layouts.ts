import { SpecViolation, unreachable } from "#base";
import type { TraceRequest } from "../request.ts";
import { type WrittenSource, writeTrace } from "../write-trace.ts";
import { conventionsOf, type GenerateOptions, generateTrace } from "./generate.ts";

/** The formats that a generated trace can be written in. */
export const LAYOUTS = ["rackproof", "mooncake", "azure-2023"] as const;

/** The name of a layout. */
export type Layout = (typeof LAYOUTS)[number];

const MILLISECOND_NS = 1e6;
const DAY_NS = 86_400e9;

/**
 * One line of Mooncake's JSONL: milliseconds, with `session_id` and `delay` as its newer rows have
 * them when the request is part of a session. Block numbers stand for ids: they are chained.
 */
const mooncakeLine = (request: TraceRequest): string => {
  const row = {
    timestamp: request.arrivalNs / MILLISECOND_NS,
    ...(request.session >= 0 && { session_id: `s${request.session}` }),
    ...(request.delayNs >= 0 && { delay: request.delayNs / MILLISECOND_NS }),
    input_length: request.inputTokens,
    output_length: request.outputTokens,
    hash_ids: [...request.blocks],
  };
  return `${JSON.stringify(row)}\n`;
};

const padded = (value: number, digits: number): string => String(value).padStart(digits, "0");

/** The months that 104 days from 2023-11-16 reach into, with the days of each; longer no trace lasts. */
const MONTHS = [
  ["2023-11", 30],
  ["2023-12", 31],
  ["2024-01", 31],
  ["2024-02", 29],
] as const;

/** The date so many days after 2023-11-16, the day of the Azure 2023 traces. */
const dateAfter = (days: number): string => {
  let day = 16 + days;
  for (const [month, length] of MONTHS) {
    if (day <= length) return `${month}-${padded(day, 2)}`;
    day -= length;
  }
  throw new SpecViolation(`a trace must last at most 104 days, found ${days}`);
};

/**
 * An instant as Azure 2023 writes it, in ticks of 100 ns and without a zone: `2023-11-16
 * 18:17:03.9799600`.
 */
export const azureTimestamp = (arrivalNs: number): string => {
  const ticks = Math.floor((arrivalNs % DAY_NS) / 100);
  const seconds = Math.floor(ticks / 1e7);
  const time = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const date = dateAfter(Math.floor(arrivalNs / DAY_NS));
  return `${date} ${time.map((part) => padded(part, 2)).join(":")}.${padded(ticks % 1e7, 7)}`;
};

function* mooncakeLines(requests: Iterable<TraceRequest>): Generator<string> {
  for (const request of requests) yield mooncakeLine(request);
}

/** Lines end on CRLF and the last has no end, as in the public file. */
function* azureLines(requests: Iterable<TraceRequest>): Generator<string> {
  yield "TIMESTAMP,ContextTokens,GeneratedTokens";
  for (const { arrivalNs, inputTokens, outputTokens } of requests) {
    yield `\r\n${azureTimestamp(arrivalNs)},${inputTokens},${outputTokens}`;
  }
}

/**
 * The names and ids of a generated trace, which are its numbers. Takes a pass over the trace to
 * count them.
 */
const sourceOf = (options: GenerateOptions): WrittenSource => {
  let sessions = 0;
  let blocks = 0;
  for (const request of generateTrace(options)) {
    sessions = Math.max(sessions, request.session + 1);
    // A new block is one past the highest, so a prompt's last block is its highest when any is new.
    blocks = Math.max(blocks, (request.blocks.at(-1) ?? -1) + 1);
  }
  return {
    conventions: conventionsOf(options.shape),
    origin: `generated, shape ${options.shape}, seed ${options.seed}`,
    models: [],
    sessions: Array.from({ length: sessions }, (_, session) => `s${session}`),
    blockIds: BigUint64Array.from({ length: blocks }, (_, block) => BigInt(block)),
  };
};

/**
 * A generated trace as a file, a line at a time with its line end: put together, they are the file.
 * `rackproof` loses nothing, and holds an id for each different block while it writes; `mooncake`
 * and `azure-2023` are the public layouts, byte by byte as theirs, and leave out what those have no
 * place for: Azure's blocks and sessions, and Mooncake's turns.
 */
export const generatedLines = (options: GenerateOptions, layout: Layout): Iterable<string> => {
  switch (layout) {
    case "rackproof":
      return writeTrace(sourceOf(options), generateTrace(options));
    case "mooncake":
      return mooncakeLines(generateTrace(options));
    case "azure-2023":
      return azureLines(generateTrace(options));
    default:
      return unreachable(layout);
  }
};
