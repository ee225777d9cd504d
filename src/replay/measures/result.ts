/** What a run is measured by, as plain data for JSON: units in names, and null where there is nothing to speak of. */

/** How a quantity is spread. Count, mean and largest are exact, always. All but the count are null when there was nothing. */
export type Spread = {
  readonly count: number;
  readonly mean: number | null;
  /** Nearest-rank percentiles: one of the values, or within `PERCENTILES.relative_error` of it where `exact` is false. */
  readonly p50: number | null;
  readonly p90: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
  readonly max: number | null;
  readonly exact: boolean;
};

/** How requests ended: total = completed + failed + cancelled. */
export type RequestCounts = {
  readonly total: number;
  readonly completed: number;
  readonly failed: number;
  readonly cancelled: number;
  /** Rows that had already failed where the trace was recorded: left out, and not in `total`. */
  readonly failed_at_source: number;
};

/** How many requests ended badly for each reason, by reason. */
export type Reasons = Readonly<Record<string, number>>;

/** Tokens, or tokens a second. */
export type Tokens = {
  /** In the prompts of those that were given a first token. */
  readonly input: number;
  /** Given, to whomever. */
  readonly output: number;
  /** Prompt tokens that went through the model: those that no cache spared, recomputations included. */
  readonly computed: number;
};

/** Requests that were good enough: completed, and within every bound that is set. A bound that is not set has null. */
export type Goodput = {
  readonly requests: number;
  /** Of all that ended, however they did. Null when none did. */
  readonly share: number | null;
  readonly requests_per_s: number | null;
  /** Completed requests within each bound by itself. */
  readonly within_ttft: number | null;
  /** A request of one token has no time between tokens, and so is within any. */
  readonly within_tpot: number | null;
  readonly within_e2e: number | null;
};

/** Blocks by where they came from: fetched ones by how far another worker was. */
export type BlocksByDistance = {
  readonly local: number;
  readonly switch: number;
  readonly superchip: number;
  readonly domain: number;
  readonly rack: number;
};

/** Both definitions of a hit rate, because they can differ by a factor of two. */
export type HitRate = {
  readonly block_refs: number;
  readonly hit_blocks: number;
  /** Blocks hit ÷ blocks referred to, over the run. Null where no block has a name. */
  readonly ratio_of_sums: number | null;
  /** The mean over requests of each one's own ratio. Null likewise. */
  readonly mean_of_ratios: number | null;
};

/** What one cache would have found that holds all and forgets nothing. */
export type InfiniteCache = HitRate & { readonly distinct_blocks: number };

/** How much of the prompts was found in a cache, when requests were first taken up; of those that were given a first token. */
export type HitRates = HitRate & {
  readonly blocks_by_distance: BlocksByDistance;
  /** Of all that arrived, in the order in which they did; a cache for each kind of KV. */
  readonly infinite_cache: InfiniteCache;
};

/** Bytes by what they went over. */
export type BytesByDistance = Omit<BlocksByDistance, "local">;

/** KV that arrived at a worker from elsewhere. */
export type Transfers = {
  readonly count: number;
  readonly blocks: number;
  readonly bytes: number;
  readonly bytes_by_distance: BytesByDistance;
  /** Of the bytes: what was found in a cache, and what went from who prefilled to who decodes. */
  readonly fetched_bytes: number;
  readonly handed_over_bytes: number;
};

/** How busy the workers of a deployment were. */
export type DeploymentLoad = {
  /** Its place in the options. */
  readonly deployment: number;
  /** How many there have been, each that came back under its number counted once. */
  readonly workers: number;
  /** Computing ÷ being there, over all of them, and of the least and the most busy. Null when they were there for no time. */
  readonly busy_share: number | null;
  readonly busy_share_least: number | null;
  readonly busy_share_most: number | null;
  readonly prefill_tokens: number;
  readonly decode_tokens: number;
};

/** How busy the rack was in each of up to 32 intervals of equal length, of which the last may be shorter. */
export type LoadOverTime = {
  readonly every_ns: number;
  readonly busy_share: readonly (number | null)[];
  /** The busiest worker of a deployment ÷ the mean of it, of whichever deployment that is the most uneven. */
  readonly busy_max_over_mean: readonly (number | null)[];
  /** Requests in workers' queues at the end of each. */
  readonly waiting: readonly number[];
};

/** How busy the workers were. */
export type Utilisation = {
  readonly busy_share: number | null;
  readonly by_deployment: readonly DeploymentLoad[];
  readonly over_time: LoadOverTime;
};

/** The busiest worker of a deployment ÷ the mean of it, of whichever deployment is the most uneven: 1 is even. Null when nothing was served. */
export type Imbalance = {
  /** By prompts computed and KV taken over. */
  readonly requests_max_over_mean: number | null;
  /** By tokens computed and given. */
  readonly tokens_max_over_mean: number | null;
  /** By time spent computing. */
  readonly busy_max_over_mean: number | null;
};

/** What it cost that the directory hears late. */
export type Staleness = {
  readonly decisions: number;
  /** Decisions at which what the directory said of a prompt was not what the pools had. */
  readonly stale: number;
  /** Decisions that would have been for another worker. */
  readonly misled: number;
  /** Leading blocks that the chosen worker was said to have and had no more, and that it had and was not said to. */
  readonly blocks_gone: number;
  readonly blocks_unheard: number;
  /** Prompt tokens computed that a directory without delay would have spared, net of those that luck spared; and the time for it. */
  readonly regret_tokens: number;
  readonly regret_ns: number;
};

/** Up to how many values percentiles are exact, and how far off they may be beyond. */
export const PERCENTILES = Object.freeze({ exact_up_to: 2 ** 17, relative_error: 0.001 });

/** All of it. */
export type RunMeasures = {
  readonly requests: RequestCounts;
  readonly failures: Reasons;
  readonly cancellations: Reasons;
  readonly tokens: Tokens;
  /** Over the whole span. Null when that is no time. */
  readonly tokens_per_s: Tokens | null;
  /** Null when no bound is set. */
  readonly goodput: Goodput | null;
  /** From arrival until a worker took it up, of all that were. */
  readonly queueing_ns: Spread;
  /** From arrival to the first token, of all that were given one. */
  readonly ttft_ns: Spread;
  /** From each token to the next, of all that were given. */
  readonly itl_ns: Spread;
  /** From the first token to the last ÷ tokens after the first, of those that completed. */
  readonly tpot_ns: Spread;
  /** From arrival to end, of those that completed. */
  readonly e2e_ns: Spread;
  readonly percentiles: typeof PERCENTILES;
  readonly hits: HitRates;
  readonly transfers: Transfers;
  readonly utilisation: Utilisation;
  readonly imbalance: Imbalance;
  readonly evictions: number;
  readonly promotions: number;
  readonly preemptions: number;
  readonly swaps: number;
  /** How often a request was sent again because its worker was gone. */
  readonly restarts: number;
  /** Null when the directory hears at once. */
  readonly staleness: Staleness | null;
  /** From the run's start to the last end. */
  readonly span_ns: number;
};
