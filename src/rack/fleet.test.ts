// Past 250 lines: one fleet's life, from the document's swap to what cannot be, told with the same few acts.
import { describe, expect, it } from "vitest";
import { FLEET_PARTS, Fleet, type FleetAct, type FleetCall, fleetSubject } from "#rack";

/** A fleet that has been made, and how to ask it. */
const fleetOf = (setup: FleetCall) => {
  const ask = fleetSubject((...given) => new Fleet(...given), FLEET_PARTS)();
  ask(setup);
  return ask;
};

const DOCUMENT: FleetCall = { kind: "create", profile: "document", blockTokens: 512 };

/** 8 GPUs in 2 domains, weights of 40 and 90 bytes, blocks of 16, 148 bytes a GPU of which 4 are workspace: room for 6 blocks of `a`, 3 of `b`. */
const SMALL: FleetCall = {
  ...DOCUMENT,
  gpus: 8,
  gpusPerDomain: 4,
  hbmBytes: 148,
  workspaceBytes: 4,
  blockTokens: 1,
  models: [
    { name: "a", parameters: 40, layers: 1, kvHeads: 8, headDimension: 1 },
    { name: "b", parameters: 90, layers: 1, kvHeads: 8, headDimension: 1 },
  ],
};

const running = (model: string, weightFormat = "fp8") => ({
  model,
  weightFormat,
  kvFormat: "fp8",
});

/** Replicas that are there at once, a gang each. */
const warm = (
  owner: number,
  what: ReturnType<typeof running>,
  tp: number,
  replicas: number | null,
): FleetAct => ({ kind: "deploy", owner, ...what, tp, replicas, placed: "apart", warm: true });

/** The same whose weights are brought. */
const cold = (...what: Parameters<typeof warm>): FleetAct =>
  ({ ...warm(...what), warm: false }) as FleetAct;

describe("the document's swap", () => {
  const FP4 = running("llama-70b", "fp4");

  /** Llama 70B in FP4 is at GPU 0, and `before` more GPUs are taken; how long until the next worker has it too. */
  const swapNs = (profile: string, before: number): unknown => {
    const ask = fleetOf({ ...DOCUMENT, profile });
    ask(warm(0, FP4, 1, 1));
    if (before > 0) ask(warm(1, running("llama-70b"), 1, before));
    ask(warm(2, running("llama-70b"), 1, 1));
    return ask({ kind: "swap", owner: 2, ...FP4 });
  };

  it("takes 19.4 ms from the other GPU of the superchip: 35 GB at 1.8 TB/s, and a hop", () => {
    expect(swapNs("document", 0)).toEqual({
      kind: "swapping",
      workers: [1],
      weights: "gpus",
      dueNs: 19_444_445 + 500,
    });
  });

  it("takes 21.9 ms within a domain at 1.6 TB/s, and 29.2 ms across domains at 1.2 TB/s", () => {
    expect(swapNs("document", 1)).toMatchObject({ workers: [2], dueNs: 21_875_000 + 1000 });
    expect(swapNs("document", 7)).toMatchObject({ workers: [8], dueNs: 29_166_667 + 1500 });
  });

  it("takes twice as long with the public figures, where 1.8 TB/s are both directions together", () => {
    expect(swapNs("datasheet", 0)).toMatchObject({ dueNs: 38_888_889 + 1000 });
  });

  it("takes 38.9 ms from the CPU of the superchip when no GPU has the weights", () => {
    const ask = fleetOf(DOCUMENT);
    ask(warm(0, running("llama-70b"), 1, 1));
    expect(ask({ kind: "swap", owner: 0, ...FP4 })).toMatchObject({
      weights: "outside",
      dueNs: 38_888_889,
    });
  });

  it("is there to the nanosecond, and the old model serves until then", () => {
    const ask = fleetOf(DOCUMENT);
    ask(warm(0, FP4, 1, 1));
    ask(warm(1, running("llama-70b"), 1, 1));
    ask({ kind: "swap", worker: 1, ...FP4 });
    ask({ kind: "advance", atNs: 19_444_944 });
    ask({ kind: "events" });
    expect(ask({ kind: "sight" })).toMatchObject({
      workers: [{}, { running: "llama-70b/fp8/fp8/tp1", serving: true }],
    });
    ask({ kind: "advance", atNs: 19_444_945 });
    expect(ask({ kind: "events" })).toEqual([
      {
        atNs: 19_444_945,
        kind: "swapped",
        worker: 1,
        before: "llama-70b/fp8/fp8/tp1",
        running: "llama-70b/fp4/fp8/tp1",
      },
    ]);
  });
});

describe("workers", () => {
  it("that are warm serve at once, as many as fit when no number is said", () => {
    const ask = fleetOf(DOCUMENT);
    ask(warm(0, running("llama-70b", "fp4"), 1, 1));
    // Of 9 domains one is not whole any more.
    expect(ask(warm(1, running("llama-405b", "fp4"), 8, null))).toMatchObject({
      weights: "warm",
      dueNs: 0,
      workers: Array.from({ length: 8 }, (_, domain) => ({ worker: 8 * (domain + 1) })),
    });
    expect(ask(warm(2, running("llama-405b", "fp4"), 8, null))).toEqual({
      kind: "refused",
      because: "no-room",
    });
    expect(ask({ kind: "next" })).toBeNull();
  });

  it("that stand apart end one by one, and come back when there is room, with weights from those who stayed", () => {
    const ask = fleetOf(SMALL);
    ask(warm(5, running("a"), 2, 4));
    expect(ask({ kind: "redeploy", owner: 5 })).toEqual({
      kind: "refused",
      because: "nothing-lacking",
    });
    ask({ kind: "events" });
    expect(ask({ kind: "lose", superchip: 1 })).toEqual({ kind: "lost", ended: [5] });
    expect(ask({ kind: "events" })).toEqual([
      { atNs: 0, kind: "gang-ended", owner: 5, because: "lost" },
      { atNs: 0, kind: "ended", worker: 2, because: "lost" },
    ]);
    expect(ask({ kind: "redeploy", owner: 5 })).toEqual({ kind: "refused", because: "no-room" });
    ask({ kind: "regain", superchip: 1 });
    expect(ask({ kind: "redeploy", owner: 5 })).toMatchObject({
      workers: [{ worker: 2, gpus: [2, 3] }],
      weights: "gpus",
    });
  });

  it("that stand together end together, and their owner is free", () => {
    const ask = fleetOf(SMALL);
    const gang: FleetAct = {
      ...warm(5, running("a"), 2, 2),
      placed: "together",
      replicas: 2,
    } as FleetAct;
    ask(gang);
    expect(ask({ kind: "lose", gpu: 0 })).toEqual({ kind: "lost", ended: [5] });
    expect(ask({ kind: "sight" })).toMatchObject({ workers: [], owners: [] });
    expect(ask({ kind: "redeploy", owner: 5 })).toEqual({
      kind: "refused",
      because: "unknown-owner",
    });
    expect(ask(gang)).toMatchObject({ kind: "deployed" });
  });

  it("are lost and regained by number, whatever GPUs that was", () => {
    const ask = fleetOf(SMALL);
    ask(warm(0, running("a"), 4, 2));
    expect(ask({ kind: "lose", worker: 2 })).toEqual({
      kind: "refused",
      because: "unknown-worker",
    });
    ask({ kind: "lose", worker: 4 });
    expect(ask({ kind: "sight" })).toMatchObject({ lostGpus: [4, 5, 6, 7] });
    expect(ask({ kind: "regain", worker: 0 })).toEqual({ kind: "refused", because: "not-lost" });
    expect(ask({ kind: "regain", worker: 4 })).toEqual({ kind: "regained" });
    expect(ask({ kind: "regain", worker: 4 })).toEqual({ kind: "refused", because: "not-lost" });
    expect(ask({ kind: "sight" })).toMatchObject({ lostGpus: [], freeGpus: [4, 5, 6, 7] });
  });

  it("of lower priority make room for others, whether they stand apart or not", () => {
    const ask = fleetOf(SMALL);
    ask(warm(0, running("a"), 1, 8));
    ask({ kind: "events" });
    const urgent = { ...warm(1, running("b"), 2, 1), priority: 1 } as FleetAct;
    expect(ask(urgent)).toMatchObject({ preempted: [0, 0], workers: [{ gpus: [6, 7] }] });
    expect(ask({ kind: "sight" })).toMatchObject({ owners: [0, 0, 0, 0, 0, 0, 1] });
    expect(ask({ kind: "redeploy", owner: 0 })).toEqual({ kind: "refused", because: "no-room" });
  });
});

describe("memory", () => {
  it("holds both models while they are swapped, and the blocks that fit beside them", () => {
    const ask = fleetOf({ ...SMALL, hbmBytes: 164 });
    ask(warm(0, running("a"), 1, 1));
    // 7 blocks of 16 bytes and 8 over; 90 bytes more take the 8 and 6 blocks.
    const swap: FleetAct = { kind: "swap", worker: 0, ...running("b") };
    expect(ask({ kind: "candidates", ...running("b"), tp: 1 })).toEqual([{ worker: 0, blocks: 6 }]);
    ask({ kind: "hold", worker: 0, blocks: 2 });
    expect(ask(swap)).toEqual({ kind: "refused", because: "kv-in-use" });
    ask({ kind: "hold", worker: 0, blocks: 1 });
    expect(ask(swap)).toMatchObject({ kind: "swapping" });
    expect(ask({ kind: "hold", worker: 0, blocks: 2 })).toEqual({
      kind: "refused",
      because: "full",
    });
    const full = { hbmBytes: 164, workspaceBytes: 4 };
    expect(ask({ kind: "sight" })).toMatchObject({
      workers: [
        {
          swap: { running: "b/fp8/fp8/tp1", blocks: 6 },
          budget: { ...full, weightBytes: 40, arrivingBytes: 90, kvBytes: 16, kvBlocks: 1 },
        },
      ],
    });
    ask({ kind: "advance", atNs: 1000 });
    expect(ask({ kind: "sight" })).toMatchObject({
      workers: [
        {
          running: "b/fp8/fp8/tp1",
          budget: { ...full, weightBytes: 90, arrivingBytes: 0, kvBytes: 64, kvBlocks: 4 },
        },
      ],
    });
  });

  it("that a bound leaves free is used before any block", () => {
    const ask = fleetOf({ ...SMALL, hbmBytes: 164 });
    ask({ ...warm(0, running("a"), 1, 1), capacityMost: 2 } as FleetAct);
    // 2 blocks instead of 7: 88 bytes are free, and 2 of the 90 take a block.
    expect(ask({ kind: "swap", worker: 0, ...running("b"), capacityMost: 3 })).toMatchObject({
      kind: "swapping",
    });
    expect(ask({ kind: "sight" })).toMatchObject({ workers: [{ budget: { kvBlocks: 1 } }] });
    ask({ kind: "advance", atNs: 1000 });
    expect(ask({ kind: "sight" })).toMatchObject({ workers: [{ capacityBlocks: 3 }] });
  });
});

describe("a loss among those who pass weights on", () => {
  /** 360 kB from GPU 0 to three others at 0.09 bytes a nanosecond: a third to each, and the rest among them. */
  const relaying = () => {
    const models = [{ name: "a", parameters: 360_000, layers: 1, kvHeads: 8, headDimension: 1 }];
    const ask = fleetOf({ ...SMALL, hbmBytes: 400_000, slowness: 20_000, models });
    ask(warm(0, running("a"), 1, 1));
    ask(cold(1, running("a"), 1, 3));
    return ask;
  };

  it("has everything sent that only they would have sent", () => {
    const ask = relaying();
    expect(ask({ kind: "sight" })).toMatchObject({
      loads: [
        {
          workers: [
            [1, 6_667_667],
            [2, 6_668_167],
            [3, 6_668_167],
          ],
        },
      ],
    });
    ask({ kind: "lose", gpu: 2, atNs: 100_000 });
    ask({ kind: "lose", gpu: 3 });
    // 500 ns alone and 99 µs at a third: 3,015 bytes; the other 356,985 in 3,966,500 ns, after a hop.
    expect(ask({ kind: "sight" })).toMatchObject({ loads: [{ workers: [[1, 4_067_000]] }] });
  });

  it("does not matter once all of it is there", () => {
    const ask = relaying();
    ask({ kind: "advance", atNs: 7_000_000 });
    ask({ kind: "events" });
    ask({ kind: "lose", gpu: 0 });
    expect(ask({ kind: "events" })).toEqual([
      { atNs: 7_000_000, kind: "gang-ended", owner: 0, because: "lost" },
      { atNs: 7_000_000, kind: "ended", worker: 0, because: "lost" },
    ]);
  });
});

describe("what cannot be", () => {
  it("is refused for a reason when a fleet could be asked it", () => {
    const ask = fleetOf(SMALL);
    ask(warm(0, running("a"), 1, 1));
    const because = (call: FleetCall) => ask(call);
    expect(because(warm(0, running("a"), 1, 1))).toMatchObject({ because: "owner-known" });
    expect(because(warm(1, running("a"), 1, 0))).toMatchObject({ because: "no-groups" });
    expect(because(warm(1, running("a"), 3, 1))).toMatchObject({ because: "bad-group" });
    expect(because(warm(1, running("a"), 1, 8))).toMatchObject({ because: "no-room" });
    expect(because(warm(1, running("b", "fp16"), 1, 1))).toMatchObject({ because: "does-not-fit" });
    expect(because({ kind: "undeploy", owner: 1 })).toMatchObject({ because: "unknown-owner" });
    const swap = { kind: "swap", ...running("b") } as const;
    expect(because({ ...swap, worker: 7 })).toMatchObject({ because: "unknown-worker" });
    expect(because({ ...swap, owner: 7 })).toMatchObject({ because: "unknown-owner" });
    expect(because({ ...swap, model: "a", worker: 0 })).toMatchObject({ because: "same-weights" });
    expect(ask({ kind: "candidates", ...running("a"), tp: 1 })).toEqual([]);
    expect(ask({ kind: "candidates", ...running("b"), tp: 3 })).toEqual([]);
  });

  it("is a contradiction of the caller otherwise", () => {
    const ask = fleetOf(SMALL);
    ask({ kind: "advance", atNs: 10 });
    expect(() => ask({ kind: "advance", atNs: 9 })).toThrow("time goes on");
    expect(() => ask(warm(-1, running("a"), 1, 1))).toThrow("an owner must be a whole number");
    expect(() => ask(warm(0, running("a"), 1, 0.5))).toThrow("the number of replicas");
    const bounded = { ...warm(0, running("a"), 1, 1), capacityMost: Number.NaN } as FleetAct;
    expect(() => ask(bounded)).toThrow("the most blocks of a worker must be a whole number");
    expect(() => ask(warm(0, running("x"), 1, 1))).toThrow("a model must be one of");
    expect(() => ask({ kind: "lose", gpu: 8 })).toThrow("hardware must be the rack's");
    expect(() => ask({ kind: "regain", domain: -1 })).toThrow("hardware must be the rack's");
    const early = fleetSubject((...given) => new Fleet(...given), FLEET_PARTS);
    expect(() => early()({ kind: "sight" })).toThrow("created before it is asked");
  });
});
