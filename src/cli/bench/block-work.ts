/** The directory and the pool at work on their own, in this process: how many block operations a second. */
import { isRefused } from "#base";
import { BlockPool, createBlockDirectory, type Directory } from "#rack";
import type { Sample } from "./figure.ts";

/** One request's chain: a Mooncake request refers to 24.0 blocks in the mean. */
const CHAIN = 24;

/** Workers of a rack at TP 1. */
const WORKERS = 72;

/** How many chains later a chain is asked for again: near enough to be there still. */
const RETURNS_AFTER = 100;

/** Every chain of some blocks, leading block first; what is left over at the end makes none. */
const chainsOf = (blocks: number, nameOf: (block: number) => number): readonly Uint32Array[] =>
  Array.from({ length: Math.floor(blocks / CHAIN) }, (_, chain) =>
    Uint32Array.from({ length: CHAIN }, (_, depth) => nameOf(chain * CHAIN + depth)),
  );

/** Blocks numbered in the order in which a trace first names them: those of a chain in a row. */
export const inOrder = (block: number): number => block;

/** As far from each other as 32 bits allow, so that no two of a chain lie near: what the numbering of an import spares a directory. */
export const scattered = (block: number): number => Math.imul(block + 1, 0x9e3779b1) >>> 0;

const timed = (clock: () => number, work: () => number): Sample => {
  const startMs = clock();
  const count = work();
  return { ms: clock() - startMs, count, peakBytes: undefined };
};

/** A prime, so that steps of it come by every chain and never by neighbours. */
const STRIDE = 7919;

/** A directory for so many blocks, and one request after the other that stores, looks up or removes a chain. */
class DirectoryAtWork {
  readonly directory: Directory;
  readonly chains: readonly Uint32Array[];
  readonly #ids = new Uint32Array(WORKERS);
  readonly #runs = new Uint32Array(WORKERS);

  constructor(chains: readonly Uint32Array[], blocksExpected: number) {
    this.chains = chains;
    this.directory = createBlockDirectory({ workers: WORKERS, tiers: 1, blocksExpected });
  }

  store(at: number): number {
    const chain = this.chains[at] as Uint32Array;
    const worker = at % WORKERS;
    const first = this.#nextIds(worker, chain.length);
    for (let depth = 0; depth < chain.length; depth += 1) {
      this.directory.stored(worker, 0, chain[depth] as number, first + depth);
    }
    return chain.length;
  }

  remove(at: number): number {
    const chain = this.chains[at] as Uint32Array;
    const worker = at % WORKERS;
    const first = this.#nextIds(worker, chain.length);
    for (let depth = 0; depth < chain.length; depth += 1) {
      this.directory.removed(worker, 0, chain[depth] as number, first + depth);
    }
    return chain.length;
  }

  lookUp(at: number): number {
    return this.directory.leadingRuns(this.chains[at] as Uint32Array, this.#runs);
  }

  /** The first of so many ids that nobody has used. */
  #nextIds(worker: number, count: number): number {
    const id = this.#ids[worker] as number;
    this.#ids[worker] = id + count;
    return id;
  }
}

/**
 * Stores each block at one of 72 workers, and then removes each; after every other chain one that is listed then is looked up, from
 * anywhere: three operations a block, and all blocks listed half way. The directory was made for so many.
 */
export const directoryWork = (
  blocks: number,
  nameOf: (block: number) => number,
  clock: () => number,
): Sample => {
  const chains = chainsOf(blocks, nameOf);
  const work = new DirectoryAtWork(chains, blocks);
  const last = chains.length - 1;
  return timed(clock, () => {
    let count = 0;
    for (let at = 0; at <= last; at += 1) {
      count += work.store(at);
      if (at % 2 === 0) count += work.lookUp((at * STRIDE) % (at + 1));
    }
    for (let at = 0; at <= last; at += 1) {
      if (at % 2 === 0) count += work.lookUp(last - ((at * STRIDE) % (last - at + 1)));
      count += work.remove(at);
    }
    return count;
  });
};

/** Looks up each of the chains that a directory lists, from anywhere, and three times: three operations a block. */
export const lookUpWork = (blocks: number, clock: () => number): Sample => {
  const chains = chainsOf(blocks, inOrder);
  const work = new DirectoryAtWork(chains, blocks);
  for (let at = 0; at < chains.length; at += 1) work.store(at);
  return timed(clock, () => {
    let count = 0;
    for (let turn = 0; turn < 3 * chains.length; turn += 1) {
      count += work.lookUp((turn * STRIDE) % chains.length);
    }
    return count;
  });
};

/**
 * Admits, fills and releases each chain, and the one of a hundred before once more: six operations a block. What does not fit evicts.
 * Counts what was admitted.
 */
export const poolWork = (blocks: number, capacity: number, clock: () => number): Sample => {
  const chains = chainsOf(blocks, inOrder);
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
