/** What a run tells whoever keeps it, row by row while it runs: requests as they end, the state of workers at intervals, and spans. */

/** How a request ended. */
export type Outcome = "completed" | "failed" | "cancelled";

/** One request, told once, when it has ended. Instants are from the run's start; −1 for what it never came to. */
export type RequestRow = {
  /** Its place in the trace, from 0. */
  readonly request: number;
  readonly outcome: Outcome;
  /** Why it failed or was cancelled; "" when it completed. */
  readonly reason: string;
  /** The deployment that served it, by its place in the options; −1 when none did. */
  readonly deployment: number;
  /** Who prefilled it, by the number of the worker's first GPU; −1 when nobody did. */
  readonly worker: number;
  /** Who decoded it: the same, unless prefill and decode are apart. */
  readonly decodeWorker: number;
  readonly arrivalNs: number;
  /** When it was last put into a worker's queue. */
  readonly enqueueNs: number;
  /** When a worker first took it up. */
  readonly startNs: number;
  readonly firstTokenNs: number;
  /** When its KV set out for the worker that decodes it, and when it was there; −1 when nothing was moved. */
  readonly transferNs: number;
  readonly transferredNs: number;
  readonly endNs: number;
  readonly inputTokens: number;
  /** Tokens that it was given, which are fewer than it asked for unless it completed. */
  readonly outputTokens: number;
  /** Leading blocks of its prompt: all that have a name, found at its worker, in a switch, and fetched from another worker. */
  readonly blocks: number;
  readonly localBlocks: number;
  readonly switchBlocks: number;
  readonly fetchedBlocks: number;
  /** How far the fetched ones came: 1 same superchip, 2 same domain, 3 across; 0 for none. */
  readonly fetchedFrom: number;
  /** Prompt tokens that were computed, those of recomputations included. */
  readonly computedTokens: number;
  readonly preemptions: number;
  /** How often it was sent again because its worker was gone. */
  readonly restarts: number;
};

/** A worker over one interval of the run. */
export type SeriesRow = {
  /** The end of the interval. */
  readonly atNs: number;
  readonly worker: number;
  readonly waiting: number;
  readonly running: number;
  /** Blocks held by requests, cached, and free. */
  readonly heldBlocks: number;
  readonly cachedBlocks: number;
  readonly freeBlocks: number;
  /** Of the interval, how long the worker was computing. */
  readonly busyNs: number;
  /** In the interval. */
  readonly prefillTokens: number;
  readonly decodeTokens: number;
};

/** What took some time on a worker or between two. */
export type SpanKind = "prefill" | "decode" | "fetch" | "kv-transfer" | "weights" | "down";

/** Something that took time: for pictures. */
export type SpanRow = {
  readonly kind: SpanKind;
  /** On which worker: for a transfer, the one that receives. */
  readonly worker: number;
  readonly startNs: number;
  readonly endNs: number;
  /** −1 when it is nobody's. */
  readonly request: number;
  /** From which worker; −1 when from none. */
  readonly from: number;
  readonly bytes: number;
};

/** Whoever keeps a run's rows. What is left out is not told, and then costs nothing. Functions, not methods: a keeper of rows that lack a field does not compile. */
export type Recorder = {
  readonly request?: (row: RequestRow) => void;
  readonly series?: (row: SeriesRow) => void;
  readonly span?: (row: SpanRow) => void;
  /** How far apart two rows of a series are; a minute of virtual time when left out. */
  readonly seriesEveryNs?: number;
};
