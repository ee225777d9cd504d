import { describe, expect, it } from "vitest";
import { SpecViolation } from "#base";
import { type DirectoryCall, directorySubject } from "./calls.ts";
import type { CreateDirectory, Directory } from "./contract.ts";
import { createBlockDirectory } from "./directory.ts";
import { DirectoryModel } from "./model.ts";

const HBM = 0;
const SWITCH = 1;
const APPLIED = { kind: "applied" };
const STALE = { kind: "refused", because: "stale" };

/** Tells a directory, event by event, that workers stored blocks: one list of blocks for each worker, numbered from 0. */
const holding = (create: CreateDirectory, ...blocks: readonly (readonly number[])[]): Directory => {
  const directory = create({ workers: Math.max(blocks.length, 4), tiers: 2 });
  for (const [worker, held] of blocks.entries()) {
    for (const [id, block] of held.entries()) directory.stored(worker, HBM, block, id);
  }
  return directory;
};

const runs = (directory: Directory, blocks: readonly number[]): readonly number[] => {
  const into = new Uint32Array(directory.shape.workers).fill(99);
  directory.leadingRuns(blocks, into);
  return [...into];
};

describe.each([
  ["the fast directory", createBlockDirectory],
  ["the model", (shape) => new DirectoryModel(shape)],
] as [string, CreateDirectory][])("%s", (_, create) => {
  it("is empty at first", () => {
    const directory = create({ workers: 4, tiers: 1 });
    expect([directory.size(), directory.contents(), directory.holders(3)]).toEqual([0, [], []]);
    expect([directory.lastId(0), directory.missed(0), directory.heldBy(0)]).toEqual([-1, 0, 0]);
  });

  it("lists the holders of a block by worker, then by tier", () => {
    const directory = create({ workers: 72, tiers: 2 });
    directory.stored(71, HBM, 5, 0);
    directory.stored(2, SWITCH, 5, 0);
    directory.stored(2, HBM, 5, 1);
    expect(directory.holders(5)).toEqual([
      { worker: 2, tier: HBM },
      { worker: 2, tier: SWITCH },
      { worker: 71, tier: HBM },
    ]);
    expect([directory.size(), directory.heldBy(2), directory.heldBy(71)]).toEqual([1, 2, 1]);
  });

  it("ends a listing at the first removal, however often it was stored", () => {
    const directory = holding(create, [7, 7, 7]);
    expect(directory.heldBy(0)).toBe(1);
    expect(directory.removed(0, HBM, 7, 3)).toEqual(APPLIED);
    expect([directory.size(), directory.heldBy(0)]).toEqual([0, 0]);
    expect(directory.removed(0, HBM, 7, 4)).toEqual(APPLIED);
    expect([directory.size(), directory.heldBy(0)]).toEqual([0, 0]);
  });

  it("counts a run from the first block, through whichever tier, and never across a gap", () => {
    const directory = holding(create, [1, 2, 3, 4], [1, 3, 4], [2, 3], [1, 2]);
    directory.stored(3, SWITCH, 3, 2);
    expect(runs(directory, [1, 2, 3, 4])).toEqual([4, 1, 0, 3]);
    expect(directory.longest([1, 2, 3, 4])).toBe(4);
    expect(runs(directory, [9, 1, 2])).toEqual([0, 0, 0, 0]);
    expect(runs(directory, [])).toEqual([0, 0, 0, 0]);
    expect(directory.longest([])).toBe(0);
  });

  it("scores 1, not 2, where a published index counted a removed block", () => {
    const directory = holding(create, [1, 2, 3, 4]);
    directory.removed(0, HBM, 1, 4);
    directory.stored(0, HBM, 1, 5);
    directory.stored(0, HBM, 2, 6);
    directory.removed(0, HBM, 3, 7);
    directory.removed(0, HBM, 2, 8);
    expect(runs(directory, [1, 2])).toEqual([1, 0, 0, 0]);
  });

  it("names the holders of the longest run, and nobody where nobody holds the first block", () => {
    const directory = holding(create, [1, 2, 3], [1, 2, 9], [1, 2, 3], [2, 3]);
    expect(directory.longestRun([1, 2, 3, 4])).toEqual({ run: 3, holders: [0, 2] });
    expect(directory.longestRun([1, 2])).toEqual({ run: 2, holders: [0, 1, 2] });
    expect(directory.longestRun([9, 3])).toEqual({ run: 1, holders: [1] });
    expect(directory.longestRun([5, 1])).toEqual({ run: 0, holders: [] });
    expect(directory.longestRun([])).toEqual({ run: 0, holders: [] });
  });

  it("under counted removal ends a listing at the removal that matches the last store, and at a clear", () => {
    const directory = create({ workers: 2, tiers: 2, removal: "counted" });
    for (const id of [0, 1, 2]) directory.stored(0, SWITCH, 7, id);
    expect([directory.heldBy(0), directory.size()]).toEqual([1, 1]);
    directory.removed(0, SWITCH, 7, 3);
    directory.removed(0, HBM, 7, 4);
    directory.removed(0, SWITCH, 7, 5);
    expect(directory.holds(0, SWITCH, 7)).toBe(true);
    directory.removed(0, SWITCH, 7, 6);
    expect([directory.heldBy(0), directory.size()]).toEqual([0, 0]);
    // What was removed too often is not owed: one store lists it again, and after a clear one removal is enough.
    directory.removed(0, SWITCH, 7, 7);
    directory.stored(0, SWITCH, 7, 8);
    directory.stored(0, SWITCH, 7, 9);
    directory.cleared(0, 10);
    directory.stored(0, SWITCH, 7, 11);
    directory.removed(0, SWITCH, 7, 12);
    expect(directory.contents()).toEqual([]);
  });

  it("refuses an id that is not above the last, and changes nothing", () => {
    const directory = create({ workers: 4, tiers: 1 });
    expect(directory.stored(0, HBM, 1, 10)).toEqual(APPLIED);
    expect(directory.removed(0, HBM, 1, 10)).toEqual(STALE);
    expect(directory.stored(0, HBM, 2, 9)).toEqual(STALE);
    expect(directory.cleared(0, 3)).toEqual(STALE);
    expect(directory.contents()).toEqual([{ block: 1, worker: 0, tier: 0 }]);
    expect([directory.lastId(0), directory.missed(0)]).toEqual([10, 0]);
  });

  it("accepts an id that skips some, and counts those", () => {
    const directory = create({ workers: 4, tiers: 1 });
    directory.stored(0, HBM, 1, 10);
    directory.stored(0, HBM, 2, 14);
    directory.stored(0, HBM, 3, 15);
    expect([directory.lastId(0), directory.missed(0), directory.missed(1)]).toEqual([15, 3, 0]);
  });

  it("clears one worker in all tiers, and keeps its count of ids", () => {
    const directory = holding(create, [1, 2], [2, 3]);
    directory.stored(0, SWITCH, 9, 2);
    expect(directory.cleared(0, 3)).toEqual(APPLIED);
    expect(directory.contents().map(({ block, worker }) => [block, worker])).toEqual([
      [2, 1],
      [3, 1],
    ]);
    expect(directory.stored(0, HBM, 1, 3)).toEqual(STALE);
    expect([directory.heldBy(0), directory.heldBy(1), directory.size()]).toEqual([0, 2, 2]);
  });

  it("starts anew with a worker that was dropped", () => {
    const directory = holding(create, [1, 2]);
    directory.stored(0, HBM, 3, 50);
    directory.drop(0);
    expect([directory.size(), directory.lastId(0), directory.missed(0)]).toEqual([0, -1, 0]);
    expect(directory.stored(0, HBM, 1, 0)).toEqual(APPLIED);
    expect(directory.missed(0)).toBe(0);
  });

  it("forgets one of two workers on 5,000 shared blocks and leaves the other its own", () => {
    const directory = create({ workers: 2, tiers: 2 });
    for (let block = 0; block < 5000; block += 1) {
      directory.stored(0, block % 2, block, 2 * block);
      directory.stored(0, SWITCH, block, 2 * block + 1);
      if (block % 3 === 0) directory.stored(1, HBM, block, block);
    }
    directory.drop(0);
    expect([directory.size(), directory.heldBy(0), directory.heldBy(1)]).toEqual([1667, 0, 1667]);
    expect(directory.contents().every(({ block, worker }) => worker === 1 && block % 3 === 0)).toBe(
      true,
    );
  });

  it("knows 1,024 workers apart", () => {
    const directory = create({ workers: 1024, tiers: 1 });
    for (const worker of [0, 31, 32, 1023]) directory.stored(worker, HBM, 5, 0);
    directory.stored(1023, HBM, 6, 1);
    const into = new Uint32Array(1024);
    expect(directory.leadingRuns([5, 6], into)).toBe(2);
    expect([into[0], into[31], into[32], into[1023], into[1]]).toEqual([1, 1, 1, 2, 0]);
  });

  it.each([
    ["a worker beyond the last", (directory: Directory) => directory.stored(4, 0, 1, 0)],
    ["a worker below 0", (directory: Directory) => directory.drop(-1)],
    ["a tier beyond the last", (directory: Directory) => directory.removed(0, 2, 1, 0)],
    ["half a block", (directory: Directory) => directory.stored(0, 0, 1.5, 0)],
    ["a block below 0", (directory: Directory) => directory.holders(-1)],
    ["a block of 2^32 − 1", (directory: Directory) => directory.stored(0, 0, 2 ** 32 - 1, 0)],
    ["a block that is no number", (directory: Directory) => directory.holds(0, 0, Number.NaN)],
    ["an id below 0", (directory: Directory) => directory.cleared(0, -1)],
    ["an id above 2^53", (directory: Directory) => directory.stored(0, 0, 1, 2 ** 53)],
  ])("holds the caller to its contract: %s, and stays as it was", (_what, call) => {
    const directory = holding(create, [1]);
    expect(() => call(directory)).toThrow(SpecViolation);
    expect([directory.contents(), directory.lastId(0)]).toEqual([
      [{ block: 1, worker: 0, tier: 0 }],
      0,
    ]);
  });

  it.each([
    { workers: 0, tiers: 1 },
    { workers: 1, tiers: 0 },
    { workers: 1.5, tiers: 1 },
    { workers: 1, tiers: 1, removal: "both" as "set" },
  ])("cannot be made with %o", (shape) => {
    expect(() => create(shape)).toThrow(SpecViolation);
  });

  it("answers calls that are plain data", () => {
    const answer = directorySubject(() => create({ workers: 4, tiers: 1 }))();
    const calls: readonly DirectoryCall[] = [
      { kind: "stored", worker: 2, tier: 0, block: 8, id: 0 },
      { kind: "removed", worker: 2, tier: 0, block: 8, id: 0 },
      { kind: "holders", block: 8 },
      { kind: "leadingRuns", blocks: [8, 9] },
      { kind: "longest", blocks: [8, 9] },
      { kind: "longestRun", blocks: [8, 9] },
      { kind: "heldBy", worker: 2 },
      { kind: "cleared", worker: 2, id: 5 },
      { kind: "lastId", worker: 2 },
      { kind: "missed", worker: 2 },
      { kind: "drop", worker: 2 },
      { kind: "size" },
      { kind: "contents" },
    ];
    expect(calls.map(answer)).toEqual([
      APPLIED,
      STALE,
      [{ worker: 2, tier: 0 }],
      [{ worker: 2, run: 1 }],
      1,
      { run: 1, holders: [2] },
      1,
      APPLIED,
      5,
      4,
      null,
      0,
      [],
    ]);
  });
});
