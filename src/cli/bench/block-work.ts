/** The directory and the pool at work on their own, in this process: how many block operations a second. */
import { isRefused } from "#base";
import { BlockPool, createBlockDirectory } from "#rack";
import type { Sample } from "./figure.ts";

/** One request's chain: a Mooncake request refers to 24.0 blocks in the mean. */
const CHAIN = 24;

/** Workers of a rack at TP 1. */
const WORKERS = 72;

/** How many chains later a chain is asked for again: near enough to be there still. */
const RETURNS_AFTER = 100;

/** Every chain of some blocks, leading block first; what is left over at the end makes none. */
const chainsOf = (blocks: number): readonly Uint32Array[] =>
  Array.from({ length: Math.floor(blocks / CHAIN) }, (_, chain) =>
    Uint32Array.from({ length: CHAIN }, (_, depth) => chain * CHAIN + depth),
  );

const timed = (clock: () => number, work: () => number): Sample => {
  const startMs = clock();
  const count = work();
  return { ms: clock() - startMs, count, peakBytes: undefined };
};

/** Stores each block at one of 72 workers, follows each chain, and removes each block again: three operations a block. */
export const directoryWork = (blocks: number, clock: () => number): Sample => {
  const chains = chainsOf(blocks);
  const directory = createBlockDirectory({ workers: WORKERS, tiers: 1 });
  const ids = new Uint32Array(WORKERS);
  const runs = new Uint32Array(WORKERS);
  const nextId = (worker: number): number => {
    const id = ids[worker] as number;
    ids[worker] = id + 1;
    return id;
  };
  return timed(clock, () => {
    let count = 0;
    for (const [at, chain] of chains.entries()) {
      const worker = at % WORKERS;
      for (const block of chain) directory.stored(worker, 0, block, nextId(worker));
      count += chain.length;
    }
    for (const chain of chains) count += directory.leadingRuns(chain, runs);
    for (const [at, chain] of chains.entries()) {
      const worker = at % WORKERS;
      for (const block of chain) directory.removed(worker, 0, block, nextId(worker));
      count += chain.length;
    }
    return count;
  });
};

/**
 * Admits, fills and releases each chain, and the one of a hundred before once more: six operations a block. What does not fit evicts.
 * Counts what was admitted.
 */
export const poolWork = (blocks: number, capacity: number, clock: () => number): Sample => {
  const chains = chainsOf(blocks);
  const pool = new BlockPool(capacity, { stored: () => undefined, removed: () => undefined });
  let request = 0;
  const serve = (chain: Uint32Array | undefined): number => {
    if (chain === undefined) return 0;
    request += 1;
    if (isRefused(pool.admit(request, chain, 0))) return 0;
    pool.fill(request);
    pool.release(request);
    return 3 * chain.length;
  };
  return timed(clock, () => {
    let count = 0;
    for (const [at, chain] of chains.entries()) {
      count += serve(chain) + serve(chains[at - RETURNS_AFTER]);
    }
    return count;
  });
};
