import type { LateDecision } from "../engine/late-decision.ts";
import type { Staleness } from "./result.ts";

/** What it costs that a directory hears late. */
export class Lateness {
  readonly #sums = {
    decisions: 0,
    stale: 0,
    misled: 0,
    blocks_gone: 0,
    blocks_unheard: 0,
    regret_tokens: 0,
    regret_ns: 0,
  };

  decided(decision: LateDecision): void {
    const sums = this.#sums;
    const { saidBlocks, heldBlocks } = decision;
    sums.decisions += 1;
    if (decision.isStale) sums.stale += 1;
    if (decision.isMisled) sums.misled += 1;
    sums.blocks_gone += Math.max(0, saidBlocks - heldBlocks);
    sums.blocks_unheard += Math.max(0, heldBlocks - saidBlocks);
    sums.regret_tokens += decision.regretTokens;
    sums.regret_ns += decision.regretNs;
  }

  found(): Staleness {
    return { ...this.#sums };
  }
}
