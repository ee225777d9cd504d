/** The rows of a run, as whoever replays tells them and as they come back. */

/** One request of a run. Instants are from the run's start; −1 stands for what it never came to, and for nobody. */
export type RunRequestRow = {
  /** Its place in the trace, from 0. */
  readonly request: number;
  readonly outcome: "completed" | "failed" | "cancelled";
  /** Why it failed or was cancelled; "" when there is nothing to say. */
  readonly reason: string;
  /** The deployment that served it, by its place in the options. */
  readonly deployment: number;
  /** Who prefilled it, by the worker's first GPU. */
  readonly worker: number;
  /** Who decoded it. */
  readonly decodeWorker: number;
  readonly arrivalNs: number;
  /** When it was last put into a worker's queue. */
  readonly enqueueNs: number;
  /** When a worker first took it up. */
  readonly startNs: number;
  readonly firstTokenNs: number;
  /** When its KV set out for the worker that decodes it, and when it was there. */
  readonly transferNs: number;
  readonly transferredNs: number;
  readonly endNs: number;
  readonly inputTokens: number;
  /** Tokens that it was given. */
  readonly outputTokens: number;
  /** Leading blocks of its prompt: all that have a name, found at its worker, in a switch, and fetched from another worker. */
  readonly blocks: number;
  readonly localBlocks: number;
  readonly switchBlocks: number;
  readonly fetchedBlocks: number;
  /** How far the fetched ones came: 1 same superchip, 2 same domain, 3 across the rack; 0 for none. */
  readonly fetchedFrom: number;
  readonly computedTokens: number;
  readonly preemptions: number;
  readonly restarts: number;
};

/** A worker over one interval of a run: at most one row a worker and instant. */
export type RunSeriesRow = {
  /** The end of the interval, which is where the run's row before it ended. */
  readonly atNs: number;
  readonly worker: number;
  readonly waiting: number;
  readonly running: number;
  readonly heldBlocks: number;
  readonly cachedBlocks: number;
  readonly freeBlocks: number;
  /** Of the interval, how long the worker was computing. */
  readonly busyNs: number;
  /** In the interval. */
  readonly prefillTokens: number;
  readonly decodeTokens: number;
};

/** Something that took time on a worker, or between two. */
export type RunSpanRow = {
  readonly kind: "prefill" | "decode" | "fetch" | "kv-transfer" | "weights" | "down";
  /** On which worker: for a transfer, the one that receives. */
  readonly worker: number;
  readonly startNs: number;
  /** Not before `startNs`. */
  readonly endNs: number;
  /** −1 when it is nobody's. */
  readonly request: number;
  /** From which worker; −1 when from none. */
  readonly from: number;
  readonly bytes: number;
};
