import { describe, expect, it } from "vitest";
import { SpecViolation } from "#base";
import type { PoolCall } from "./calls.ts";
import { BlockPool } from "./pool.ts";
import { poolSubject } from "./subject.ts";

const subject = poolSubject((capacity, events) => new BlockPool(capacity, events));
const play = (...calls: PoolCall[]) => calls.map(subject());

describe("a pool behind calls", () => {
  it("answers a short life as plain data", () => {
    const replies = play(
      { kind: "create", capacity: 2 },
      { kind: "admit", request: 1, blocks: [1, 2], unnamed: 0 },
      { kind: "fill", request: 1 },
      { kind: "admit", request: 2, blocks: [3], unnamed: 0 },
      { kind: "release", request: 1 },
      { kind: "admit", request: 2, blocks: [3], unnamed: 0 },
      { kind: "announcements" },
      { kind: "announcements" },
      { kind: "leadingRun", blocks: [1, 2] },
      { kind: "contents" },
    );
    expect(JSON.parse(JSON.stringify(replies))).toEqual([
      { kind: "created" },
      { kind: "admitted", hits: 0, shared: 0, evicted: [] },
      { kind: "filled", stored: [1, 2] },
      { kind: "refused", because: "full" },
      { kind: "released" },
      { kind: "admitted", hits: 0, shared: 0, evicted: [2] },
      {
        kind: "announcements",
        events: [
          ["stored", 1],
          ["stored", 2],
          ["removed", 2],
        ],
      },
      { kind: "announcements", events: [] },
      { kind: "run", length: 1 },
      {
        kind: "contents",
        blocks: [
          [1, "cached", 0],
          [3, "filling", 1],
        ],
      },
    ]);
  });

  it("forgets everything when a pool is created anew", () => {
    const replies = play(
      { kind: "create", capacity: 1 },
      { kind: "admit", request: 1, blocks: [1], unnamed: 0 },
      { kind: "fill", request: 1 },
      { kind: "create", capacity: 3 },
      { kind: "announcements" },
      { kind: "counts" },
    );
    expect(replies.slice(4)).toEqual([
      { kind: "announcements", events: [] },
      { kind: "counts", free: 3, filling: 0, active: 0, cached: 0 },
    ]);
  });

  it.each([-1, 1.5, 2 ** 32, Number.NaN])("does not cut %d down to a name", (name) => {
    const admission = { kind: "admit", request: 1, blocks: [name], unnamed: 0 } as const;
    expect(() => play({ kind: "create", capacity: 1 }, admission)).toThrow(SpecViolation);
  });

  it("throws on a call before there is a pool, and on what is no call", () => {
    expect(() => play({ kind: "clear" })).toThrow(SpecViolation);
    const stranger = { kind: "defragment" } as unknown as PoolCall;
    expect(() => play({ kind: "create", capacity: 1 }, stranger)).toThrow(SpecViolation);
  });
});
