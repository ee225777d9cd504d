import { describe, expect, it } from "vitest";
import { bytes, SpecViolation } from "#base";
import { transferTime } from "#cost";
import { findProfile } from "#spec";
import type { Fabric, FabricFlow } from "./contract.ts";
import { KvFabric } from "./kv-fabric.ts";
import { FabricModel } from "./model.ts";
import { fabricShapeOf } from "./shape.ts";

const DOCUMENT = findProfile("document");
const SHAPE = fabricShapeOf(DOCUMENT);

/** A worker of one GPU that sends to another one, of another domain unless told: 1,200 bytes a nanosecond after 1,500 ns. */
const send = (flow: number, source: number, target: number, size: number): FabricFlow => ({
  flow,
  source,
  target,
  distance: Math.floor(source / 8) === Math.floor(target / 8) ? 2 : 3,
  bytes: size,
  shards: 1,
});

/** All ends, one after the other. */
const drain = (fabric: Fabric): readonly (readonly [flow: number, atNs: number])[] => {
  const ends: (readonly [number, number])[] = [];
  for (let next = fabric.nextNs(); next < Number.POSITIVE_INFINITY; next = fabric.nextNs())
    for (const { flow, atNs } of fabric.advance(next)) ends.push([flow, atNs]);
  return ends;
};

describe.each([
  ["the fabric", () => new KvFabric(SHAPE)],
  ["its model", () => new FabricModel(SHAPE)],
])("%s", (_, create) => {
  it("takes for a flow alone what the closed form says", () => {
    const fabric = create();
    expect(fabric.begin(send(1, 0, 8, 1_200_000), 0)).toEqual({ kind: "begun", firstByteNs: 1500 });
    expect(fabric.nextNs()).toBe(1500);
    expect(drain(fabric)).toEqual([[1, 2500]]);
    expect(fabric.aloneNs(send(1, 0, 8, 1_200_000))).toBe(2500);
    expect(transferTime(DOCUMENT, 3, bytes(1_200_000), 1).total).toBe(2500);
  });

  it("shares an egress: 900 bytes a nanosecond each, and 1,200 again when one is done", () => {
    const fabric = create();
    fabric.begin(send(1, 0, 8, 900_000), 0);
    fabric.begin(send(2, 0, 16, 2_100_000), 0);
    expect(fabric.advance(1500)).toEqual([]);
    expect(fabric.flows().map(({ bytesPerSecond }) => bytesPerSecond)).toEqual([900e9, 900e9]);
    expect(drain(fabric)).toEqual([
      [1, 2500],
      [2, 3500],
    ]);
    const { moved, busiest } = fabric.ledger();
    expect(moved.rack).toBe(3_000_000);
    expect(busiest).toEqual({ worker: 0, ns: 2000 });
    expect(fabric.audit()).toEqual({ windows: 2, sharedWindows: 1, excessBytes: 0 });
  });

  it("shares an ingress and a pair's link likewise", () => {
    const fabric = create();
    fabric.begin(send(1, 0, 16, 900_000), 0);
    fabric.begin(send(2, 8, 16, 900_000), 0);
    fabric.begin(send(3, 24, 32, 600_000), 0);
    fabric.begin(send(4, 24, 32, 600_000), 0);
    expect(drain(fabric)).toEqual([
      [1, 2500],
      [2, 2500],
      [3, 2500],
      [4, 2500],
    ]);
  });

  it("lets the first byte come before it takes a share from others", () => {
    const fabric = create();
    fabric.begin(send(1, 0, 8, 1_200_000), 0);
    fabric.begin(send(2, 0, 16, 900_000), 1000);
    expect(fabric.advance(2500)).toEqual([{ flow: 1, atNs: 2500 }]);
    expect(fabric.advance(9999)).toEqual([{ flow: 2, atNs: 3250 }]);
  });

  it("gives each worker a port of its own at the switch: 1,600 bytes a nanosecond after 500 ns", () => {
    const fabric = create();
    const read = (flow: number, target: number): FabricFlow => ({
      ...send(flow, 0, target, 12_800_000),
      source: "switch",
      shards: 4,
    });
    fabric.begin(read(1, 0), 0);
    fabric.begin(read(2, 4), 0);
    expect(drain(fabric)).toEqual([
      [1, 2500],
      [2, 2500],
    ]);
    expect(fabric.ledger().moved.switch).toBe(25_600_000);
  });

  it("may let a flow end earlier for another one more: it slows the one that was in the way", () => {
    const end = (isThere: boolean): number | undefined => {
      const fabric = create();
      fabric.begin(send(1, 0, 1, 7_000_000), 0);
      fabric.begin(send(2, 0, 8, 7_000_000), 0);
      for (const flow of isThere ? [3, 4] : []) fabric.begin(send(flow, 16, 8, 9_000_000), 0);
      return drain(fabric).find(([flow]) => flow === 1)?.[1];
    };
    expect(end(true)).toBeLessThan(end(false) as number);
  });

  it("slows a link to half, and undoes it", () => {
    const fabric = create();
    fabric.begin(send(1, 0, 8, 2_400_000), 0);
    fabric.slow("rack", 0.5, 1500);
    expect(fabric.aloneNs(send(9, 0, 8, 1_200_000))).toBe(3500);
    fabric.slow("rack", 1, 2500);
    expect(drain(fabric)).toEqual([[1, 4000]]);
  });

  it("cuts what goes from or to a lost worker, and counts what had arrived", () => {
    const fabric = create();
    fabric.begin(send(7, 0, 8, 2_400_000), 0);
    fabric.begin(send(3, 16, 0, 2_400_000), 0);
    fabric.begin(send(5, 24, 32, 2_400_000), 0);
    expect(fabric.cancelOf(0, 2500)).toEqual([3, 7]);
    expect(fabric.cancel(7, 2500)).toEqual({ kind: "refused", because: "not-under-way" });
    expect(drain(fabric)).toEqual([[5, 3500]]);
    expect(fabric.ledger()).toMatchObject({
      moved: { rack: 4_800_000 },
      cut: { rack: 2_400_000 },
    });
  });

  it("refuses nothing to send, and nowhere to send it", () => {
    const fabric = create();
    expect(fabric.begin(send(1, 0, 8, 0), 0)).toEqual({ kind: "refused", because: "no-bytes" });
    expect(fabric.begin(send(1, 8, 8, 5), 0)).toEqual({ kind: "refused", because: "same-worker" });
    expect(fabric.nextNs()).toBe(Number.POSITIVE_INFINITY);
  });

  it("tells what ended before it was asked, and lets a number be used again", () => {
    const fabric = create();
    fabric.begin(send(1, 0, 8, 1_200_000), 0);
    fabric.begin(send(1, 0, 8, 1_200_000), 5000);
    expect(fabric.nextNs()).toBe(2500);
    expect(fabric.advance(9000)).toEqual([
      { flow: 1, atNs: 2500 },
      { flow: 1, atNs: 7500 },
    ]);
    expect(fabric.advance(9000)).toEqual([]);
  });

  it("throws when time goes back, a number is in use, or a worker is none", () => {
    const fabric = create();
    fabric.begin(send(1, 0, 8, 1_200_000), 1000);
    fabric.advance(1200);
    expect(() => fabric.advance(1100)).toThrow(SpecViolation);
    expect(() => fabric.begin(send(1, 0, 8, 1), 1300)).toThrow(SpecViolation);
    expect(() => fabric.begin(send(2, 0, 72, 1), 1300)).toThrow(SpecViolation);
    expect(() => fabric.begin(send(2, 0, 8, 0.5), 1300)).toThrow(SpecViolation);
    expect(() => fabric.begin(send(2, 0, 8, 1e12), 1300)).toThrow(SpecViolation);
    expect(() => fabric.slow("rack", 0, 1300)).toThrow(SpecViolation);
    expect(() => fabric.slow("rack", 1e-6, 1300)).toThrow(SpecViolation);
    expect(() => fabric.advance(1300.5)).toThrow(SpecViolation);
    expect(drain(fabric)).toEqual([[1, 3500]]);
  });

  it("shares one egress among seventy flows, each 25 bytes a nanosecond and a bit", () => {
    const fabric = create();
    for (let flow = 0; flow < 70; flow += 1)
      fabric.begin({ ...send(flow, 0, 1 + flow, 1800), distance: 3 }, 0);
    fabric.advance(1500);
    // 18,000,000 ÷ 70 = 257,142.86 units of 100 kB/s.
    expect(new Set(fabric.flows().map(({ bytesPerSecond }) => bytesPerSecond))).toEqual(
      new Set([25_714_200_000]),
    );
    // 1,800 bytes ÷ 25.7142 = 70.00023 ns.
    expect(new Set(drain(fabric).map(([, atNs]) => atNs))).toEqual(new Set([1571]));
  });
});

describe("the fabric", () => {
  it("takes a GPU's own rate where a link is supposed to be wider", () => {
    const wide = { ...SHAPE, egress: 0.9e12 };
    expect(new KvFabric(wide).aloneNs(send(1, 0, 8, 1_800_000))).toBe(1500 + 2000);
  });

  it("refuses to be made without GPUs, or with links that carry next to nothing", () => {
    expect(() => new KvFabric({ ...SHAPE, gpus: 0 })).toThrow(SpecViolation);
    expect(() => new KvFabric({ ...SHAPE, ingress: 1e6 })).toThrow(SpecViolation);
  });

  it("has nothing left of twenty thousand flows that are over", () => {
    const fabric = new KvFabric(SHAPE);
    let nowNs = 0;
    for (let flow = 0; flow < 20_000; flow += 1) {
      nowNs += 700;
      fabric.advance(nowNs);
      fabric.begin(send(flow, flow % 8, 8 + (flow % 5), 500_000 + flow), nowNs);
    }
    expect(drain(fabric).length).toBeGreaterThan(0);
    expect(fabric.flows()).toEqual([]);
    expect(fabric.ledger().moved.rack).toBe(20_000 * 500_000 + (20_000 * 19_999) / 2);
    expect(fabric.audit().excessBytes).toBe(0);
  });
});
