import { describe, expect, it } from "vitest";
import { findProfile } from "#spec";
import type { MoveRequest, Plan } from "./contract.ts";
import { execute } from "./execute.ts";
import { shards } from "./intervals.ts";
import { linksOf } from "./links.ts";
import { planTransfers } from "./plan.ts";

const DOCUMENT = linksOf(findProfile("document"));
const LLAMA = 35e9;
const domainOf = (index: number): readonly number[] =>
  Array.from({ length: 8 }, (_, place) => 8 * index + place);
const replica = (gpu: number, bytes = LLAMA) => ({ gpu, from: 0, to: bytes });

/** The plan, which there must be. */
const planned = (request: MoveRequest): Plan => {
  const plan = planTransfers(request, DOCUMENT);
  expect(plan.kind).toBe("planned");
  return plan as Plan;
};

describe("the document's cases", () => {
  it("brings Llama 70B in FP4 from a neighbour in 19.4 ms", () => {
    const request = { bytes: LLAMA, sources: [replica(0)], targets: [replica(1)] };
    const plan = planned(request);
    // 35 GB ÷ 1.8 TB/s = 19.444 ms, and one hop of 500 ns.
    expect(plan.finishNs).toBe(19_444_445 + 500);
    expect(plan.lowerBounds.ingressNs).toBe(19_444_445);
    expect(plan.transfers).toEqual([{ id: 0, round: 0, src: 0, dst: 1, from: 0, to: LLAMA }]);
    expect(execute(plan, request, DOCUMENT).finishNs).toBe(19_444_945);
  });

  it("brings eight shards to the next domain in parallel, in an eighth of the time", () => {
    const request = {
      bytes: LLAMA,
      sources: shards(LLAMA, domainOf(0)),
      targets: shards(LLAMA, domainOf(1)),
    };
    const plan = planned(request);
    // 4.375 GB ÷ 1.2 TB/s = 3.646 ms, and three hops.
    expect(plan.finishNs).toBe(3_645_834 + 1500);
    expect(plan.boundBy).toBe("link");
    expect(plan.transfers.map(({ src, dst }) => dst - src)).toEqual(Array(8).fill(8));
    expect(execute(plan, request, DOCUMENT).finishNs).toBe(3_647_334);
  });
});

describe("a plan", () => {
  it("takes from the nearest when that is as quick", () => {
    const sources = [replica(71), replica(4), replica(3), replica(40)];
    const plan = planned({ bytes: LLAMA, sources, targets: [replica(2)] });
    expect(plan.transfers.map(({ src }) => src)).toEqual([3]);
  });

  it("takes from two where neither alone fills the receiver", () => {
    // 8 and 9 are each 1.2 TB/s away from 0, which takes in 1.8.
    const plan = planned({
      bytes: 1800,
      sources: [replica(8, 1800), replica(9, 1800)],
      targets: [replica(0, 1800)],
    });
    expect(plan.finishNs).toBe(1 + 1500);
    expect(plan.transfers.map(({ src, from, to }) => [src, to - from])).toEqual([
      [8, expect.any(Number)],
      [9, expect.any(Number)],
    ]);
  });

  it("sends a part to each of 71 targets and lets them exchange, in two times instead of 71", () => {
    const targets = Array.from({ length: 71 }, (_, index) => replica(index + 1));
    const request = { bytes: LLAMA, sources: [replica(0)], targets };
    const plan = planned(request);
    expect(plan.strategy).toBe("relayed");
    expect(plan.finishNs).toBeLessThan(2 * plan.lowerBounds.ingressNs);
    const direct = planTransfers(request, DOCUMENT, { relays: false });
    expect(direct).toMatchObject({ strategy: "direct", finishNs: 71 * 19_444_444 + 1500 + 32 });
  });

  it("takes what eight shards have into four larger ones", () => {
    const plan = planned({
      bytes: 80,
      sources: shards(80, domainOf(0)),
      targets: shards(80, [8, 9, 10, 11]),
    });
    expect(plan.transfers.map(({ src, dst, from, to }) => [src, dst, from, to])).toEqual([
      [0, 8, 0, 10],
      [1, 8, 10, 20],
      [2, 9, 20, 30],
      [3, 9, 30, 40],
      [4, 10, 40, 50],
      [5, 10, 50, 60],
      [6, 11, 60, 70],
      [7, 11, 70, 80],
    ]);
  });

  it("sends nothing that is there already", () => {
    const sources = [replica(0, 10), { gpu: 1, from: 2, to: 5 }, { gpu: 1, from: 4, to: 7 }];
    const plan = planned({ bytes: 10, sources, targets: [replica(1, 10)] });
    expect(plan.transfers.map(({ from, to }) => [from, to])).toEqual([
      [0, 2],
      [7, 10],
    ]);
  });

  it("is refused when there is nothing to move, and says which nothing", () => {
    const because = (request: MoveRequest) => planTransfers(request, DOCUMENT);
    expect(because({ bytes: 0, sources: [replica(0, 0)], targets: [replica(1, 0)] })).toEqual({
      kind: "refused",
      because: "no bytes",
    });
    expect(because({ bytes: 9, sources: [replica(0, 9)], targets: [] })).toEqual({
      kind: "refused",
      because: "no targets",
    });
    expect(because({ bytes: 9, sources: [replica(0, 9)], targets: [replica(0, 9)] })).toEqual({
      kind: "refused",
      because: "nothing missing",
    });
    expect(because({ bytes: 9, sources: [], targets: [{ gpu: 1, from: 4, to: 4 }] })).toEqual({
      kind: "refused",
      because: "nothing missing",
    });
  });

  it("is refused with the first bytes that nobody has", () => {
    const sources = [
      { gpu: 0, from: 0, to: 4 },
      { gpu: 1, from: 6, to: 9 },
    ];
    expect(planTransfers({ bytes: 9, sources, targets: [replica(2, 9)] }, DOCUMENT)).toEqual({
      kind: "refused",
      because: "not covered",
      gap: { gpu: 2, from: 4, to: 6 },
    });
  });

  it.each([
    ["a GPU beyond the rack", { bytes: 9, sources: [replica(72, 9)], targets: [] }],
    ["a piece beyond the weights", { bytes: 9, sources: [replica(0, 10)], targets: [] }],
    [
      "a piece that runs backwards",
      { bytes: 9, sources: [{ gpu: 0, from: 5, to: 4 }], targets: [] },
    ],
    ["half a byte", { bytes: 9.5, sources: [], targets: [] }],
    ["fewer than no bytes", { bytes: -1, sources: [], targets: [] }],
  ])("cannot be asked for %s", (_, request) => {
    expect(() => planTransfers(request, DOCUMENT)).toThrow("must be");
  });

  it("cannot be asked for over links without a rate", () => {
    const links = { ...DOCUMENT, rates: [0, 1, 0, 1] };
    const request = { bytes: 9, sources: [replica(0, 9)], targets: [replica(1, 9)] };
    expect(() => planTransfers(request, links)).toThrow("a link must have a positive rate");
  });
});
