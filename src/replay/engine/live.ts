import type { ServingWorker } from "#rack";
import type { TraceRequest } from "#trace";

/**
 * Where a request is between its arrival and its end; it is in exactly one of these. `unrouted`: no worker serves it now. `waiting`: in a worker's queue.
 * `fetching`: has its blocks, and some are copied from elsewhere. `prefilling`. `handover`: prefilled, waiting for room on the worker that decodes it.
 * `moving`: its KV is on the way there. `ready`: joins the batch at the next step. `decoding`.
 */
export const STATES = [
  "unrouted",
  "waiting",
  "fetching",
  "prefilling",
  "handover",
  "moving",
  "ready",
  "decoding",
  "ended",
] as const;

/** The state of a request. */
export type State = (typeof STATES)[number];

/** A worker as its requests know it: an engine's worker is one. */
export type LivePlace = {
  readonly number: number;
  readonly deployment: number;
  readonly serving: ServingWorker;
};

/** A request between its arrival and its end. */
export class Live {
  /** Its place in the trace: its name in the pools and its last tie-breaker. */
  readonly number: number;
  readonly request: TraceRequest;
  /** Its prompt's blocks at the size of the run; empty for a trace that names none. */
  readonly blocks: Uint32Array;
  readonly arrivalNs: number;
  /** Prompt blocks, named or not. */
  readonly promptBlocks: number;
  state: State = "unrouted";
  /** Where it waits, runs, or holds blocks that are to be moved. */
  worker: LivePlace | undefined;
  /** Where its KV goes. */
  target: LivePlace | undefined;
  prefilledBy = -1;
  decodedBy = -1;
  enqueueNs = -1;
  startNs = -1;
  firstTokenNs = -1;
  transferNs = -1;
  transferredNs = -1;
  /** Tokens it had been given when it last joined a batch, or was last taken out of one. */
  emitted = 0;
  /** The worker's count of decode steps when it joined its batch, and when it will have all its tokens. */
  joined = 0;
  finish = 0;
  /** Output tokens whose KV was there when it joined. */
  written = 0;
  /** Prompt tokens, recomputed output included, that are still to be computed; and those of the step under way. */
  left = 0;
  chunk = 0;
  /** When it was taken up, among all of its worker: the newest has the largest. */
  order = 0;
  /** Leading blocks that its worker had when it was last taken up, and when it first was. */
  hitBlocks = 0;
  localBlocks = 0;
  switchBlocks = 0;
  /** Those that came from another worker. */
  fetchedBlocks = 0;
  fetchedFrom = 0;
  computedTokens = 0;
  preemptions = 0;
  restarts = 0;
  /** Why it is to leave at the end of the step under way; "" when it stays. */
  leaving = "";

  constructor(
    number: number,
    request: TraceRequest,
    blocks: Uint32Array,
    arrivalNs: number,
    blockTokens: number,
  ) {
    this.number = number;
    this.request = request;
    this.blocks = blocks;
    this.arrivalNs = arrivalNs;
    this.promptBlocks =
      blocks.length > 0 ? blocks.length : Math.ceil(request.inputTokens / blockTokens);
  }

  /** Blocks without a name that it needs once `written` tokens of output are in its KV: output begins in a block of its own. */
  unnamedBlocks(written: number, blockTokens: number): number {
    return this.promptBlocks - this.blocks.length + Math.ceil(written / blockTokens);
  }

  /** Tokens to compute behind `hits` leading blocks: one that is found whole still computes its last, whose logits are the next token. */
  tokensBehind(hits: number, blockTokens: number): number {
    const tokens = this.request.inputTokens + this.emitted;
    return Math.min(tokens, Math.max(1, tokens - hits * blockTokens));
  }
}
