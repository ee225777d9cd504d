import { describe, expect, it } from "vitest";
import { InputError, SpecViolation } from "#base";
import { findProfile } from "#spec";
import { type TransferCall, transferSubject } from "./calls.ts";
import type { CreateTransfers, TransferShape, Transfers } from "./contract.ts";
import { TransferModel } from "./model.ts";
import { BlockTransfers } from "./transfers.ts";

const SHAPE: TransferShape = {
  profile: findProfile("document"),
  tp: 1,
  blockBytes: 1_800_000,
  capacityBlocks: 2,
};
const DONE = { kind: "done" };
const refusal = (because: string) => ({ kind: "refused", because });

/** Each worker, from 0, holds the blocks that are listed for it. */
const holding = (
  create: CreateTransfers,
  shape: Partial<TransferShape>,
  ...blocks: readonly (readonly number[])[]
): Transfers => {
  const transfers = create({ ...SHAPE, ...shape });
  for (const [worker, held] of blocks.entries())
    for (const block of held) expect(transfers.store(worker, block)).toEqual(DONE);
  return transfers;
};

describe.each([
  ["the fast transfers", (shape) => new BlockTransfers(shape)],
  ["the model", (shape) => new TransferModel(shape)],
] as [string, CreateTransfers][])("%s", (_, create) => {
  it("copies a block, which both have then, and moves it, which the target has alone", () => {
    const transfers = holding(create, {}, [5]);
    expect(transfers.copy(5, 0, 1)).toEqual({ kind: "copied", ns: 1500, bytes: 1_800_000 });
    expect(transfers.holders(5)).toEqual([0, 1]);
    expect(transfers.move(5, 1, 2)).toEqual({ kind: "moved", ns: 2125, bytes: 1_800_000 });
    expect(transfers.holders(5)).toEqual([0, 2]);
  });

  it("takes 1 µs at 1.8 TB/s and 500 ns in a superchip, and 1.5 µs at 1.2 TB/s and 1,500 ns to another domain", () => {
    const transfers = holding(create, {}, [5]);
    expect(transfers.copy(5, 0, 1)).toMatchObject({ ns: 1000 + 500 });
    expect(transfers.copy(5, 0, 2)).toMatchObject({ ns: 1125 + 1000 });
    expect(transfers.copy(5, 0, 8)).toMatchObject({ ns: 1500 + 1500 });
  });

  it("sends the shards of a worker of eight at once: an eighth of the bytes a link", () => {
    const transfers = holding(create, { tp: 8, blockBytes: 8 * 1_200_000 }, [5]);
    expect(transfers.copy(5, 0, 1)).toEqual({ kind: "copied", ns: 1000 + 1500, bytes: 9_600_000 });
  });

  it("sends nothing to the same worker, in no time, even what is pinned", () => {
    const transfers = holding(create, {}, [5]);
    transfers.pin(0, 5);
    expect(transfers.move(5, 0, 0)).toEqual({ kind: "nothing", ns: 0, bytes: 0 });
    expect(transfers.begin("move", 5, 0, 0)).toEqual({ kind: "nothing", ns: 0, bytes: 0 });
    expect(transfers.move(6, 0, 0)).toEqual(refusal("source-lacks-it"));
  });

  it("reads a block at its source alone until the last shard has arrived", () => {
    const transfers = holding(create, { tp: 2 }, [5]);
    expect(transfers.begin("move", 5, 0, 1)).toEqual({
      kind: "begun",
      transfer: 0,
      ns: 1000 + 563,
      bytes: 1_800_000,
    });
    expect(transfers.arrive(0, 1)).toEqual({ kind: "waiting", missing: 1 });
    expect([transfers.holders(5), transfers.used(1)]).toEqual([[0], 1]);
    expect(transfers.contents()).toEqual([
      { block: 5, worker: 0, state: "leaving", shards: 2, pins: 0 },
      { block: 5, worker: 1, state: "arriving", shards: 1, pins: 0 },
    ]);
    expect(transfers.arrive(0, 1)).toEqual(refusal("already-arrived"));
    expect(transfers.arrive(0, 2)).toEqual(refusal("no-such-shard"));
    expect(transfers.arrive(0, 0)).toMatchObject({ kind: "moved" });
    expect([transfers.holders(5), transfers.used(0)]).toEqual([[1], 0]);
    expect(transfers.arrive(0, 0)).toEqual(refusal("no-such-transfer"));
  });

  it("keeps a place for what is on its way, and gives it back when it is given up", () => {
    const transfers = holding(create, { capacityBlocks: 1 }, [5], [], [6]);
    transfers.begin("copy", 5, 0, 1);
    expect(transfers.copy(6, 2, 1)).toEqual(refusal("target-full"));
    expect(transfers.copy(5, 0, 1)).toEqual(refusal("on-its-way"));
    expect(transfers.abort(0)).toEqual(DONE);
    expect(transfers.copy(6, 2, 1)).toMatchObject({ kind: "copied" });
  });

  it("refuses in the order of its reasons, and changes nothing", () => {
    const transfers = holding(create, { capacityBlocks: 1 }, [5], [5], [6]);
    const before = transfers.contents();
    expect(transfers.move(5, 0, 72)).toEqual(refusal("unknown-worker"));
    expect(transfers.move(5, -1, 0)).toEqual(refusal("unknown-worker"));
    expect(transfers.move(5, 0.5, 0)).toEqual(refusal("unknown-worker"));
    expect(transfers.move(7, 0, 2)).toEqual(refusal("source-lacks-it"));
    expect(transfers.move(5, 0, 1)).toEqual(refusal("target-has-it"));
    expect(transfers.move(5, 0, 2)).toEqual(refusal("target-full"));
    expect(transfers.store(0, 9)).toEqual(refusal("target-full"));
    expect(transfers.unpin(0, 5)).toEqual(refusal("not-pinned"));
    expect(transfers.contents()).toEqual(before);
  });

  it("moves neither what is pinned nor what is being copied, and moves nothing twice", () => {
    const transfers = holding(create, {}, [5, 6]);
    transfers.pin(0, 5);
    expect(transfers.move(5, 0, 1)).toEqual(refusal("pinned"));
    expect(transfers.drop(0, 5)).toEqual(refusal("pinned"));
    transfers.unpin(0, 5);
    transfers.begin("copy", 5, 0, 1);
    expect(transfers.move(5, 0, 2)).toEqual(refusal("pinned"));
    transfers.begin("move", 6, 0, 1);
    expect(transfers.begin("move", 6, 0, 2)).toEqual(refusal("leaving"));
    expect(transfers.copy(6, 0, 2)).toEqual(refusal("leaving"));
    expect(transfers.pin(0, 6)).toEqual(refusal("leaving"));
  });

  it("loses a worker with its blocks and its transfers, and takes it back empty", () => {
    const transfers = holding(create, {}, [5, 6], [7]);
    transfers.begin("copy", 5, 0, 2);
    transfers.begin("move", 7, 1, 3);
    expect(transfers.lose(0)).toEqual(DONE);
    expect([transfers.holders(5), transfers.used(0), transfers.used(2)]).toEqual([[], 0, 0]);
    expect(transfers.arrive(0, 0)).toEqual(refusal("no-such-transfer"));
    expect(transfers.arrive(1, 0)).toMatchObject({ kind: "moved" });
    expect(transfers.store(0, 5)).toEqual(DONE);
    expect(transfers.lose(72)).toEqual(refusal("unknown-worker"));
  });

  it("keeps 3,000 blocks apart", () => {
    const transfers = create({ ...SHAPE, capacityBlocks: 3000 });
    for (let block = 0; block < 3000; block += 1) transfers.store(0, block);
    for (let block = 0; block < 3000; block += 3) transfers.move(block, 0, 8);
    expect([transfers.used(0), transfers.used(8)]).toEqual([2000, 1000]);
    expect([transfers.holders(2997), transfers.holders(2998)]).toEqual([[8], [0]]);
    for (let block = 0; block < 3000; block += 3) transfers.move(block, 8, 0);
    expect([transfers.used(0), transfers.used(8)]).toEqual([3000, 0]);
  });

  it.each([-1, 0.5, 2 ** 32 - 1, Number.NaN])("does not take %d for a block", (block) => {
    const transfers = holding(create, {}, [5]);
    expect(() => transfers.copy(block, 0, 1)).toThrow(SpecViolation);
    expect(() => transfers.store(1, block)).toThrow(SpecViolation);
  });

  it("cannot be made of blocks without bytes, workers without room, or a degree of 3", () => {
    expect(() => create({ ...SHAPE, blockBytes: 0 })).toThrow(SpecViolation);
    expect(() => create({ ...SHAPE, capacityBlocks: 0.5 })).toThrow(SpecViolation);
    expect(() => create({ ...SHAPE, tp: 3 })).toThrow(InputError);
  });

  it("answers calls that are plain data, on a node of eight GPUs", () => {
    const answer = transferSubject(create)();
    const calls: readonly TransferCall[] = [
      {
        kind: "create",
        profile: "document",
        rack: { gpus: 8, gpusPerSuperchip: 1, gpusPerDomain: 8 },
        tp: 4,
        blockBytes: 6_400_000,
        capacityBlocks: 1,
      },
      { kind: "store", worker: 0, block: 3 },
      { kind: "begin", manner: "copy", block: 3, from: 0, to: 1 },
      { kind: "abort", transfer: 0 },
      { kind: "move", block: 3, from: 0, to: 1 },
      { kind: "holds", worker: 1, block: 3 },
      { kind: "used", worker: 1 },
      { kind: "holders", block: 3 },
    ];
    expect(calls.map(answer)).toEqual([
      2,
      DONE,
      { kind: "begun", transfer: 0, ns: 2000, bytes: 6_400_000 },
      DONE,
      { kind: "moved", ns: 2000, bytes: 6_400_000 },
      true,
      1,
      [1],
    ]);
    expect(() => transferSubject(create)()({ kind: "contents" })).toThrow(SpecViolation);
  });
});
