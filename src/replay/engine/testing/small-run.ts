/** Runs of a few requests at round costs, told as a story that a reader can follow with a pencil. */
import { assert, nanos } from "#base";
import type { Costs } from "#cost";
import type { TraceRequest } from "#trace";
import { type Broken, type Run, watched } from "../../watch/testing/watched-run.ts";
import { Live } from "../live.ts";

/** Nanoseconds in a millisecond. */
export const MS = 1e6;

/** Tokens of a block. */
export const BLOCK = 512;

/**
 * A step takes 10 ms, and 10 ms more for each block's worth of tokens that it prefills; the batch and its KV cost nothing. Between domains, a block
 * takes 1 ms of eight links, and the first byte 1,500 ns. All of it is slower than the roofline, so that every invariant can be watched.
 */
export const ROUND_COSTS = {
  blockBytes: 8 * 1.2e9,
  prefillNs: (tokens) => 10 * MS + Math.ceil((tokens * 10 * MS) / BLOCK),
  decodeStepNs: () => 10 * MS,
  stepNs: (tokens) => 10 * MS + Math.ceil((tokens * 10 * MS) / BLOCK),
  phaseNs: (_batch, _kvTokens, steps) => steps * 10 * MS,
} as const satisfies Partial<Costs>;

/** The same with some of it replaced, for a worker by itself. */
export const costsOf = (given: Partial<Costs>): Costs => ({
  blockTokens: BLOCK,
  blocksPerWorker: 100,
  fetchNs: () => 0,
  ...ROUND_COSTS,
  ...given,
});

/** What somebody asks: when, in ms, which blocks of prompt, and how many tokens of answer. */
export type Asked = Partial<Omit<TraceRequest, "blocks" | "arrivalNs">> & {
  readonly at?: number;
  readonly blocks?: readonly number[];
};

/** A row of a trace. */
export const requestOf = ({ at = 0, blocks = [], ...given }: Asked): TraceRequest => ({
  arrivalNs: nanos(at * MS),
  inputTokens: blocks.length * BLOCK,
  outputTokens: 1,
  blocks: Uint32Array.from(blocks),
  session: -1,
  turn: 0,
  delayNs: -1,
  priority: 0,
  model: -1,
  failed: false,
  extra: "",
  ...given,
});

/** A request that has arrived, by itself. */
export const liveOf = ({ number = 0, ...asked }: Asked & { readonly number?: number }): Live => {
  const request = requestOf(asked);
  return new Live(number, request, request.blocks, request.arrivalNs, BLOCK);
};

/** One worker of 100 blocks, whose users wait, and who fetches nothing. */
const USUAL = {
  deploy: [{ model: "llama-405b", replicas: 1, capacity_blocks: 100 }],
  max_num_batched_tokens: 8 * BLOCK,
  remote_hits: "recompute",
  abandon: null,
};

/** So many workers, of so many blocks each. */
export const workersOf = (replicas: number, capacity_blocks = 100) => ({
  deploy: [{ model: "llama-405b", replicas, capacity_blocks }],
});

/** A worker that prefills and workers that decode, of so many blocks each. */
export const halvesOf = (prefill: number, decode: number, capacity_blocks = 100) => ({
  deploy: [
    { model: "llama-405b", replicas: prefill, role: "prefill", capacity_blocks },
    { model: "llama-405b", replicas: decode, role: "decode", capacity_blocks },
  ],
});

/** A run that has ended, and every event of it as `20 ms: r0 prefilled at w0`. */
export type Told = Run & { readonly story: readonly string[] };

/** Runs what is asked, with options besides the usual ones. Throws when an invariant was violated. */
export const tell = (
  asked: readonly Asked[],
  given: Readonly<Record<string, unknown>> = {},
  { costs, ...broken }: Omit<Broken, "given" | "requests" | "watcher"> = {},
): Told => {
  const story: string[] = [];
  const run = watched({
    ...broken,
    given: { ...USUAL, ...given },
    requests: asked.map(requestOf),
    costs: { ...ROUND_COSTS, ...costs },
    watcher: (watch) => ({
      happened(worker, nowNs, event, live) {
        watch.happened(worker);
        const where = worker === undefined ? "" : ` at w${worker.number}`;
        story.push(`${nowNs / MS} ms: r${live.number} ${event}${where}`);
      },
    }),
  });
  for (const { id, violated, ...more } of run.watch.counts())
    assert(violated === 0, "no invariant is violated", [id, more]);
  return { ...run, story };
};

/** What of a story concerns one request. */
export const about = (number: number, { story }: Told): readonly string[] =>
  story.filter((line) => line.includes(` r${number} `));
