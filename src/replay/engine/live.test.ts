import { describe, expect, it } from "vitest";
import { Census } from "./census.ts";
import type { State } from "./live.ts";
import { BLOCK, liveOf } from "./testing/small-run.ts";

describe("a request", () => {
  it("needs a block for each named one, and its output begins in a block of its own", () => {
    const live = liveOf({ blocks: [0, 1, 2], inputTokens: 2 * BLOCK + 1 });
    expect(live.promptBlocks).toBe(3);
    expect([0, 1, BLOCK, BLOCK + 1].map((tokens) => live.unnamedBlocks(tokens, BLOCK))).toEqual([
      0, 1, 1, 2,
    ]);
  });

  it("whose trace names no blocks needs as many without a name", () => {
    const live = liveOf({ inputTokens: 2 * BLOCK + 1 });
    expect([live.promptBlocks, live.unnamedBlocks(0, BLOCK)]).toEqual([3, 3]);
  });

  it("computes what no hit covers, output that it had been given too, and at least a token", () => {
    const live = liveOf({ blocks: [0, 1, 2], inputTokens: 2 * BLOCK + 1 });
    expect([0, 1, 2, 3].map((hits) => live.tokensBehind(hits, BLOCK))).toEqual([
      2 * BLOCK + 1,
      BLOCK + 1,
      1,
      1,
    ]);
    live.emitted = 5;
    expect(live.tokensBehind(2, BLOCK)).toBe(6);
  });

  it("that asks for nothing computes nothing", () => {
    expect(liveOf({}).tokensBehind(0, BLOCK)).toBe(0);
  });
});

describe("the census", () => {
  it("has every request in one state, and tells of a change before it is made", () => {
    const told: [State, State][] = [];
    const census = new Census(({ state }, to) => told.push([state, to]));
    const [one, other] = [liveOf({ number: 0 }), liveOf({ number: 1 })];
    census.enter();
    census.enter();
    census.move(one, "waiting");
    census.move(other, "waiting");
    census.move(one, "prefilling");
    expect(census.counts).toMatchObject({ unrouted: 0, waiting: 1, prefilling: 1 });
    census.move(other, "ended");
    expect([census.open, census.counts.ended]).toEqual([1, 1]);
    expect(told[2]).toEqual(["waiting", "prefilling"]);
  });
});
