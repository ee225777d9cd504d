import type { Issue, Nanos } from "#base";

/** One request of a trace, as every room above sees it, whatever format it came in. */
export type TraceRequest = {
  /** From the trace's start: its first arrival, or the start of the window it was read through. */
  readonly arrivalNs: Nanos;
  /** The whole prompt, earlier turns of a session included. */
  readonly inputTokens: number;
  readonly outputTokens: number;
  /**
   * The prompt's blocks, leading first, by dense number: 0, 1, 2, … in order of first appearance in the trace. The same number
   * means the same whole prefix. Empty when the format names no blocks.
   */
  readonly blocks: Uint32Array;
  /** Which conversation, by dense number in order of first appearance; −1 when it stands alone. */
  readonly session: number;
  /** 0 for a session's first request. */
  readonly turn: number;
  /** How long after the end of the session's previous turn it is sent; −1 when it is sent at its arrival time. */
  readonly delayNs: number;
  /** Larger is more urgent; 0 when the format has none. */
  readonly priority: number;
  /** Which of the trace's `models`; −1 when the format has none. */
  readonly model: number;
  /** The source says that this request got no answer (BurstGPT: 0 response tokens). */
  readonly failed: boolean;
  /** What the source says beyond this, as canonical JSON of one object, so that an export loses nothing; "" for nothing. */
  readonly extra: string;
};

/** The formats that can be read. `rackproof` is the project's own, and what `export` writes. */
export const TRACE_FORMATS = [
  "rackproof",
  "mooncake",
  "azure-2023",
  "azure-2024",
  "azure-2025",
  "burstgpt",
  "qwen-bailian",
  "dynamo-request",
] as const;

/** The name of a format. */
export type TraceFormat = (typeof TRACE_FORMATS)[number];

/** What a format leaves open or decides once for all its rows. Stored with the trace, so that nothing was guessed in silence. */
export type TraceConventions = {
  /** Tokens a block; null when there are no blocks. */
  readonly blockTokens: number | null;
  /** Whether an id names its whole prefix (`chained`) or only its own tokens, so that the importer chains it (`unchained`). */
  readonly ids: "none" | "chained" | "unchained";
  /** How far an id means the same: through the file, or only through its session. */
  readonly idScope: "file" | "session";
  /** What the last id of a prompt covers when the prompt does not fill it. */
  readonly lastBlock: "none" | "partial" | "padded" | "dropped";
  /** Whether a session's later row is the whole prompt or only the new turn, which the importer then joins to what came before. */
  readonly sessionRows: "none" | "whole" | "delta";
  /** Whether 0 output tokens mean a request that failed, or just 0. */
  readonly zeroOutput: "plain" | "failed";
};

/** Where a trace came from and how it was read: everything needed to read it again and get the same requests. */
export type TraceSource = {
  /** The file's own name, without its folder. */
  readonly file: string;
  /** Of the file's bytes as they lie on disk, in hex. */
  readonly sha256: string;
  readonly sizeBytes: number;
  readonly compressed: boolean;
  readonly format: TraceFormat;
  /** Why it was taken for that format: a sentence. */
  readonly because: string;
  readonly conventions: TraceConventions;
  /**
   * The trace's start in the source's own words: the first arrival, for instance `2023-11-16 18:17:03.9799600`, with
   * ` + N ns` when a window starts later.
   */
  readonly origin: string;
  /** Model names in order of first appearance. */
  readonly models: readonly string[];
  /** Session names in order of their dense numbers. */
  readonly sessions: readonly string[];
  /** Block `n`'s id in the source; 2^64 − 1 for a block of joined turns, which no single id names. */
  readonly blockIds: BigUint64Array;
  readonly importerVersion: number;
};

/**
 * Takes what a reader finds, a row at a time and in the order of the file. That is the order of arrival, unless the reader's
 * `outOfOrder` count says otherwise: then the keeper orders the requests, by arrival and then by place in the file.
 */
export type TraceSink = {
  request(request: TraceRequest): void;
  /** A faulty row; the reader goes on, so that all of them are named. */
  reject(issue: Issue): void;
  /** How far the reader is, in bytes of the file. Called about once a chunk. */
  progress?(doneBytes: number, totalBytes: number): void;
};
