import { describe, expect, it } from "vitest";
import { Batch } from "./batch.ts";
import { Phase } from "./phase.ts";
import { costsOf, liveOf } from "./testing/small-run.ts";

/** Steps of 100 ns and 1 ns more for each token of KV. */
const GROWING = costsOf({
  phaseNs: (batch, kvTokens, steps) => steps * (100 + kvTokens) + (batch * steps * (steps - 1)) / 2,
});

/** Two requests without a prompt, of which each has been given a token. */
const pair = (): Batch => {
  const batch = new Batch(4);
  for (const number of [0, 1]) {
    const live = liveOf({ number, outputTokens: 50 });
    live.emitted = 1;
    batch.join(live, 0);
  }
  return batch;
};

describe("a phase", () => {
  it("knows when each of its steps ends, though nobody looks: 102, 104, 106 ns long", () => {
    const phase = new Phase(GROWING);
    phase.begin(pair(), 1000);
    expect([0, 1, 2, 3].map((step) => phase.momentNs(step))).toEqual([1000, 1102, 1206, 1312]);
  });

  it("knows the first step that ends at an instant or after it", () => {
    const phase = new Phase(GROWING);
    phase.begin(pair(), 1000);
    expect([0, 999, 1000].map((ns) => phase.stepAt(ns))).toEqual([0, 0, 0]);
    expect([1001, 1102, 1103, 1206, 1207].map((ns) => phase.stepAt(ns))).toEqual([1, 1, 2, 2, 3]);
  });

  it("finds every moment again, and the nanosecond after it is the next step's, for a thousand steps", () => {
    const phase = new Phase(GROWING);
    phase.begin(pair(), 7);
    for (let step = 1; step <= 1000; step += 1) {
      expect(phase.stepAt(phase.momentNs(step))).toBe(step);
      expect(phase.stepAt(phase.momentNs(step) + 1)).toBe(step + 1);
    }
  });

  it("goes on where it was as long as its batch is the same, and begins anew when it is not", () => {
    const [phase, batch] = [new Phase(GROWING), pair()];
    phase.begin(batch, 1000);
    batch.advance(3);
    phase.begin(batch, 1312);
    expect([phase.startNs, phase.base]).toEqual([1000, 0]);
    batch.join(liveOf({ number: 2, outputTokens: 50 }), 0);
    phase.begin(batch, 1312);
    expect([phase.startNs, phase.base]).toEqual([1312, 3]);
    expect(phase.momentNs(1)).toBe(1312 + 100 + 2 * 4);
  });

  it("is another after it has ended, even with the same batch", () => {
    const [phase, batch] = [new Phase(GROWING), pair()];
    phase.begin(batch, 1000);
    batch.advance(1);
    phase.end();
    phase.begin(batch, 5000);
    expect([phase.startNs, phase.base]).toEqual([5000, 1]);
  });
});
