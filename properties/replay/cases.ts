/** Small traces that make a rack queue, hit, fetch, evict and refuse. */
import fc from "fast-check";
import { nanos } from "#base";
import { type ReplayOptions, readReplayOptions } from "#replay";
import type { TraceRequest } from "#trace";
import { type Given, oneOfValues } from "#verify";

/** One request of a case: its prompt is a path down a tree of prefixes. */
export type CaseRequest = {
  /** After the request before. */
  readonly gapMs: number;
  readonly path: readonly number[];
  /** How many tokens the last block lacks. */
  readonly spare: number;
  readonly outputTokens: number;
  /** −1 for a request that stands alone. */
  readonly session: number;
};

/** A trace and the rack that it meets. */
export type ReplayCase = {
  readonly capacity: number;
  readonly policy: string;
  readonly remoteHits: string;
  /** Whether a worker decodes what it has prefilled, or another one does. */
  readonly serving: "together" | "apart";
  readonly requests: readonly CaseRequest[];
};

/** What a subject is asked: one replay. `relabel` gives the blocks other numbers that mean the same. */
export type ReplayCall = {
  readonly kind: "replay";
  readonly given: ReplayCase;
  readonly relabel: number;
};

/** Tokens a block in every case. */
export const BLOCK_TOKENS = 512;

const request: fc.Arbitrary<CaseRequest> = fc.record({
  gapMs: oneOfValues(0, 0, 1, 20, 200),
  path: fc.array(fc.nat({ max: 2 }), { minLength: 0, maxLength: 6 }),
  spare: oneOfValues(0, 1, 511),
  outputTokens: oneOfValues(1, 0, 2, 40, 600),
  session: oneOfValues(-1, -1, 0, 1),
});

const replayCase = (maxLength: number): fc.Arbitrary<ReplayCase> =>
  fc.record({
    capacity: oneOfValues(8, 3, 16, 64),
    policy: oneOfValues("kv-aware:bound=2", "kv-aware", "round-robin", "dynamo-cost:w=1", "random"),
    remoteHits: oneOfValues("fetch", "recompute"),
    serving: oneOfValues("together", "apart"),
    requests: fc.array(request, { maxLength, size: "max" }),
  });

/** Traces of up to so many requests. */
export const replayCases = (requestsMost = 40): Given<ReplayCase> => ({
  arbitrary: replayCase(requestsMost),
  plain: replayCase(1000),
});

/** The rack of a case. The roofline is fast, so a batch is short and gaps of milliseconds matter. */
export const optionsOf = ({ capacity, policy, remoteHits, serving }: ReplayCase): ReplayOptions => {
  const deployed = { model: "llama-405b", capacity_blocks: capacity };
  return readReplayOptions({
    deploy:
      serving === "together"
        ? [deployed]
        : [
            { ...deployed, role: "prefill", replicas: 3 },
            { ...deployed, role: "decode", replicas: 4 },
          ],
    calibration: "roofline",
    oversized: "fail",
    policy,
    remote_hits: remoteHits,
    max_num_batched_tokens: 1024,
  });
};

/** Numbers every prefix in order of first appearance, as an importer does; or backwards from `relabel`, when that is above 0. */
export const traceOf = (given: ReplayCase, relabel = 0): readonly TraceRequest[] => {
  const numbers = new Map<string, number>();
  const numberOf = (prefix: string): number => {
    const known = numbers.get(prefix) ?? (relabel > 0 ? relabel - numbers.size : numbers.size);
    numbers.set(prefix, known);
    return known;
  };
  let nowMs = 0;
  return given.requests.map(({ gapMs, path, spare, outputTokens, session }) => {
    nowMs += gapMs;
    const blocks = path.map((_, index) => numberOf(path.slice(0, index + 1).join("/")));
    return {
      arrivalNs: nanos(nowMs * 1e6),
      inputTokens: Math.max(0, path.length * BLOCK_TOKENS - spare),
      outputTokens,
      blocks: Uint32Array.from(blocks),
      session,
      turn: 0,
      delayNs: session < 0 ? -1 : gapMs * 1e6,
      priority: 0,
      model: -1,
      failed: false,
      extra: "",
    };
  });
};
