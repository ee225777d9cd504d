import { ascending, byEach, descending } from "#base";
import type { Offered } from "../engine/contract.ts";
import type { ModelWorker } from "./model-worker.ts";

/**
 * Where a request is. `held`: its session's turn before has not ended. `due`: it is known when it will be sent. From `unrouted` on as the engine has it;
 * who waits for a seat where its KV will be decoded is in `handover`.
 */
export type ModelState =
  | "held"
  | "due"
  | "unrouted"
  | "waiting"
  | "fetching"
  | "prefilling"
  | "handover"
  | "moving"
  | "ready"
  | "decoding"
  | "ended";

/** A request, from when its row has been read, for ever: nothing is forgotten. */
export type ModelRequest = Offered & {
  /** Prompt blocks, named or not. */
  readonly promptBlocks: number;
  state: ModelState;
  /** When it is sent; infinity while that is not known. */
  dueNs: number;
  arrivalNs: number;
  endNs: number;
  /** Where it waits, runs, or has its KV; and where that goes. */
  worker: ModelWorker | undefined;
  target: ModelWorker | undefined;
  /** Its copy or its move, while there is one: the number of the flow, who sends, and how many leading blocks can be read afterwards. */
  flow: { readonly number: number; readonly source: ModelWorker; readonly run: number } | undefined;
  /** Tokens it has been given. */
  tokens: number;
  /** Whether it has ever been given one, or ended its prefill without wanting any. */
  isStarted: boolean;
  /** Prompt tokens still to be computed, and those of the step under way. */
  left: number;
  chunk: number;
  /** When it was last taken up, and when it was last put among those who prefill, or whom nobody serves, by a counter. */
  takenUp: number;
  inLine: number;
  /** Whether it has been taken up once only. */
  isFirst: boolean;
  hits: number;
  fetched: number;
  /** When it was last sent to a worker that prefills, by the counter, and to which. */
  sent: number;
  sentTo: number;
  /** Why it failed or was cancelled. */
  reason: string;
  /** Why it is to leave, and when it was to; "" when it stays. */
  leaving: string;
  leavingNs: number;
};

/** A row that has just been read. */
export const modelRequest = (offered: Offered, blockTokens: number): ModelRequest => {
  const { number, request, blocks } = offered;
  const unnamed = Math.ceil(request.inputTokens / blockTokens);
  return {
    number,
    request,
    blocks,
    promptBlocks: blocks.length > 0 ? blocks.length : unnamed,
    state: "held",
    dueNs: Number.POSITIVE_INFINITY,
    arrivalNs: -1,
    endNs: -1,
    worker: undefined,
    target: undefined,
    flow: undefined,
    tokens: 0,
    isStarted: false,
    left: 0,
    chunk: 0,
    takenUp: -1,
    inLine: -1,
    isFirst: true,
    hits: 0,
    fetched: 0,
    sent: -1,
    sentTo: -1,
    reason: "",
    leaving: "",
    leavingNs: -1,
  };
};

/** Output tokens whose KV has been written: all but the last, which the next step writes. */
export const written = ({ tokens }: ModelRequest): number => Math.max(0, tokens - 1);

/** Tokens of KV that its next step reads. */
export const kvTokens = ({ request, tokens }: ModelRequest): number => request.inputTokens + tokens;

/** Who is taken up first: the most urgent, then who arrived first, then the lower number. */
export const byUrgency = byEach<ModelRequest>(
  descending(({ request }) => request.priority),
  ascending(({ arrivalNs }) => arrivalNs),
  ascending(({ number }) => number),
);

/** In the order in which they began to prefill, or to wait for somebody who does. */
export const byLine = ascending<ModelRequest>(({ inLine }) => inLine);

/** By number: no two are equal. */
export const byNumber = ascending<ModelRequest>(({ number }) => number);
