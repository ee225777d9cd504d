/** What a run made of the rack, for a terminal: what was found, what was moved, how busy it was. */
import type { ReplayResult } from "#replay";
import {
  decimals,
  showBars,
  showCount,
  showDuration,
  showNumber,
  showRatio,
  showSize,
} from "./show.ts";

const ratio = (value: number | null): string => (value === null ? "–" : decimals(value, 2));

/** What was found in a cache, and where. */
export const hitTexts = ({ hits, requests }: ReplayResult): readonly string[] => {
  if (hits.ratio_of_sums === null) {
    return [
      `none: ${requests.completed === 0 ? "no request was served" : "the trace names no blocks"}`,
    ];
  }
  const { local, switch: inSwitch, superchip, domain, rack } = hits.blocks_by_distance;
  const from = [
    [local, "on the worker itself"],
    [inSwitch, "in a switch"],
    [superchip, "in its superchip"],
    [domain, "in its domain"],
    [rack, "across the rack"],
  ] as const;
  const found = from.filter(([blocks]) => blocks > 0);
  const ceiling = hits.infinite_cache.ratio_of_sums;
  return [
    `${showRatio(hits.ratio_of_sums)} of ${showCount(hits.block_refs)} block references${ceiling === null ? "" : `, where one endless cache finds ${showRatio(ceiling)}`}; mean over requests ${showRatio(hits.mean_of_ratios ?? 0)}`,
    ...(found.length === 0
      ? []
      : [found.map(([blocks, where]) => `${showCount(blocks)} ${where}`).join(", ")]),
  ];
};

/** What it cost that the directory heard late. */
export const stalenessTexts = ({ staleness }: ReplayResult): readonly string[] => {
  if (staleness === null) return [];
  const { decisions, stale, misled, blocks_gone, blocks_unheard, regret_tokens, regret_ns } =
    staleness;
  return [
    `${showCount(stale)} of ${showCount(decisions)} decisions by what was no longer so, ${showCount(misled)} for another worker than otherwise`,
    `${showCount(blocks_gone)} blocks were gone, ${showCount(blocks_unheard)} not heard of; ${showCount(regret_tokens)} tokens regretted, ${showDuration(regret_ns)}`,
  ];
};

/** KV that went from one worker to another. */
export const movedTexts = ({ transfers }: ReplayResult): readonly string[] => {
  const { count, blocks, fetched_bytes: fetched, handed_over_bytes: handed } = transfers;
  if (count === 0) return [];
  const parts = [
    ...(fetched > 0 ? [`${showSize(fetched)} fetched from other workers`] : []),
    ...(handed > 0 ? [`${showSize(handed)} handed over to decode`] : []),
  ];
  return [
    `${showNumber(blocks, "block")} in ${showNumber(count, "transfer")}: ${parts.join(", ")}`,
  ];
};

/** How busy each deployment was, and the whole rack over time. */
export const workerTexts = ({ utilisation, imbalance, rack }: ReplayResult): readonly string[] => {
  const { by_deployment, over_time } = utilisation;
  const each = by_deployment.map(
    ({ deployment, busy_share, busy_share_least, busy_share_most }) => {
      const role = rack.deployments[deployment]?.role ?? "both";
      const who =
        by_deployment.length === 1 ? "" : `${role === "both" ? `deployment ${deployment}` : role} `;
      return `${who}busy ${ratio(busy_share)} of the time, the least ${ratio(busy_share_least)}, the most ${ratio(busy_share_most)}`;
    },
  );
  const bars = showBars(over_time.busy_share);
  return [
    ...each,
    `busiest ÷ mean ${ratio(imbalance.busy_max_over_mean)} by time, ${ratio(imbalance.tokens_max_over_mean)} by tokens`,
    ...(bars === "" ? [] : [`${bars}  each bar ${showDuration(over_time.every_ns)}`]),
  ];
};
