import { describe, expect, it } from "vitest";
import { InputError } from "#base";
import { checkReblock, reblock } from "./reblock.ts";

const named = (blocks: readonly number[], tokens: number, from: number, to: number) => [
  ...reblock(Uint32Array.from(blocks), tokens, from, to),
];

describe("a block cut into smaller ones", () => {
  it("names a piece by the block and its place in it", () => {
    expect(named([5, 7], 8, 4, 2)).toEqual([10, 11, 14, 15]);
  });

  it("has as many pieces as the prompt needs", () => {
    expect(named([5, 7], 6, 4, 2)).toEqual([10, 11, 14]);
    expect(named([5, 7], 5, 4, 2)).toEqual([10, 11, 14]);
    expect(named([5, 7], 5, 4, 1)).toEqual([20, 21, 22, 23, 28]);
  });

  it("has none for the end of a prompt that had no name", () => {
    expect(named([5], 7, 4, 2)).toEqual([10, 11]);
    expect(named([], 3, 4, 2)).toEqual([]);
  });

  it("cannot have a name past 2^32 − 2", () => {
    const most = 2 ** 27 - 2;
    expect(named([most], 512, 512, 16).at(-1)).toBe(2 ** 32 - 33);
    expect(() => named([2 ** 27 - 1], 512, 512, 16)).toThrow(
      "a block must be numbered 0 … 134217726 to be cut into 32, found 134217727 [TRACE-22]",
    );
  });
});

describe("blocks joined to larger ones", () => {
  it("are named by the last of them, which stands for all before it", () => {
    expect(named([3, 4, 8, 9], 16, 4, 8)).toEqual([4, 9]);
    expect(named([3, 4, 8], 12, 4, 8)).toEqual([4, 8]);
    expect(named([3, 4, 8], 9, 4, 8)).toEqual([4, 8]);
  });

  it("have no name where a part of them has none", () => {
    expect(named([3, 4, 8], 14, 4, 8)).toEqual([4]);
    expect(named([3], 7, 4, 8)).toEqual([]);
  });
});

describe("reblocking", () => {
  it("gives the blocks themselves when the size stays", () => {
    const blocks = Uint32Array.from([1, 2]);
    expect(reblock(blocks, 1000, 512, 512)).toBe(blocks);
  });

  it("writes into the array that it is given, and makes one when that is too short", () => {
    const into = new Uint32Array(3);
    const names = reblock(Uint32Array.from([5]), 4, 4, 2, into);
    expect([...names]).toEqual([10, 11]);
    expect(names.buffer).toBe(into.buffer);
    expect(reblock(Uint32Array.from([5, 6]), 8, 4, 2, into)).toHaveLength(4);
  });

  it.each([
    [512, 100, "such as 64 or 128, found 100"],
    [512, 1000, "such as 512 or 1024, found 1000"],
    [512, 0, "such as 1, found 0"],
    [512, 1.5, "such as 1 or 2, found 1.5"],
    [2 ** 52 + 1, 16, "be a multiple of it"],
    [0, 16, "the tokens of a block must be a whole number of 1 or more, found 0"],
  ])("refuses to make %d tokens %d, and says what could be", (from, to, because) => {
    expect(() => checkReblock(from, to, 1)).toThrow(because);
    expect(() => checkReblock(from, to, 1)).toThrow(InputError);
  });

  it("refuses more different blocks than there are names for their pieces", () => {
    expect(() => checkReblock(512, 16, 134_217_727)).not.toThrow();
    expect(() => checkReblock(512, 16, 134_217_728)).toThrow(
      "a trace must have at most 134217727 different blocks to be cut from 512 tokens to 16, found 134217728",
    );
    expect(() => checkReblock(16, 512, 2 ** 32 - 1)).not.toThrow();
  });
});
