import { REPLAY_DEFAULTS, type ReplayResult, type Spread } from "#replay";

const spread: Spread = {
  count: 2,
  mean: 1_200_000.5,
  p50: 1_200_000,
  p90: 2e6,
  p95: 2e6,
  p99: 2e6,
  max: 2e6,
  exact: true,
};

const watched = { evaluated: 9, premise_true: 9, violated: 0 };

/** A small run in which everything is a number that a reader can tell from the others. */
export const RESULT: ReplayResult = {
  options: REPLAY_DEFAULTS,
  rack: {
    block_tokens: 64,
    deployments: [
      {
        deployment: 0,
        kind: "llama-405b/fp4/fp8/tp8",
        role: "both",
        workers: 9,
        capacity_blocks: 1000,
        block_bytes: 4_000_000,
      },
    ],
  },
  requests: { total: 5, completed: 3, failed: 1, cancelled: 1, failed_at_source: 0 },
  failures: { "too long": 1 },
  cancellations: { deadline: 1 },
  tokens: { input: 30, output: 12, computed: 24 },
  tokens_per_s: { input: 10, output: 4, computed: 8 },
  goodput: null,
  hits: {
    block_refs: 8,
    hit_blocks: 2,
    ratio_of_sums: 0.25,
    mean_of_ratios: 0.125,
    blocks_by_distance: { local: 1, switch: 0, superchip: 0, domain: 0, rack: 1 },
    infinite_cache: {
      block_refs: 8,
      hit_blocks: 2,
      ratio_of_sums: 0.25,
      mean_of_ratios: 0.125,
      distinct_blocks: 6,
    },
  },
  queueing_ns: spread,
  ttft_ns: spread,
  itl_ns: spread,
  tpot_ns: spread,
  e2e_ns: spread,
  percentiles: { exact_up_to: 131_072, relative_error: 0.001 } as ReplayResult["percentiles"],
  utilisation: {
    busy_share: 0.5,
    by_deployment: [
      {
        deployment: 0,
        workers: 9,
        busy_share: 0.5,
        busy_share_least: 0,
        busy_share_most: 1,
        prefill_tokens: 24,
        decode_tokens: 12,
      },
    ],
    over_time: {
      every_ns: 2_000_000_000,
      busy_share: [0.75, 0],
      busy_max_over_mean: [1.5, null],
      waiting: [1, 0],
    },
  },
  imbalance: { requests_max_over_mean: 1.5, tokens_max_over_mean: null, busy_max_over_mean: 1.5 },
  evictions: 0,
  promotions: 0,
  preemptions: 0,
  swaps: 0,
  restarts: 0,
  staleness: null,
  transfers: {
    count: 1,
    blocks: 1,
    bytes: 4_000_000,
    bytes_by_distance: { switch: 0, superchip: 0, domain: 0, rack: 4_000_000 },
    fetched_bytes: 4_000_000,
    handed_over_bytes: 0,
  },
  span_ns: 3_000_000_000,
  events: 12,
  digest: "00ff",
  stopped: false,
  violations: 1,
  first_violations: [{ id: "RUN-3", at_ns: 1_200_000, request: 2, found: 7 }],
  invariants: [
    { id: "RUN-1", statement: "time never goes back", ...watched },
    { id: "RUN-2", statement: "a full pool evicts", ...watched, premise_true: 0 },
    { id: "RUN-3", statement: "a hit is present", ...watched, premise_true: 3, violated: 1 },
  ],
};
