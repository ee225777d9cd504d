import { assert, isRefused } from "#base";
import type { Pool, PoolCounts } from "#rack";
import type { Batch } from "./batch.ts";
import type { Live } from "./live.ts";

/** Whose blocks are those that a batch has taken while it decoded: one holder a worker, because nobody ever looks an unnamed block up. */
const GROWN = -1;

const NO_BLOCKS = new Uint32Array(0);

/** The blocks that a batch takes for its output, each before the step that needs it. */
export class OutputBlocks {
  readonly #pool: Pool;
  readonly #batch: Batch;
  readonly #blockTokens: number;
  #blocks = 0;
  /** They have been taken for all steps below this count. */
  #steps = 0;

  constructor(pool: Pool, batch: Batch, blockTokens: number) {
    this.#blockTokens = blockTokens;
    this.#pool = pool;
    this.#batch = batch;
  }

  /** The count of steps below which each has its blocks. */
  get steps(): number {
    return this.#steps;
  }

  /** How many there are. */
  get count(): number {
    return this.#blocks;
  }

  /** Takes those of the next step. Whether there were enough; nothing has changed when there were not. */
  takeForStep(): boolean {
    const { steps } = this.#batch;
    // Somebody may have looked at this very instant, and found the step begun.
    if (this.#steps > steps) return true;
    if (!this.#take(this.#batch.growth(steps, steps + 1))) return false;
    this.#steps = steps + 1;
    return true;
  }

  /** Takes those of all steps below a count, for which it is known that there are enough. */
  takeUpTo(steps: number): void {
    if (steps <= this.#steps) return;
    const blocks = this.#batch.growth(this.#steps, steps);
    assert(this.#take(blocks), "a leap has blocks for its steps", blocks);
    this.#steps = steps;
  }

  /** No step has begun: whoever comes next needs its own. */
  rest(): void {
    this.#steps = this.#batch.steps;
  }

  /** Takes a request out of the batch, with the blocks that were taken for it since it joined. */
  takeOut(live: Live): void {
    // Before a step's blocks are taken, its count is that of the steps made; after, it is one more.
    const written = live.written + Math.max(0, this.#steps - live.joined);
    this.#batch.leave(live);
    this.#giveBack(this.#blocksOf(written) - this.#blocksOf(live.written));
  }

  #blocksOf(written: number): number {
    return Math.ceil(written / this.#blockTokens);
  }

  #giveBack(blocks: number): void {
    if (blocks === 0) return;
    this.#blocks -= blocks;
    this.#pool.release(GROWN);
    if (this.#blocks > 0) this.#pool.admit(GROWN, NO_BLOCKS, this.#blocks);
  }

  #take(blocks: number): boolean {
    if (blocks === 0) return true;
    const pool = this.#pool;
    const answer =
      this.#blocks === 0 ? pool.admit(GROWN, NO_BLOCKS, blocks) : pool.grow(GROWN, blocks);
    if (isRefused(answer)) return false;
    this.#blocks += blocks;
    return true;
  }
}

/** What a pool's counts are once some more blocks have been taken, for which there is room. */
export const countsAfter = ({ free, filling, active, cached }: PoolCounts, taken: number) => {
  const evicted = Math.max(0, taken - free);
  return {
    heldBlocks: filling + active + taken,
    cachedBlocks: cached - evicted,
    freeBlocks: free - taken + evicted,
  };
};
