import { InputError } from "#base";
import type { TraceConventions, TraceFormat } from "../request.ts";

/** An option that says what a format leaves open. */
export type ConventionOption = "blockTokens" | "ids" | "idScope" | "sessionRows";

/** What is known of a format before a file of it is read. */
export type FormatRules = {
  readonly syntax: "csv" | "jsonl";
  /** What tells a file of it: the words of a message. */
  readonly marks: string;
  /** The field that says when a request arrives. */
  readonly timeField: string;
  /** `arrival`: a row never comes before the one above it. `any`: rows stand as they were written, at the end of a request. */
  readonly rowOrder: "arrival" | "any";
  /**
   * The conventions, where nobody says otherwise. `sessionRows` is null where both are in use and the reader must be told;
   * `blockTokens` is null where there are no blocks or each row names its size.
   */
  readonly conventions: Omit<TraceConventions, "sessionRows"> & {
    readonly sessionRows: TraceConventions["sessionRows"] | null;
  };
  /** Which options apply. */
  readonly open: readonly ConventionOption[];
};

const NO_BLOCKS = {
  blockTokens: null,
  ids: "none",
  idScope: "file",
  lastBlock: "none",
  zeroOutput: "plain",
  sessionRows: "none",
} as const;

const azure = (marks: string): FormatRules => ({
  syntax: "csv",
  marks,
  timeField: "TIMESTAMP",
  rowOrder: "arrival",
  conventions: NO_BLOCKS,
  open: [],
});

/** Every format and its conventions. README.md beside this file says where each comes from. */
export const FORMAT_RULES: { readonly [format in TraceFormat]: FormatRules } = {
  rackproof: {
    syntax: "jsonl",
    marks: 'a first line with "schema":"rackproof.trace.v1"',
    timeField: "arrival_ns",
    rowOrder: "arrival",
    // The header states the file's own, which are then these no longer.
    conventions: NO_BLOCKS,
    open: [],
  },
  mooncake: {
    syntax: "jsonl",
    marks: "hash_ids and input_length or input_tokens",
    timeField: "timestamp",
    rowOrder: "arrival",
    conventions: {
      blockTokens: 512,
      ids: "chained",
      idScope: "file",
      lastBlock: "partial",
      zeroOutput: "plain",
      sessionRows: null,
    },
    open: ["blockTokens", "ids", "idScope", "sessionRows"],
  },
  "azure-2023": azure("TIMESTAMP (no zone), ContextTokens, GeneratedTokens"),
  "azure-2024": azure("TIMESTAMP (with a zone), ContextTokens, GeneratedTokens"),
  "azure-2025": azure("TIMESTAMP, NumImages, ContextTokens, GeneratedTokens"),
  burstgpt: {
    syntax: "csv",
    marks: "Timestamp, Model, Request tokens, Response tokens, Total tokens, Log Type",
    timeField: "Timestamp",
    rowOrder: "arrival",
    conventions: { ...NO_BLOCKS, zeroOutput: "failed", sessionRows: "whole" },
    open: ["sessionRows"],
  },
  "qwen-bailian": {
    syntax: "jsonl",
    marks: "chat_id, parent_chat_id, hash_ids",
    timeField: "timestamp",
    rowOrder: "arrival",
    conventions: {
      blockTokens: 16,
      ids: "unchained",
      idScope: "file",
      lastBlock: "padded",
      zeroOutput: "plain",
      sessionRows: "whole",
    },
    open: ["blockTokens", "ids", "idScope"],
  },
  "dynamo-request": {
    syntax: "jsonl",
    marks: '"schema":"dynamo.request.trace.v1"',
    timeField: "request_received_ms",
    rowOrder: "any",
    conventions: {
      blockTokens: null,
      ids: "chained",
      idScope: "file",
      lastBlock: "partial",
      zeroOutput: "plain",
      sessionRows: "whole",
    },
    open: [],
  },
};

/** The conventions of a format with what the reader was told; `sessionRows` stays null where it was not. */
export const conventionsFor = (
  format: TraceFormat,
  told: { readonly [option in ConventionOption]?: unknown },
): FormatRules["conventions"] => {
  const { conventions, open } = FORMAT_RULES[format];
  const given = (["blockTokens", "ids", "idScope", "sessionRows"] as const).filter(
    (option) => told[option] !== undefined,
  );
  const wrong = given.filter((option) => !open.includes(option));
  if (wrong.length > 0) {
    throw new InputError(
      wrong.map((option) => ({
        code: "TRACE-19",
        message: `${option} must be left out, because ${format} settles it, found ${JSON.stringify(told[option])}`,
      })),
    );
  }
  return { ...conventions, ...Object.fromEntries(given.map((option) => [option, told[option]])) };
};
