/** Each format's way of writing a plain row, from what the formats' sources say. */
import type { TraceFormat } from "#trace";
import { BLOCK_TOKENS, type PlainRow } from "./plain-row.ts";

/** The tokens of a row's own prompt. */
const inputOf = ({ blocks, spare }: PlainRow): number =>
  blocks.length === 0 ? spare : blocks.length * BLOCK_TOKENS - spare;

/** A row as a format has it, by the names of its fields. */
export type Fields = { readonly [name: string]: unknown };

/** A row in its place: when it arrives, which row of its file it is, and what stands above. */
export type Placed = {
  readonly row: PlainRow;
  readonly atMs: number;
  readonly number: number;
  readonly above: readonly PlainRow[];
};

/** How a format writes rows. */
export type Layout = {
  readonly names: { readonly time: string; readonly input: string; readonly output: string };
  readonly header?: string;
  fields(placed: Placed): Fields;
  line(fields: Fields): string;
};

const csv = (fields: Fields): string => Object.values(fields).join(",");
const json = (fields: Fields): string => JSON.stringify(fields);

const names = (time: string, input: string, output: string) => ({ time, input, output });

const AZURE = names("TIMESTAMP", "ContextTokens", "GeneratedTokens");

const azure = (timeOf: (iso: string) => string, images: boolean): Layout => ({
  names: AZURE,
  header: `TIMESTAMP,${images ? "NumImages," : ""}ContextTokens,GeneratedTokens,Note`,
  fields: ({ row, atMs }) => ({
    TIMESTAMP: timeOf(new Date(1.7e12 + atMs).toISOString()),
    ...(images && { NumImages: row.chat + 1 }),
    ContextTokens: inputOf(row),
    GeneratedTokens: row.output,
    Note: row.note,
  }),
  line: csv,
});

const isIn = ({ chat }: PlainRow, above: readonly PlainRow[]): boolean =>
  above.some((row) => row.chat === chat);

/** The blocks of a row that none above has, as the ids that a writer gives them. */
const newIds = ({ row, above }: Placed): readonly string[] =>
  [...new Set(row.blocks)]
    .filter((block) => !above.some(({ blocks }) => blocks.includes(block)))
    .map((block) => String(2n ** 63n + BigInt(block)));

const RACKPROOF_HEADER = JSON.stringify({
  schema: "rackproof.trace.v1",
  origin: "by hand",
  conventions: {
    blockTokens: BLOCK_TOKENS,
    ids: "chained",
    idScope: "file",
    lastBlock: "partial",
    sessionRows: "whole",
    zeroOutput: "plain",
  },
  block_ids: "named",
});

/** Every format's layout. */
export const PLAIN_LAYOUTS: { readonly [format in TraceFormat]: Layout } = {
  "azure-2023": azure((iso) => iso.replace("T", " ").replace("Z", "0000"), false),
  "azure-2024": azure((iso) => iso.replace("T", " ").replace("Z", "000+00:00"), false),
  "azure-2025": azure((iso) => iso, true),
  burstgpt: {
    names: names("Timestamp", "Request tokens", "Response tokens"),
    header:
      "Timestamp,Session ID,Elapsed time,Model,Request tokens,Response tokens,Total tokens,Log Type",
    fields: ({ row, atMs }) => ({
      Timestamp: (atMs / 1000).toFixed(3),
      "Session ID": row.chat < 0 ? "" : row.chat,
      "Elapsed time": 1.5,
      Model: row.waits ? "GPT-4" : "ChatGPT",
      "Request tokens": inputOf(row),
      "Response tokens": row.output,
      "Total tokens": inputOf(row) + row.output,
      "Log Type": row.note,
    }),
    line: csv,
  },
  mooncake: {
    names: names("timestamp", "input_length", "output_length"),
    fields: ({ row, atMs, above }) => ({
      ...(row.waits && row.chat >= 0 && isIn(row, above)
        ? { delay: row.gapMs }
        : { timestamp: atMs }),
      input_length: inputOf(row),
      output_length: row.output,
      hash_ids: row.blocks,
      ...(row.chat >= 0 && { session_id: `s${row.chat}` }),
      note: row.note,
    }),
    line: json,
  },
  "qwen-bailian": {
    names: names("timestamp", "input_length", "output_length"),
    fields: ({ row, atMs, number, above }) => {
      const parent = above.findLastIndex(({ chat }) => row.chat >= 0 && chat === row.chat);
      return {
        chat_id: number,
        parent_chat_id: parent < 0 ? -1 : parent,
        timestamp: atMs / 1000,
        input_length: inputOf(row),
        output_length: row.output,
        hash_ids: row.blocks,
        type: row.note,
      };
    },
    line: json,
  },
  "dynamo-request": {
    names: names("request_received_ms", "input_length", "output_tokens"),
    fields: ({ row, atMs }) => ({
      request_received_ms: 1.7e12 + atMs,
      input_length: inputOf(row),
      output_tokens: row.output,
      model: row.waits ? "m1" : "m2",
      blocks: row.blocks,
      session: row.chat,
      note: row.note,
    }),
    line: ({ request_received_ms, input_length, output_tokens, model, blocks, session, note }) =>
      json({
        schema: "dynamo.request.trace.v1",
        event_type: "request_end",
        ...(session !== -1 && { agent_context: { session_id: `s${session}` } }),
        request: {
          request_received_ms,
          output_tokens,
          model,
          replay: {
            trace_block_size: BLOCK_TOKENS,
            input_length,
            input_sequence_hashes: blocks,
          },
        },
        note,
      }),
  },
  rackproof: {
    names: names("arrival_ns", "input_tokens", "output_tokens"),
    header: RACKPROOF_HEADER,
    fields: (placed) => {
      const { row, atMs, above } = placed;
      const ids = newIds(placed);
      return {
        arrival_ns: atMs * 1e6,
        input_tokens: inputOf(row),
        output_tokens: row.output,
        ...(row.blocks.length > 0 && { blocks: row.blocks }),
        ...(ids.length > 0 && { ids }),
        ...(row.chat >= 0 && {
          session: `s${row.chat}`,
          turn: above.filter(({ chat }) => chat === row.chat).length,
        }),
        extra: { note: row.note },
      };
    },
    line: json,
  },
};
