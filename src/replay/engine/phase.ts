import type { Costs } from "#cost";
import type { Batch } from "./batch.ts";

/** Steps of a worker's batch, each of which gave all of its members a token: one that also prefilled, or any number that did not. */
export type DecodedSteps = {
  readonly steps: number;
  /** Members of the batch, the same in all of the steps; there may be none when it only prefilled. */
  readonly size: number;
  /** Tokens of KV that the first of the steps read. */
  readonly kvTokens: number;
  /** From the begin of the first step to the end of the last, and when that was. */
  readonly tookNs: number;
  readonly endNs: number;
  readonly isPrefilling: boolean;
};

/**
 * A stretch of steps in which a batch does not change: when each of them ends is a formula of how it began, whether or not anybody looks at it.
 */
export class Phase {
  startNs = 0;
  /** The batch's count of steps when it began. */
  base = 0;
  readonly #costs: Costs;
  #size = 0;
  #kvTokens = 0;
  /** How often the batch had changed; −1 when there is no phase. */
  #changes = -1;

  constructor(costs: Costs) {
    this.#costs = costs;
  }

  /** Begins, unless the batch is what it was when the phase that is under way began. */
  begin(batch: Batch, nowNs: number): void {
    if (this.#changes === batch.changes) return;
    this.startNs = nowNs;
    this.base = batch.steps;
    this.#size = batch.size;
    this.#kvTokens = batch.kvTokens;
    this.#changes = batch.changes;
  }

  /** Is over: whatever begins next is another. */
  end(): void {
    this.#changes = -1;
  }

  /** When a step of the phase ends, the first being 1; its begin is 0. */
  momentNs(step: number): number {
    return step === 0
      ? this.startNs
      : this.startNs + this.#costs.phaseNs(this.#size, this.#kvTokens, step);
  }

  /** The first step that ends at or after an instant; no step is shorter than the one before it, which bounds the search. */
  stepAt(nowNs: number): number {
    const span = nowNs - this.startNs;
    if (span <= 0) return 0;
    const spanOf = (step: number): number => this.#costs.phaseNs(this.#size, this.#kvTokens, step);
    let low = 1;
    let high = Math.ceil(span / spanOf(1)) + 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (spanOf(middle) >= span) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
