/** How much memory a block takes in the directory and in the pool, as the process counts it. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { BlockPool, createBlockDirectory } from "#rack";
import type { Sample } from "./figure.ts";

/** Workers of a rack at TP 1. */
const WORKERS = 72;

/** What the least that can be is made of: a block's number, and nothing else. */
export const BARE_BYTES = 4;

/** Frees what nobody holds, typed arrays too, which go a collection later. Node has it only when asked to. */
const collect = (): void => {
  setFlagsFromString("--expose-gc");
  const gc = runInNewContext("gc") as () => void;
  for (let round = 0; round < 4; round += 1) gc();
};

const heldBytes = (): number => {
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
};

/** How many bytes more the process holds for as long as it holds what is made; so many blocks share them. */
const weighed = (blocks: number, make: () => object): Sample => {
  const before = heldBytes();
  const held = [make()];
  const after = heldBytes();
  return { ms: 0, count: held.length * blocks, peakBytes: after - before };
};

/** A directory of 72 workers that has grown block by block, as `weighed`. */
export const directoryMemory = (blocks: number): Sample =>
  weighed(blocks, () => {
    const directory = createBlockDirectory({ workers: WORKERS, tiers: 1 });
    for (let block = 0; block < blocks; block += 1) {
      directory.stored(block % WORKERS, 0, block, block);
    }
    return directory;
  });

/** A pool of so many blocks, all of them held by one request, as `weighed`. */
export const poolMemory = (blocks: number): Sample =>
  weighed(blocks, () => {
    const pool = new BlockPool(blocks, { stored: () => undefined, removed: () => undefined });
    for (let block = 0; block < blocks; block += 24) {
      const length = Math.min(24, blocks - block);
      pool.admit(
        block,
        Uint32Array.from({ length }, (_, depth) => block + depth),
        0,
      );
      pool.fill(block);
      pool.release(block);
    }
    return pool;
  });
