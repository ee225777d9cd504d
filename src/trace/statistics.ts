import type { TraceConventions, TraceRequest } from "./request.ts";
import { type BlockFigures, createBlockFigures } from "./statistics/block-figures.ts";
import { type Counts, createCounts } from "./statistics/counts.ts";

/** The capacities, in blocks, at which a trace's LRU hit ratio is given. */
const LRU_CAPACITIES = [1000, 5000, 10_000, 20_000, 50_000] as const;

/**
 * One distribution of token counts. Percentiles are nearest-rank; all but the total are null when
 * there are no rows.
 */
type TokenStatistics = {
  readonly mean: number | null;
  readonly p50: number | null;
  readonly p90: number | null;
  readonly p99: number | null;
  readonly max: number | null;
  readonly total: number;
};

/**
 * What a trace is like: plain JSON, named as it is printed. What speaks of blocks is null when the
 * trace has none; what is a share of nothing is null too.
 */
export type TraceStatistics = {
  readonly rows: number;
  /** From the first arrival to the last; null without rows. */
  readonly span_ns: number | null;
  readonly input_tokens: TokenStatistics;
  readonly output_tokens: TokenStatistics;
  /** Block references: the lengths of all prompts in blocks. */
  readonly block_refs: number | null;
  readonly distinct_blocks: number | null;
  /**
   * The share of block references that one endless cache would hit, where only a prompt's leading
   * run counts.
   */
  readonly ideal_prefix_hit: number | null;
  /**
   * The share of block references that an LRU cache over blocks would hit, each looked up and
   * touched in order.
   */
  readonly lru_hit: readonly { readonly blocks: number; readonly hit: number | null }[] | null;
  readonly anomalies: {
    /** Rows with no input tokens, or with no output tokens although they did not fail. */
    readonly zero_lengths: number;
    /** Rows that arrive before the row in front of them. */
    readonly out_of_order: number;
    /** Rows with another number of blocks than their prompt needs. */
    readonly block_count_mismatch: number | null;
    /** Blocks that follow two different blocks, which no chained id does. */
    readonly two_parents: number | null;
  };
  /**
   * Instants at which something arrives. In a trace out of order an instant counts again after each
   * step back.
   */
  readonly distinct_timestamps: number;
  /** Rows that the source says failed. */
  readonly failed: number;
  /** Conversations; rows that stand alone are in none. */
  readonly sessions: number;
};

const tokens = (counts: Counts): TokenStatistics => {
  const rows = counts.size();
  const at = (share: number): number | null => (rows === 0 ? null : counts.percentile(share));
  return {
    mean: rows === 0 ? null : counts.total() / rows,
    p50: at(0.5),
    p90: at(0.9),
    p99: at(0.99),
    max: rows === 0 ? null : counts.max(),
    total: counts.total(),
  };
};

const blockStatistics = (figures: BlockFigures) => {
  const references = figures.references();
  const share = (hits: number): number | null => (references === 0 ? null : hits / references);
  const hits = figures.lruHits();
  return {
    block_refs: references,
    distinct_blocks: figures.distinct(),
    ideal_prefix_hit: share(figures.prefixHits()),
    lru_hit: LRU_CAPACITIES.map((blocks, at) => ({ blocks, hit: share(hits[at] ?? 0) })),
  };
};

const NO_BLOCKS = {
  block_refs: null,
  distinct_blocks: null,
  ideal_prefix_hit: null,
  lru_hit: null,
} as const;

/** Counts what can be seen in the rows one after the other, blocks aside. */
const createRowFigures = () => {
  let first = Number.POSITIVE_INFINITY;
  let last = 0;
  let previous = -1;
  let rows = 0;
  const seen = { zeroLengths: 0, outOfOrder: 0, instants: 0, failed: 0, sessions: 0 };
  return {
    seen,
    span: (): number | null => (rows === 0 ? null : last - first),
    row({ arrivalNs, inputTokens, outputTokens, failed, session }: TraceRequest): void {
      first = Math.min(first, arrivalNs);
      last = Math.max(last, arrivalNs);
      if (arrivalNs < previous) seen.outOfOrder += 1;
      if (arrivalNs !== previous) seen.instants += 1;
      previous = arrivalNs;
      rows += 1;
      if (inputTokens === 0 || (outputTokens === 0 && !failed)) seen.zeroLengths += 1;
      if (failed) seen.failed += 1;
      // Sessions are numbered in order of first appearance, so a new one is one past the highest.
      if (session >= seen.sessions) seen.sessions += 1;
    },
  };
};

/**
 * Measures a trace in one pass. `blockTokens` is null for a trace without blocks; a trace whose
 * last block is dropped when the prompt does not fill it says so in `lastBlock`, as its conventions
 * do. Memory goes with the different token counts and the different blocks, not with the rows.
 */
export const traceStatistics = (
  requests: Iterable<TraceRequest>,
  blockTokens: number | null,
  lastBlock: TraceConventions["lastBlock"] = "partial",
): TraceStatistics => {
  const input = createCounts();
  const output = createCounts();
  const rowFigures = createRowFigures();
  const blockFigures = createBlockFigures(LRU_CAPACITIES);
  const whole = lastBlock === "dropped" ? Math.floor : Math.ceil;
  let mismatches = 0;
  for (const request of requests) {
    rowFigures.row(request);
    input.add(request.inputTokens);
    output.add(request.outputTokens);
    if (blockTokens === null) continue;
    blockFigures.prompt(request.blocks);
    if (request.blocks.length !== whole(request.inputTokens / blockTokens)) mismatches += 1;
  }
  const { zeroLengths, outOfOrder, instants, failed, sessions } = rowFigures.seen;
  return {
    rows: input.size(),
    span_ns: rowFigures.span(),
    input_tokens: tokens(input),
    output_tokens: tokens(output),
    ...(blockTokens === null ? NO_BLOCKS : blockStatistics(blockFigures)),
    anomalies: {
      zero_lengths: zeroLengths,
      out_of_order: outOfOrder,
      block_count_mismatch: blockTokens === null ? null : mismatches,
      two_parents: blockTokens === null ? null : blockFigures.twoParents(),
    },
    distinct_timestamps: instants,
    failed,
    sessions,
  };
};
