import { describe, expect, it } from "vitest";
import { randomStream } from "#base";
import { FirstSeen } from "./first-seen.ts";

const found = (...prompts: readonly (readonly number[])[]) => {
  const cache = new FirstSeen();
  for (const blocks of prompts) cache.prompt(0, Uint32Array.from(blocks));
  return cache.found();
};

const from = (first: number, count: number): readonly number[] =>
  Array.from({ length: count }, (_, at) => first + at);

describe("an infinite cache", () => {
  it("finds nothing where nothing is asked for", () => {
    expect(found([])).toEqual({
      block_refs: 0,
      hit_blocks: 0,
      ratio_of_sums: null,
      mean_of_ratios: null,
      distinct_blocks: 0,
    });
  });

  it("finds the leading run that has come up before, and nothing behind a gap", () => {
    expect(found([1, 2, 3], [1, 2, 9, 3])).toEqual({
      block_refs: 7,
      hit_blocks: 2,
      ratio_of_sums: 2 / 7,
      mean_of_ratios: (0 + 2 / 4) / 2,
      distinct_blocks: 4,
    });
  });

  it("misses each block once", () => {
    const { block_refs, hit_blocks, distinct_blocks } = found(
      from(0, 100),
      from(0, 70),
      from(0, 130),
    );
    expect(block_refs - hit_blocks).toBe(distinct_blocks);
    expect(distinct_blocks).toBe(130);
  });

  it("finds the first new block wherever it lies among 32 that follow each other", () => {
    for (const first of [0, 1, 31, 32, 2 ** 20 - 5, 2 ** 32 - 100]) {
      for (let seen = 0; seen <= 70; seen += 1) {
        expect(found(from(first, seen), from(first, 70)).hit_blocks).toBe(seen);
      }
    }
  });

  it("agrees with a set on prompts of every kind", () => {
    const random = randomStream(1, "first seen");
    const cache = new FirstSeen();
    const seen = new Set<number>();
    let hits = 0;
    for (let prompt = 0; prompt < 2000; prompt += 1) {
      const blocks: number[] = [];
      while (blocks.length < 60) blocks.push(...from(random.below(3000), 1 + random.below(40)));
      const run = blocks.findIndex(
        (block, at) => !seen.has(block) && !blocks.slice(0, at).includes(block),
      );
      hits += run < 0 ? blocks.length : run;
      for (const block of blocks) seen.add(block);
      cache.prompt(0, Uint32Array.from(blocks));
    }
    expect(cache.found()).toMatchObject({ hit_blocks: hits, distinct_blocks: seen.size });
  });

  it("keeps kinds apart", () => {
    const cache = new FirstSeen();
    for (const kind of [2, 0, 2]) cache.prompt(kind, Uint32Array.of(5, 6));
    expect(cache.found()).toMatchObject({ block_refs: 6, hit_blocks: 2, distinct_blocks: 4 });
  });
});
