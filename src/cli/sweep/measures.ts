/** The main measures of a run, as data: what a sweep compares. */
import type { ReplayResult } from "#replay";
import { decimals, showCount, showDuration, showRatio } from "#report";

/** One measure. Its name ends in its unit. */
export type Measure = {
  readonly name: string;
  readonly title: string;
  readonly show: (value: number) => string;
  /** Which value is best; none where that depends on what one wants. */
  readonly best?: "least" | "most";
  /** Whether people are shown it only where it is something in some run. */
  readonly isRare?: true;
  /** Nothing where the run has none. */
  of(result: ReplayResult): number | null;
};

const two = (value: number): string => decimals(value, 2);

const measure = (
  name: string,
  title: string,
  show: Measure["show"],
  of: Measure["of"],
  more: Pick<Measure, "best" | "isRare"> = {},
): Measure => ({ name, title, show, of, ...more });

const LEAST = { best: "least" } as const;
const MOST = { best: "most" } as const;
const RARE = { isRare: true } as const;

/** In the order of the columns. */
export const MEASURES: readonly Measure[] = [
  measure("completed", "Completed", showCount, ({ requests }) => requests.completed, MOST),
  measure("failed", "Failed", showCount, ({ requests }) => requests.failed, LEAST),
  measure("cancelled", "Cancelled", showCount, ({ requests }) => requests.cancelled, {
    ...LEAST,
    ...RARE,
  }),
  measure("goodput_share", "Goodput", showRatio, ({ goodput }) => goodput?.share ?? null, {
    ...MOST,
    ...RARE,
  }),
  measure("ttft_p50_ns", "TTFT p50", showDuration, ({ ttft_ns }) => ttft_ns.p50, LEAST),
  measure("ttft_p99_ns", "TTFT p99", showDuration, ({ ttft_ns }) => ttft_ns.p99, LEAST),
  measure("itl_p99_ns", "ITL p99", showDuration, ({ itl_ns }) => itl_ns.p99, LEAST),
  measure("tpot_p50_ns", "TPOT p50", showDuration, ({ tpot_ns }) => tpot_ns.p50, LEAST),
  measure("e2e_p99_ns", "E2E p99", showDuration, ({ e2e_ns }) => e2e_ns.p99, LEAST),
  measure(
    "output_tokens_per_s",
    "Tokens/s",
    (value) => showCount(Math.round(value)),
    ({ tokens_per_s }) => tokens_per_s?.output ?? null,
    MOST,
  ),
  measure("hit_rate", "Hit rate", showRatio, ({ hits }) => hits.ratio_of_sums, MOST),
  measure("imbalance", "Imbalance", two, ({ imbalance }) => imbalance.busy_max_over_mean, LEAST),
  measure("evictions", "Evictions", showCount, ({ evictions }) => evictions),
  measure("preemptions", "Preemptions", showCount, ({ preemptions }) => preemptions, RARE),
  measure("violations", "Violations", showCount, ({ violations }) => violations),
];
