import type { RoutedPrompt, Router, ServingGroup } from "#rack";
import type { Live } from "./live.ts";
import type { EngineWorker } from "./worker.ts";

/** A decision of the router, beside what it would have been had the directory heard at once. */
export type LateDecision = {
  /** Leading blocks that the directory says the chosen worker has, and those that its pool has. */
  readonly saidBlocks: number;
  readonly heldBlocks: number;
  /** Whether any worker's leading run was not what the directory said. */
  readonly isStale: boolean;
  /** Whether another worker would have been chosen. */
  readonly isMisled: boolean;
  /** Prompt tokens to compute, and the time for it, above what it would have been; negative when luck spared some. */
  readonly regretTokens: number;
  readonly regretNs: number;
};

/** Holds a decision that has just been made by what a directory had heard against what the pools have. */
export const lateDecision = (
  router: Router,
  group: ServingGroup,
  mask: Uint8Array,
  prompt: RoutedPrompt,
  worker: EngineWorker,
  live: Live,
): LateDecision => {
  const { place } = worker.serving;
  const said = Array.from(mask, (_, at) => group.run(at));
  const knowing = group.chooseKnowing(router, mask, prompt);
  const isStale = said.some((run, at) => mask[at] === 1 && run !== group.run(at));
  const { blockTokens, prefillNs } = worker.costs;
  const heldBlocks = group.run(place);
  const tokens = live.tokensBehind(heldBlocks, blockTokens);
  const least = live.tokensBehind(group.run(knowing), blockTokens);
  return {
    saidBlocks: said[place] as number,
    heldBlocks,
    isStale,
    isMisled: knowing !== place,
    regretTokens: tokens - least,
    regretNs: prefillNs(tokens) - prefillNs(least),
  };
};
