/** A run for a person at a terminal. */
import type { ReplayResult, Spread } from "#replay";
import { givenText } from "./replay-given-text.ts";
import { hitTexts, movedTexts, stalenessTexts, workerTexts } from "./replay-rack-text.ts";
import { violationTable } from "./run-report.ts";
import { decimals, showCount, showDuration, showNumber, showRatio } from "./show.ts";
import { type Table, table } from "./table.ts";
import { line } from "./text-line.ts";
import { textTable } from "./text-table.ts";

const SPREADS = {
  queueing_ns: "queueing",
  ttft_ns: "time to first token",
  itl_ns: "between tokens",
  tpot_ns: "time per output token",
  e2e_ns: "end to end",
} as const satisfies Partial<Record<keyof ReplayResult, string>>;

const QUANTITIES = Object.keys(SPREADS) as readonly (keyof typeof SPREADS)[];

const SHARES = ["mean", "p50", "p90", "p95", "p99", "max"] as const satisfies (keyof Spread)[];

/** How a run's latencies are spread, a quantity a row. */
const latencyTable = (result: ReplayResult): Table =>
  table({
    columns: [
      { name: "quantity", title: "" },
      ...SHARES.map((name) => ({ name, title: name, align: "right", show: showDuration }) as const),
    ],
    rows: QUANTITIES.map((quantity) => {
      const { mean, p50, p90, p95, p99, max } = result[quantity];
      return { quantity: SPREADS[quantity], mean, p50, p90, p95, p99, max };
    }),
    empty: "No latency was measured.",
  });

const roundly = (value: number): string => showCount(Math.round(value));

/** `2 too long, 1 deadline`, in brackets; nothing for none. */
const why = (reasons: Readonly<Record<string, number>>): string => {
  const parts = Object.entries(reasons).map(([reason, count]) => `${showCount(count)} ${reason}`);
  return parts.length === 0 ? "" : ` (${parts.join(", ")})`;
};

const requestText = ({
  requests,
  failures,
  cancellations,
  span_ns,
  events,
}: ReplayResult): string => {
  const { total, completed, failed, cancelled, failed_at_source: left } = requests;
  const ends = [
    completed === total && total > 0 ? "all completed" : `${showCount(completed)} completed`,
    ...(failed > 0 ? [`${showCount(failed)} failed${why(failures)}`] : []),
    ...(cancelled > 0 ? [`${showCount(cancelled)} cancelled${why(cancellations)}`] : []),
    ...(left > 0 ? [`${showCount(left)} left out that failed at their source`] : []),
  ];
  return `${showCount(total)} over ${showDuration(span_ns)}, ${showNumber(events, "event")}: ${ends.join(", ")}`;
};

const tokenTexts = ({ tokens_per_s }: ReplayResult): readonly string[] => {
  if (tokens_per_s === null) return [];
  const { input, computed, output } = tokens_per_s;
  return [
    `${roundly(input)}/s of prompts, ${roundly(computed)}/s of them computed; ${roundly(output)}/s of output`,
  ];
};

const goodputTexts = ({ goodput, options: { slo } }: ReplayResult): readonly string[] => {
  if (goodput === null) return [];
  const { requests, share, requests_per_s: rate } = goodput;
  const bounds = [
    [slo.ttft_ns, "to the first token", goodput.within_ttft],
    [slo.tpot_ns, "per further token", goodput.within_tpot],
    [slo.e2e_ns, "to the end", goodput.within_e2e],
  ] as const;
  const kept = bounds.flatMap(([bound, what, within]) =>
    bound === null ? [] : [`${showCount(within ?? 0)} within ${showDuration(bound)} ${what}`],
  );
  return [
    `${showRatio(share ?? 0)}: ${showCount(requests)} requests${rate === null ? "" : `, ${decimals(rate, 2)}/s`}; ${kept.join(", ")}`,
  ];
};

/** What happened besides, as far as it did. */
const besidesText = (result: ReplayResult): string => {
  const counts = [
    [result.evictions, "eviction"],
    [result.preemptions, "preemption"],
    [result.promotions, "promotion to a switch", "promotions to a switch"],
    [result.swaps, "swap of models", "swaps of models"],
    [result.restarts, "request sent again", "requests sent again"],
  ] as const;
  const some = counts
    .filter(([count]) => count > 0)
    .map(([count, one, more]) => showNumber(count, one, more));
  return some.length === 0 ? "no eviction, no preemption" : some.join(", ");
};

const invariantTexts = ({
  invariants,
  violations,
  options,
  stopped,
}: ReplayResult): readonly string[] => {
  if (invariants.length === 0) return [`none watched: checks are ${options.checks}`];
  const looks = invariants.reduce((sum, { evaluated }) => sum + evaluated, 0);
  const unmet = invariants.filter(({ premise_true }) => premise_true === 0).map(({ id }) => id);
  const found = violations === 0 ? "none violated" : showNumber(violations, "VIOLATION");
  return [
    `${invariants.length} watched, looked at ${showCount(looks)} times: ${found}`,
    ...(unmet.length > 0 ? [`not shown here, because it never came up: ${unmet.join(", ")}`] : []),
    ...(stopped ? ["stopped there: what was measured is of the run until then"] : []),
  ];
};

const sketchNote = (result: ReplayResult): string => {
  const { relative_error, exact_up_to } = result.percentiles;
  const rough = QUANTITIES.filter((quantity) => !result[quantity].exact);
  if (rough.length === 0) return "";
  const which = rough.map((quantity) => SPREADS[quantity]).join(", ");
  return `\nPercentiles are exact up to ${showCount(exact_up_to)} values, and within ${decimals(relative_error * 100, 1)} % here: ${which}.\n`;
};

const violationText = ({ first_violations }: ReplayResult): string =>
  first_violations.length === 0 ? "" : `\n${textTable(violationTable(first_violations))}`;

/** A run for a person at a terminal: what was replayed on what, what became of it, and how long things took. */
export const replayText = (title: string, result: ReplayResult): string =>
  [
    `${title}\n\n`,
    givenText(result),
    "\n",
    line("requests", requestText(result)),
    line("goodput", ...goodputTexts(result)),
    line("tokens", ...tokenTexts(result)),
    line("hits", ...hitTexts(result)),
    line("staleness", ...stalenessTexts(result)),
    line("moved", ...movedTexts(result)),
    line("workers", ...workerTexts(result)),
    line("besides", besidesText(result)),
    line("invariants", ...invariantTexts(result)),
    line("digest", result.digest),
    `\n${textTable(latencyTable(result))}`,
    sketchNote(result),
    violationText(result),
  ].join("");
