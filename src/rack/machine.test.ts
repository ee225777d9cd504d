// Past 250 lines: the life of one small rack from deployment to loss, told with the same few acts.
import { describe, expect, it } from "vitest";
import { blocksPerWorker } from "#cost";
import { fastParts, type MachineAct, type MachineCall, machineSubject, RackMachine } from "#rack";
import { findFormat, findModel, findProfile } from "#spec";

const DOCUMENT: MachineCall = {
  kind: "create",
  profile: "document",
  blockTokens: 512,
  policy: "kv-aware",
  seed: 1,
};

/** A small rack: weights of 40 and 90 bytes, blocks of 16, 148 bytes a GPU of which 4 are workspace. */
const SMALL: MachineCall = {
  ...DOCUMENT,
  gpus: 8,
  gpusPerDomain: 4,
  hbmBytes: 148,
  workspaceBytes: 4,
  switchBytes: 64,
  blockTokens: 1,
  models: [
    { name: "a", parameters: 40, layers: 1, kvHeads: 8, headDimension: 1 },
    { name: "b", parameters: 90, layers: 1, kvHeads: 8, headDimension: 1 },
  ],
};

/** A rack that has been made, and how to ask it. */
const rackOf = (setup: MachineCall) => {
  const ask = machineSubject(
    (shape, policy, seed) => new RackMachine(shape, fastParts(policy, seed)),
  )();
  ask(setup);
  return ask;
};

const FP8 = { weightFormat: "fp8", kvFormat: "fp8" } as const;

const deploy = (owner: number, model: string, tp: number, replicas: number): MachineAct => ({
  kind: "deploy",
  owner,
  model,
  ...FP8,
  tp,
  replicas,
});

/** Sends a prompt to a worker of the small rack and computes it there. */
const prompt = (
  request: number,
  worker: number,
  blocks: readonly number[],
): readonly MachineAct[] => [
  { kind: "send", request, model: "a", blocks, unnamed: 0, worker },
  { kind: "start", request },
  { kind: "fill", request },
];

describe("a rack", () => {
  it("is full with 9 workers of 8 GPUs, and says so to the tenth", () => {
    const ask = rackOf(DOCUMENT);
    expect(ask(deploy(0, "llama-405b", 8, 9))).toMatchObject({ kind: "deployed", weakened: false });
    expect(ask(deploy(1, "llama-405b", 8, 1))).toEqual({ kind: "refused", because: "no-room" });
  });

  it("gives a worker as many blocks as the memory model says", () => {
    const ask = rackOf(DOCUMENT);
    ask(deploy(0, "llama-70b", 2, 1));
    const profile = findProfile("document");
    const fp8 = findFormat("fp8");
    const deployment = {
      profile,
      gpu: profile.gpus.b200,
      model: findModel("llama-70b"),
      weightFormat: fp8,
      kvFormat: fp8,
      tp: 2,
    };
    expect(ask({ kind: "sight" })).toMatchObject({
      workers: [{ capacityBlocks: blocksPerWorker(deployment, 512) }],
    });
  });

  it("refuses weights that leave no room for a block", () => {
    const ask = rackOf(DOCUMENT);
    expect(ask(deploy(0, "llama-405b", 2, 1))).toEqual({
      kind: "refused",
      because: "does-not-fit",
    });
  });

  it("loads the first copy of a model from the CPUs, and the next from GPUs", () => {
    const ask = rackOf(DOCUMENT);
    // 70 GB at 0.9 TB/s, one shard a GPU: 77.8 ms.
    expect(ask(deploy(0, "llama-70b", 1, 1))).toMatchObject({
      weights: "outside",
      dueNs: 77_777_778,
    });
    ask({ kind: "advance", atNs: 77_777_778 });
    // The same over the superchip's link of 1.8 TB/s: 38.9 ms, and a hop of 500 ns.
    expect(ask(deploy(1, "llama-70b", 1, 1))).toMatchObject({
      weights: "gpus",
      dueNs: 77_777_778 + 38_888_889 + 500,
    });
  });

  it("serves from the instant at which its weights are whole", () => {
    const ask = rackOf(DOCUMENT);
    ask(deploy(0, "llama-70b", 1, 1));
    const route: MachineAct = { kind: "route", model: "llama-70b", blocks: [1] };
    expect(ask({ ...route, atNs: 77_777_777 })).toEqual({
      kind: "refused",
      because: "no live worker",
    });
    expect(ask({ kind: "next" })).toBe(77_777_778);
    expect(ask({ ...route, atNs: 77_777_778 })).toMatchObject({ kind: "chosen", worker: 0 });
    expect(ask({ kind: "next" })).toBeNull();
  });
});

describe("blocks", () => {
  it("are copied from whoever has them, and can be read once all are there", () => {
    const ask = rackOf(SMALL);
    ask(deploy(0, "a", 1, 2));
    for (const act of prompt(0, 0, [1, 2])) ask({ ...act, atNs: 1000 });
    ask({ kind: "send", request: 1, model: "a", blocks: [1, 2, 3], unnamed: 0, worker: 1 });
    const elsewhere = { source: { worker: 0 }, run: 2, blocks: 2, ns: 501 };
    expect(ask({ kind: "start", request: 1 })).toEqual({
      kind: "started",
      hits: 0,
      shared: 0,
      elsewhere,
    });
    expect(ask({ kind: "fetch", request: 1 })).toMatchObject({ ...elsewhere, dueNs: 1501 });
    expect(ask({ kind: "fetch", request: 1 })).toEqual({ kind: "refused", because: "on-its-way" });
    const route: MachineAct = { kind: "route", model: "a", blocks: [1, 2, 3] };
    expect(ask({ ...route, atNs: 1500 })).toMatchObject({
      among: [{ overlapBlocks: 2 }, { overlapBlocks: 0 }],
    });
    expect(ask({ ...route, atNs: 1501 })).toMatchObject({
      among: [{ overlapBlocks: 2 }, { overlapBlocks: 2 }],
    });
  });

  it("of one model are of no use to another, under whatever number", () => {
    const ask = rackOf(SMALL);
    ask(deploy(0, "a", 1, 1));
    ask(deploy(1, "b", 1, 1));
    for (const act of prompt(0, 0, [1, 2])) ask({ ...act, atNs: 1000 });
    ask({ kind: "send", request: 1, model: "b", blocks: [1, 2], unnamed: 0 });
    expect(ask({ kind: "start", request: 1 })).toEqual({ kind: "started", hits: 0, shared: 0 });
    expect(ask({ kind: "fetch", request: 1 })).toEqual({ kind: "refused", because: "no-source" });
  });

  it("go to the switch with the third worker that reads them, and come from there to the fourth", () => {
    const ask = rackOf(SMALL);
    ask(deploy(0, "a", 1, 4));
    for (const act of prompt(0, 0, [1])) ask({ ...act, atNs: 1000 });
    ask({ kind: "send", request: 9, model: "a", blocks: [1], unnamed: 0, worker: 0 });
    ask({ kind: "start", request: 9 });
    for (const worker of [1, 2]) {
      ask({ kind: "send", request: worker, model: "a", blocks: [1], unnamed: 0, worker });
      ask({ kind: "start", request: worker });
      ask({ kind: "fetch", request: worker });
    }
    ask({ kind: "events" });
    ask({ kind: "advance", atNs: 5000 });
    expect(ask({ kind: "events" })).toEqual([
      { atNs: 1501, kind: "fetched", request: 1, blocks: 1 },
      { atNs: 2001, kind: "fetched", request: 2, blocks: 1 },
      { atNs: 2001, kind: "promoted", domain: 0, block: ["a/fp8/fp8/tp1", 1] },
    ]);
    ask({ kind: "send", request: 3, model: "a", blocks: [1], unnamed: 0, worker: 3 });
    // One hop instead of the two to another GPU.
    expect(ask({ kind: "start", request: 3 })).toMatchObject({
      elsewhere: { source: { domain: 0 }, ns: 501 },
    });
  });
});

describe("a swap", () => {
  it("evicts what is in the way, serves the old model, and then has the new one alone", () => {
    const ask = rackOf(SMALL);
    ask(deploy(0, "a", 1, 1));
    for (const act of prompt(0, 0, [1, 2])) ask({ ...act, atNs: 1000 });
    const swap: MachineAct = { kind: "swap", worker: 0, model: "b", ...FP8 };
    // 6 blocks of 16 bytes and 8 bytes to spare: 90 bytes need all 6.
    expect(ask(swap)).toEqual({ kind: "refused", because: "kv-in-use" });
    ask({ kind: "release", request: 0 });
    expect(ask(swap)).toEqual({
      kind: "swapping",
      workers: [0],
      weights: "outside",
      dueNs: 1001,
    });
    expect(ask({ kind: "route", model: "a", blocks: [] })).toMatchObject({ kind: "chosen" });
    expect(ask({ kind: "sight" })).toMatchObject({ listed: [], memory: [[0, 4 + 40 + 90]] });
    ask({ kind: "advance", atNs: 1001 });
    expect(ask({ kind: "route", model: "a", blocks: [] })).toMatchObject({ kind: "refused" });
    expect(ask({ kind: "sight" })).toMatchObject({
      workers: [{ running: "b/fp8/fp8/tp1", capacityBlocks: 3, swap: null }],
      memory: [[0, 4 + 90]],
    });
  });

  it("back is refused while both models do not fit side by side", () => {
    const ask = rackOf({ ...SMALL, hbmBytes: 124 });
    ask(deploy(0, "b", 1, 1));
    const swap: MachineAct = { kind: "swap", owner: 0, model: "a", ...FP8 };
    expect(ask({ ...swap, atNs: 1000 })).toEqual({ kind: "refused", because: "no-room" });
  });

  it("fails when nobody is left who has the new weights, and the old model goes on", () => {
    const ask = rackOf(SMALL);
    ask(deploy(0, "a", 1, 1));
    ask(deploy(1, "b", 1, 1));
    ask({ kind: "swap", owner: 0, model: "b", ...FP8, atNs: 1000 });
    ask({ kind: "events" });
    ask({ kind: "lose", gpu: 1 });
    expect(ask({ kind: "events" })).toEqual([
      { atNs: 1000, kind: "ended", owner: 1, because: "lost" },
      { atNs: 1000, kind: "swap-failed", worker: 0 },
    ]);
    expect(ask({ kind: "route", model: "a", blocks: [] })).toMatchObject({ worker: 0 });
    expect(ask({ kind: "next" })).toBeNull();
  });
});

describe("a loss", () => {
  it("of one GPU of four ends the worker, its blocks, its requests and copies from it", () => {
    const ask = rackOf(SMALL);
    ask(deploy(0, "a", 4, 1));
    ask(deploy(1, "a", 4, 1));
    for (const act of prompt(0, 0, [1])) ask({ ...act, atNs: 1000 });
    ask({ kind: "send", request: 1, model: "a", blocks: [1], unnamed: 0, worker: 4 });
    ask({ kind: "start", request: 1 });
    ask({ kind: "fetch", request: 1 });
    ask({ kind: "events" });
    expect(ask({ kind: "lose", gpu: 3 })).toEqual({ kind: "lost", ended: [0] });
    expect(ask({ kind: "events" })).toEqual([
      { atNs: 1000, kind: "ended", owner: 0, because: "lost" },
      { atNs: 1000, kind: "fetch-ended", request: 1, because: "source-gone" },
      { atNs: 1000, kind: "request-ended", request: 0, because: "worker-ended" },
    ]);
    expect(ask({ kind: "sight" })).toMatchObject({ listed: [], lostGpus: [3], fetches: [] });
    expect(ask({ kind: "lose", gpu: 3 })).toEqual({ kind: "refused", because: "already-lost" });
    expect(ask({ kind: "regain", superchip: 1 })).toEqual({ kind: "regained" });
    expect(ask(deploy(0, "a", 4, 1))).toMatchObject({ weights: "gpus" });
  });
});

describe("what cannot be", () => {
  it("is a contradiction of the caller, not an answer", () => {
    const ask = rackOf(SMALL);
    ask({ kind: "advance", atNs: 10 });
    expect(() => ask({ kind: "advance", atNs: 9 })).toThrow("time goes on");
    expect(() => ask({ kind: "lose", gpu: 8 })).toThrow("hardware must be the rack's");
    expect(() => ask({ kind: "lose", domain: 1.5 })).toThrow("hardware must be the rack's");
    expect(() => ask({ kind: "regain", domain: 2 })).toThrow("hardware must be the rack's");
    expect(ask({ kind: "sight" })).toMatchObject({ switches: [[], []] });
    expect(() => ask(deploy(0, "x", 1, 1))).toThrow("a model must be one of");
    expect(() => ask(deploy(0, "a", 1, -1))).toThrow(
      "the number of replicas must be a whole number",
    );
    ask(deploy(0, "a", 1, 1));
    ask({ kind: "advance", atNs: 1000 });
    const send: MachineAct = {
      kind: "send",
      request: 0,
      model: "a",
      blocks: [2 ** 24],
      unnamed: 0,
    };
    expect(() => ask(send)).toThrow("a block must be 0 … 2^24 − 1");
    expect(() => ask({ ...send, blocks: [1], request: -1 })).toThrow("a request has a number");
    const early = machineSubject(
      (shape, policy, seed) => new RackMachine(shape, fastParts(policy, seed)),
    );
    expect(() => early()({ kind: "sight" })).toThrow("created before it is asked");
  });
});
