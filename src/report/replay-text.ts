import type { ReplayResult, Spread } from "#replay";
import { violationTable } from "./run-report.ts";
import { decimals, showCount, showDuration, showRatio, showSize } from "./show.ts";
import { type Table, table } from "./table.ts";
import { textTable } from "./text-table.ts";

const SPREADS = {
  queueing_ns: "queueing",
  ttft_ns: "time to first token",
  tpot_ns: "time per output token",
  e2e_ns: "end to end",
} as const satisfies Partial<Record<keyof ReplayResult, string>>;

const SHARES = ["mean", "p50", "p90", "p95", "p99", "max"] as const satisfies (keyof Spread)[];

/** How a run's latencies are spread, a quantity a row. */
const latencyTable = (result: ReplayResult): Table =>
  table({
    columns: [
      { name: "quantity", title: "" },
      ...SHARES.map((name) => ({ name, title: name, align: "right", show: showDuration }) as const),
    ],
    rows: (Object.keys(SPREADS) as (keyof typeof SPREADS)[]).map((quantity) => {
      const { mean, p50, p90, p95, p99, max } = result[quantity];
      return { quantity: SPREADS[quantity], mean, p50, p90, p95, p99, max };
    }),
    empty: "No latency was measured.",
  });

const line = (name: string, text: string): string => `${name.padEnd(12)}${text}\n`;

const hitLines = ({ hits, requests }: ReplayResult): readonly string[] => {
  if (hits.ratio_of_sums === null) {
    const why = requests.completed === 0 ? "no request was served" : "the trace names no blocks";
    return [line("hits", `none: ${why}`)];
  }
  const { local, superchip, domain, rack } = hits.blocks_by_distance;
  const from = [
    `${showCount(local)} local`,
    `${showCount(superchip)} same superchip`,
    `${showCount(domain)} same domain`,
    `${showCount(rack)} across the rack`,
  ];
  return [
    line(
      "hits",
      `${showRatio(hits.ratio_of_sums)} of ${showCount(hits.block_refs)} block references; mean over requests ${showRatio(hits.mean_of_ratios ?? 0)}`,
    ),
    line("", from.join(", ")),
  ];
};

const requestLine = ({ requests, failures }: ReplayResult): string => {
  const reasons = Object.entries(failures).map(
    ([reason, count]) => `${showCount(count)} ${reason}`,
  );
  const failed = `${showCount(requests.failed)} failed${reasons.length > 0 ? ` (${reasons.join(", ")})` : ""}`;
  const source =
    requests.failed_at_source > 0
      ? `, ${showCount(requests.failed_at_source)} left out that failed at their source`
      : "";
  return `${showCount(requests.total)}: ${showCount(requests.completed)} completed, ${failed}${source}`;
};

const invariantLine = ({ invariants, violations }: ReplayResult): string => {
  const looks = invariants.reduce((sum, { evaluated }) => sum + evaluated, 0);
  const unmet = invariants.filter(({ premise_true }) => premise_true === 0).map(({ id }) => id);
  const never = unmet.length > 0 ? `; never met: ${unmet.join(", ")}` : "";
  return `${invariants.length} watched, looked at ${showCount(looks)} times: ${violations === 0 ? "none violated" : `${showCount(violations)} VIOLATIONS`}${never}`;
};

const violationText = ({ first_violations }: ReplayResult): string =>
  first_violations.length === 0 ? "" : `\n${textTable(violationTable(first_violations))}`;

/** A run for a person at a terminal: what was replayed on what, what became of it, and how long things took. */
export const replayText = (title: string, result: ReplayResult): string => {
  const { options, rack, transfers, imbalance } = result;
  const busiest = (ratio: number | null): string => (ratio === null ? "–" : decimals(ratio, 2));
  return [
    `${title}: ${options.model}, weights ${options.weight_format}, KV ${options.kv_format}, ${rack.workers} workers of TP ${options.tp}, ${options.policy}\n\n`,
    line("requests", requestLine(result)),
    ...hitLines(result),
    line(
      "blocks",
      `${showCount(rack.capacity_blocks)} a worker of ${showSize(rack.block_bytes)}; ${showCount(result.evictions)} evictions`,
    ),
    line(
      "transfers",
      `${showCount(transfers.count)} with ${showCount(transfers.blocks)} blocks, ${showSize(transfers.bytes)}`,
    ),
    line(
      "imbalance",
      `busiest worker ÷ mean: ${busiest(imbalance.requests_max_over_mean)} by requests, ${busiest(imbalance.tokens_max_over_mean)} by tokens`,
    ),
    line("span", `${showDuration(result.span_ns)} in ${showCount(result.events)} events`),
    line("invariants", invariantLine(result)),
    line("digest", result.digest),
    `\n${textTable(latencyTable(result))}`,
    violationText(result),
  ].join("");
};
