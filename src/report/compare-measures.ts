/** What runs are compared by, as data. */

/** One measure of a run's summary, or several of a kind. */
export type ComparedMeasure = {
  /** Where it stands, members joined by dots; its name says its unit. A `*` stands for any one member. */
  readonly path: string;
  /** For people; a `*` in it becomes the member that stands there. */
  readonly title: string;
  /** Which way is better; neither way where that depends on what one wants. */
  readonly better: "lower" | "higher" | "neither";
  /** What it is when a run does not say: nothing, unless a count of what did not happen is simply left out. */
  readonly absent?: 0;
  /** Whether it is shown only where it is something in some run. */
  readonly isRare?: true;
};

const spread = (path: string, title: string): readonly ComparedMeasure[] =>
  ["mean", "p50", "p90", "p95", "p99", "max"].map((share) => ({
    path: `${path}.${share}`,
    title: `${title}, ${share}`,
    better: "lower",
  }));

const tokens = (path: string, what: string): readonly ComparedMeasure[] => [
  { path: `${path}.input`, title: `prompt tokens${what}`, better: "higher" },
  { path: `${path}.output`, title: `output tokens${what}`, better: "higher" },
  { path: `${path}.computed`, title: `prompt tokens computed${what}`, better: "neither" },
];

/**
 * In the order in which they are printed. A run of an older or a newer version may lack any of them; what it has besides is shown on request.
 */
export const COMPARED: readonly ComparedMeasure[] = [
  { path: "requests.total", title: "requests", better: "neither" },
  { path: "requests.completed", title: "completed", better: "higher" },
  { path: "requests.failed", title: "failed", better: "lower" },
  { path: "failures.*", title: "failed: *", better: "lower", absent: 0 },
  { path: "requests.cancelled", title: "cancelled", better: "lower", isRare: true },
  { path: "cancellations.*", title: "cancelled: *", better: "lower", absent: 0 },
  { path: "goodput.share", title: "goodput, share of all", better: "higher" },
  { path: "goodput.requests_per_s", title: "goodput, requests a second", better: "higher" },
  { path: "goodput.within_ttft", title: "soon enough: first token", better: "higher" },
  { path: "goodput.within_tpot", title: "soon enough: further tokens", better: "higher" },
  { path: "goodput.within_e2e", title: "soon enough: end", better: "higher" },
  ...spread("queueing_ns", "queueing"),
  ...spread("ttft_ns", "time to first token"),
  ...spread("itl_ns", "between two tokens"),
  ...spread("tpot_ns", "time per output token"),
  ...spread("e2e_ns", "end to end"),
  ...tokens("tokens_per_s", " a second"),
  { path: "tokens.computed", title: "prompt tokens computed", better: "lower" },
  { path: "hits.ratio_of_sums", title: "hit rate, of all blocks", better: "higher" },
  { path: "hits.mean_of_ratios", title: "hit rate, mean over requests", better: "higher" },
  {
    path: "hits.infinite_cache.ratio_of_sums",
    title: "hit rate of one endless cache",
    better: "neither",
  },
  { path: "hits.blocks_by_distance.*", title: "blocks found: *", better: "neither", isRare: true },
  { path: "transfers.bytes", title: "moved between workers", better: "neither" },
  {
    path: "transfers.fetched_bytes",
    title: "fetched from other workers",
    better: "neither",
    isRare: true,
  },
  {
    path: "transfers.handed_over_bytes",
    title: "handed over to decode",
    better: "neither",
    isRare: true,
  },
  { path: "transfers.bytes_by_distance.*", title: "moved: *", better: "neither", isRare: true },
  { path: "utilisation.busy_share", title: "workers busy", better: "neither" },
  {
    path: "utilisation.by_deployment.*.busy_share",
    title: "workers busy, deployment *",
    better: "neither",
  },
  { path: "imbalance.requests_max_over_mean", title: "imbalance by requests", better: "lower" },
  { path: "imbalance.tokens_max_over_mean", title: "imbalance by tokens", better: "lower" },
  { path: "imbalance.busy_max_over_mean", title: "imbalance by time", better: "lower" },
  { path: "evictions", title: "evictions", better: "neither" },
  { path: "promotions", title: "promotions to a switch", better: "neither", isRare: true },
  { path: "preemptions", title: "preemptions", better: "lower", isRare: true },
  { path: "swaps", title: "swaps of models", better: "neither", isRare: true },
  { path: "restarts", title: "sent again", better: "lower", isRare: true },
  { path: "staleness.stale", title: "decisions by what was no longer so", better: "lower" },
  { path: "staleness.misled", title: "decisions misled", better: "lower" },
  { path: "staleness.regret_tokens", title: "tokens regretted", better: "lower" },
  { path: "staleness.regret_ns", title: "time regretted", better: "lower" },
  { path: "span_ns", title: "span", better: "lower" },
  { path: "violations", title: "violations", better: "lower" },
];
