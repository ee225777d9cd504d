import { describe, expect, it } from "vitest";
import { SpecViolation } from "#base";
import { type TierCall, tierSubject } from "./calls.ts";
import type { CreateTier, Tier, TierShape } from "./contract.ts";
import { TierModel } from "./model.ts";
import { SwitchTier } from "./switch-tier.ts";

const SHAPE: TierShape = { domainGpus: [8, 9, 10, 11, 12, 13, 14, 15], capacityBytes: 100 };

/** Three GPUs of the domain read a block. */
const share = (tier: Tier, block: number, bytes: number, tag = 0) =>
  [8, 9, 10].map((gpu) => tier.access(gpu, block, bytes, tag))[2];

const names = (tier: Tier) => tier.contents().map(({ block }) => block);

describe.each([
  ["the fast tier", (shape) => new SwitchTier(shape)],
  ["the model", (shape) => new TierModel(shape)],
] as [string, CreateTier][])("%s", (_, create) => {
  it("promotes a block when the third different GPU of the domain has read it", () => {
    const tier = create(SHAPE);
    expect(tier.access(8, 1, 40, 7)).toEqual({ kind: "counted", gpus: 1 });
    expect(tier.access(8, 1, 40, 7)).toEqual({ kind: "counted", gpus: 1 });
    expect(tier.access(15, 1, 40, 7)).toEqual({ kind: "counted", gpus: 2 });
    expect(tier.access(7, 1, 40, 7)).toEqual({ kind: "refused", because: "foreign-gpu" });
    expect(tier.candidates()).toEqual([{ block: 1, gpus: [8, 15] }]);
    expect(tier.access(9, 1, 40, 7)).toEqual({ kind: "promoted", evicted: [] });
    expect([tier.usedBytes(), tier.candidates()]).toEqual([40, []]);
    expect(tier.access(10, 1, 40, 7)).toEqual({ kind: "present" });
  });

  it("gives back what the third GPU had read, and nothing for what it does not have", () => {
    const tier = create(SHAPE);
    tier.access(8, 1, 10, 100);
    tier.access(9, 1, 20, 200);
    tier.access(10, 1, 30, 300);
    tier.access(11, 1, 40, 400);
    expect(tier.read(1)).toEqual({ kind: "hit", bytes: 30, tag: 300 });
    expect(tier.read(2)).toEqual({ kind: "miss" });
  });

  it("evicts the least recently promoted or read until the new one fits, and no further", () => {
    const tier = create(SHAPE);
    for (const block of [1, 2, 3, 4]) share(tier, block, 25);
    tier.read(1);
    expect(share(tier, 5, 30)).toEqual({ kind: "promoted", evicted: [2, 3] });
    expect([names(tier), tier.usedBytes()]).toEqual([[4, 1, 5], 80]);
    expect(share(tier, 6, 20)).toEqual({ kind: "promoted", evicted: [] });
    expect(tier.usedBytes()).toBe(100);
  });

  it("refuses a block larger than the switch, and evicts and counts nothing for it", () => {
    const tier = create(SHAPE);
    share(tier, 1, 100);
    expect(share(tier, 2, 101)).toEqual({ kind: "refused", because: "too-large" });
    expect([names(tier), tier.candidates()]).toEqual([[1], []]);
    expect(share(tier, 2, 100)).toEqual({ kind: "promoted", evicted: [1] });
  });

  it("counts an evicted block anew", () => {
    const tier = create(SHAPE);
    share(tier, 1, 100);
    share(tier, 2, 100);
    expect(tier.access(11, 1, 100, 0)).toEqual({ kind: "counted", gpus: 1 });
  });

  it("forgets a block, its bytes and its readers", () => {
    const tier = create(SHAPE);
    share(tier, 1, 40);
    tier.access(8, 2, 10, 0);
    expect(tier.forget(1)).toEqual({ kind: "forgotten", freedBytes: 40 });
    expect(tier.forget(2)).toEqual({ kind: "forgotten", freedBytes: 0 });
    expect(tier.forget(2)).toEqual({ kind: "nothing" });
    expect([tier.usedBytes(), names(tier), tier.candidates()]).toEqual([0, [], []]);
  });

  it("promotes nothing in a switch without memory", () => {
    const tier = create({ ...SHAPE, capacityBytes: 0 });
    expect(share(tier, 1, 1)).toEqual({ kind: "refused", because: "too-large" });
  });

  it("promotes at once after one GPU, and never in a domain that is too small", () => {
    const eager = create({ ...SHAPE, promoteAfter: 1 });
    expect(eager.access(8, 1, 1, 0)).toEqual({ kind: "promoted", evicted: [] });
    const pair = create({ domainGpus: [0, 1], capacityBytes: 100 });
    for (const gpu of [0, 1, 0, 1])
      expect(pair.access(gpu, 1, 1, 0)).toMatchObject({ kind: "counted" });
  });

  it("counts all 72 GPUs of a flat rack apart", () => {
    const domainGpus = Array.from({ length: 72 }, (_, gpu) => gpu);
    const tier = create({ domainGpus, capacityBytes: 100, promoteAfter: 72 });
    for (const gpu of domainGpus.slice(0, 71)) tier.access(gpu, 1, 1, 0);
    expect(tier.access(33, 1, 1, 0)).toEqual({ kind: "counted", gpus: 71 });
    expect(tier.access(71, 1, 1, 0)).toEqual({ kind: "promoted", evicted: [] });
  });

  it("counts 128 GB to the byte", () => {
    const tier = create({ ...SHAPE, capacityBytes: 128e9 });
    expect(share(tier, 1, 64e9)).toEqual({ kind: "promoted", evicted: [] });
    expect(share(tier, 2, 64e9 - 1)).toEqual({ kind: "promoted", evicted: [] });
    expect(share(tier, 3, 1)).toEqual({ kind: "promoted", evicted: [] });
    expect(share(tier, 4, 1)).toEqual({ kind: "promoted", evicted: [1] });
  });

  it("keeps 1,000 blocks and their readers apart", () => {
    const tier = create({ ...SHAPE, capacityBytes: 500 });
    for (const gpu of [8, 9])
      for (let block = 0; block < 1000; block += 1) tier.access(gpu, block, 1, block);
    expect(tier.candidates().length).toBe(1000);
    for (let block = 0; block < 1000; block += 1) tier.access(10, block, 1, block);
    expect([names(tier)[0], tier.usedBytes()]).toEqual([500, 500]);
    expect(tier.read(999)).toEqual({ kind: "hit", bytes: 1, tag: 999 });
  });

  it.each([
    ["a block below 0", (tier: Tier) => tier.read(-1)],
    ["half a block", (tier: Tier) => tier.forget(0.5)],
    ["no bytes", (tier: Tier) => tier.access(8, 1, 0, 0)],
    ["half a byte", (tier: Tier) => tier.access(8, 1, 0.5, 0)],
    ["a tag that is no number", (tier: Tier) => tier.access(8, 1, 1, Number.NaN)],
  ])("holds the caller to its contract: %s", (_what, call) => {
    expect(() => call(create(SHAPE))).toThrow(SpecViolation);
  });

  it.each([
    { domainGpus: [] },
    { domainGpus: [1, 1] },
    { domainGpus: [-1] },
    { capacityBytes: -1 },
    { capacityBytes: 0.5 },
    { promoteAfter: 0 },
  ])("cannot be made with %o", (odd) => {
    expect(() => create({ ...SHAPE, ...odd })).toThrow(SpecViolation);
  });

  it.each([Number.NaN, -1, 8.5, 2 ** 40])("takes %d for no GPU of its own", (gpu) => {
    expect(create(SHAPE).access(gpu, 1, 1, 0)).toEqual({ kind: "refused", because: "foreign-gpu" });
  });

  it("answers calls that are plain data", () => {
    const answer = tierSubject(create)();
    const calls: readonly TierCall[] = [
      { kind: "create", domainGpus: [0, 1], capacityBytes: 9, promoteAfter: 2 },
      { kind: "access", gpu: 0, block: 5, bytes: 4, tag: 1 },
      { kind: "access", gpu: 1, block: 5, bytes: 4, tag: 1 },
      { kind: "read", block: 5 },
      { kind: "contents" },
      { kind: "forget", block: 5 },
      { kind: "usedBytes" },
    ];
    expect(calls.map(answer)).toEqual([
      { kind: "created" },
      { kind: "counted", gpus: 1 },
      { kind: "promoted", evicted: [] },
      { kind: "hit", bytes: 4, tag: 1 },
      [{ block: 5, bytes: 4, tag: 1 }],
      { kind: "forgotten", freedBytes: 4 },
      0,
    ]);
    expect(() => tierSubject(create)()({ kind: "contents" })).toThrow(SpecViolation);
  });
});
