import { describe, expect, it } from "vitest";
import { randomStream } from "#base";
import { TokenGaps } from "./token-gaps.ts";

/** A step takes 100 ns, and 1 ns more for every 10 tokens of KV. */
const costs = {
  stepNs: (_tokens: number, _batch: number, kvTokens: number) => 100 + Math.floor(kvTokens / 10),
};
const WORKER = { number: 8, costs };

/** Steps that only decode, from an instant on. */
const steps = (fromNs: number, count: number, size: number, kvTokens: number) => {
  let tookNs = 0;
  for (let step = 0; step < count; step += 1)
    tookNs += costs.stepNs(0, size, kvTokens + step * size);
  return { steps: count, size, kvTokens, tookNs, endNs: fromNs + tookNs, isPrefilling: false };
};

const request = (number: number, emitted = 1) => ({ number, emitted });

describe("gaps between tokens", () => {
  it("are one for each member of the batch and step", () => {
    const gaps = new TokenGaps();
    // Two members with 100 tokens each: 120 ns, then the same again, for two tokens more are not ten.
    gaps.decoded(WORKER, steps(0, 2, 2, 200));
    expect(gaps.spread()).toMatchObject({ count: 4, mean: 120, p50: 120, max: 120, exact: true });
  });

  it("are all of the mixed step where somebody is prefilled beside the batch", () => {
    const gaps = new TokenGaps();
    const mixed = { steps: 1, size: 3, kvTokens: 0, tookNs: 5000, endNs: 5000, isPrefilling: true };
    gaps.decoded(WORKER, mixed);
    gaps.decoded(WORKER, { ...mixed, size: 0 });
    expect(gaps.spread()).toMatchObject({ count: 3, mean: 5000, max: 5000 });
  });

  it("are the same however a stretch is cut", () => {
    const random = randomStream(3, "cuts");
    for (const limit of [50, 1000]) {
      const [whole, cut, single] = [new TokenGaps(), new TokenGaps(), new TokenGaps()];
      let now = 0;
      for (let stretch = 0; stretch < 25; stretch += 1) {
        const count = 1 + random.below(limit);
        const [size, kvTokens] = [1 + random.below(40), random.below(10_000)];
        const first = random.below(count);
        whole.decoded(WORKER, steps(now, count, size, kvTokens));
        if (first > 0) cut.decoded(WORKER, steps(now, first, size, kvTokens));
        cut.decoded(WORKER, steps(now, count - first, size, kvTokens + first * size));
        for (let step = 0; step < count; step += 1) {
          single.decoded(WORKER, steps(now, 1, size, kvTokens + step * size));
        }
        now = steps(now, count, size, kvTokens).endNs;
      }
      expect(cut.spread()).toEqual(whole.spread());
      expect(single.spread()).toEqual(whole.spread());
      expect(whole.spread().exact).toBe(limit === 50);
    }
  });

  it("last as long as the way to another worker and the first step there", () => {
    const gaps = new TokenGaps();
    const prefiller = { number: 0, costs };
    gaps.decoded(prefiller, { ...steps(0, 1, 0, 0), endNs: 1000, isPrefilling: true });
    gaps.prefilled(request(1), 1000);
    gaps.paused(request(1), 0);
    // It joins one other at 1700: their first step ends at 1800, the second at 1901.
    gaps.resumed(request(1), 8);
    gaps.decoded(WORKER, { ...steps(1700, 2, 2, 8) });
    expect(gaps.spread()).toMatchObject({ count: 4, p50: 101, max: 800 });
    expect(gaps.spread().mean).toBe((100 + 800 + 101 + 101) / 4);
  });

  it("last until a prompt has been computed again after a preemption", () => {
    const gaps = new TokenGaps();
    gaps.decoded(WORKER, steps(0, 1, 1, 0));
    gaps.paused(request(1, 2), 8);
    gaps.decoded(WORKER, { ...steps(900, 1, 0, 0), endNs: 1100, isPrefilling: true });
    gaps.prefilled(request(1, 3), 1100);
    expect(gaps.spread()).toMatchObject({ count: 2, mean: (100 + 1000) / 2, max: 1000 });
  });

  it("begin with the last token, not with the last pause", () => {
    const gaps = new TokenGaps();
    gaps.decoded(WORKER, steps(0, 1, 1, 0));
    gaps.paused(request(1, 2), 8);
    gaps.resumed(request(1, 2), 8);
    // It joins and has to go again before it is given anything.
    gaps.paused(request(1, 2), 8);
    gaps.decoded(WORKER, steps(500, 1, 1, 0));
    gaps.prefilled(request(1, 3), 1100);
    expect(gaps.spread()).toMatchObject({ count: 3, max: 1000 });
  });

  it("are none before a first token, and none after an end", () => {
    const gaps = new TokenGaps();
    gaps.paused(request(1, 0), 8);
    gaps.prefilled(request(1), 700);
    gaps.decoded(WORKER, { ...steps(0, 1, 0, 0), endNs: 700, isPrefilling: true });
    gaps.paused(request(2), 8);
    gaps.resumed(request(2), 8);
    gaps.ended(request(2), 8);
    gaps.prefilled(request(2, 2), 900);
    gaps.decoded(WORKER, steps(900, 1, 1, 0));
    expect(gaps.spread()).toMatchObject({ count: 1, max: 100 });
  });

  it("cannot follow a token that no step has given", () => {
    expect(() => new TokenGaps().paused(request(1), 8)).toThrow("tokens are given by the steps");
  });
});
