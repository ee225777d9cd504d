// Past 250 lines: nearly every example is run on the fast pool and on its model, so both must see all of them.
import { describe, expect, it } from "vitest";
import { randomStream } from "#base";
import { auditPool } from "./audit.ts";
import type { PoolEvents } from "./contract.ts";
import { PoolModel } from "./model.ts";
import { BlockPool } from "./pool.ts";

const SILENT: PoolEvents = { stored() {}, removed() {} };
const names = (...blocks: number[]): Uint32Array => Uint32Array.from(blocks);

/** Both versions: what is shown here is true of each. */
const VERSIONS = [
  ["the fast pool", (capacity: number, events: PoolEvents) => new BlockPool(capacity, events)],
  ["the model", (capacity: number, events: PoolEvents) => new PoolModel(capacity, events)],
] as const;

describe.each(VERSIONS)("%s", (_, create) => {
  const started = (capacity: number) => {
    const told: string[] = [];
    const pool = create(capacity, {
      stored: (block) => told.push(`+${block}`),
      removed: (block) => told.push(`-${block}`),
    });
    const serve = (request: number, ...blocks: number[]) => {
      const answer = pool.admit(request, names(...blocks), 0);
      pool.fill(request);
      pool.release(request);
      return answer;
    };
    return { pool, told, serve };
  };

  it("hits what an earlier request left behind, and only the leading part of it", () => {
    const { serve } = started(10);
    expect(serve(1, 1, 2, 3)).toEqual({ kind: "admitted", hits: 0, shared: 0 });
    expect(serve(2, 1, 2, 4)).toEqual({ kind: "admitted", hits: 2, shared: 0 });
    expect(serve(3, 5)).toEqual({ kind: "admitted", hits: 0, shared: 0 });
  });

  it("keeps a pinned block and those before it, over an eviction and a clear, until it is unpinned", () => {
    const { pool, serve } = started(3);
    serve(1, 1, 2);
    serve(2, 3);
    expect(pool.pin(2)).toEqual({ kind: "done" });
    expect(pool.counts()).toEqual({ free: 0, filling: 0, active: 2, cached: 1 });
    expect(pool.admit(3, names(4, 5), 0)).toEqual({ kind: "refused", because: "full" });
    serve(4, 4);
    expect(pool.clear()).toBe(1);
    expect([...pool.readable()]).toEqual([1, 2]);
    expect(pool.unpin(2)).toEqual({ kind: "done" });
    expect([pool.clear(), pool.counts().free]).toEqual([2, 3]);
  });

  it("refuses to pin twice, to pin what cannot be read, and to unpin what is not pinned", () => {
    const { pool } = started(2);
    pool.admit(1, names(1, 2), 0);
    expect(pool.pin(1)).toEqual({ kind: "refused", because: "not readable" });
    expect(pool.pin(7)).toEqual({ kind: "refused", because: "not readable" });
    expect(pool.unpin(1)).toEqual({ kind: "refused", because: "not pinned" });
    pool.fill(1);
    expect([pool.pin(1), pool.pin(1), pool.pin(2)]).toEqual([
      { kind: "done" },
      { kind: "refused", because: "already pinned" },
      { kind: "done" },
    ]);
    pool.release(1);
    pool.unpin(2);
    expect(pool.contents()).toEqual([
      [1, "active", 1],
      [2, "cached", 0],
    ]);
  });

  it("shares what another request is filling, without calling it a hit", () => {
    const { pool } = started(3);
    pool.admit(1, names(1, 2), 0);
    expect(pool.admit(2, names(1, 2, 3), 0)).toEqual({ kind: "admitted", hits: 0, shared: 2 });
    expect(pool.counts()).toEqual({ free: 0, filling: 3, active: 0, cached: 0 });
  });

  it("lets a second filler go on when the first one is aborted", () => {
    const { pool, told } = started(2);
    pool.admit(1, names(1, 2), 0);
    pool.admit(2, names(1), 0);
    pool.release(1);
    expect(pool.contents()).toEqual([[1, "filling", 1]]);
    expect([...pool.readable()]).toEqual([]);
    pool.fill(2);
    pool.release(2);
    expect(pool.contents()).toEqual([[1, "cached", 0]]);
    expect([...pool.readable()]).toEqual([1]);
    expect(told).toEqual(["+1"]);
  });

  it("announces parents first and evicts the deepest block of the least recent chain first", () => {
    const { told, serve } = started(4);
    serve(1, 1, 2);
    serve(2, 3, 4);
    serve(3, 1);
    expect(told.splice(0)).toEqual(["+1", "+2", "+3", "+4"]);
    serve(4, 5);
    serve(5, 6);
    serve(6, 7);
    expect(told.splice(0)).toEqual(["-2", "+5", "-4", "+6", "-3", "+7"]);
  });

  it("takes output from the free blocks, then from the cached, and gives it back", () => {
    const { pool, told, serve } = started(4);
    serve(1, 1, 2);
    pool.admit(2, names(3), 0);
    expect(pool.grow(2, 2)).toEqual({ kind: "done" });
    expect(told).toEqual(["+1", "+2", "-2"]);
    expect(pool.grow(2, 2)).toEqual({ kind: "refused", because: "full" });
    expect(pool.counts()).toEqual({ free: 0, filling: 1, active: 2, cached: 1 });
    pool.release(2);
    expect(pool.counts()).toEqual({ free: 3, filling: 0, active: 0, cached: 1 });
  });

  it("does not evict a request's own hits to make room for it", () => {
    const { pool, serve } = started(3);
    serve(1, 1, 2);
    expect(pool.admit(2, names(1, 2, 3), 1)).toEqual({ kind: "refused", because: "full" });
    expect(pool.admit(2, names(1, 2, 3), 0)).toEqual({ kind: "admitted", hits: 2, shared: 0 });
  });

  it("refuses, in this order, whoever is there already, nothing, a repeat, a second parent, too much", () => {
    const { pool, serve } = started(3);
    serve(9, 1, 2);
    pool.admit(1, names(3), 0);
    const because = (request: number, unnamed: number, ...blocks: number[]) =>
      pool.admit(request, names(...blocks), unnamed);
    expect(because(1, 0)).toMatchObject({ because: "already admitted" });
    expect(because(2, 0)).toMatchObject({ because: "empty" });
    expect(because(2, 9, 2, 2)).toMatchObject({ because: "a block twice" });
    expect(because(2, 9, 7, 8, 7)).toMatchObject({ because: "a block twice" });
    expect(because(2, 9, 2)).toMatchObject({ because: "a block with two parents" });
    expect(because(2, 9, 7, 2)).toMatchObject({ because: "a block with two parents" });
    expect(because(2, 3, 1)).toMatchObject({ because: "full" });
    expect(because(2, 1, 1)).toEqual({ kind: "admitted", hits: 1, shared: 0 });
  });

  it("refuses what is done to a request that never came or has left", () => {
    const { pool, serve } = started(2);
    serve(1, 1);
    const unknown = { kind: "refused", because: "not admitted" };
    expect([pool.fill(1), pool.grow(1, 1), pool.release(1), pool.release(7)]).toEqual([
      unknown,
      unknown,
      unknown,
      unknown,
    ]);
  });

  it("says nothing the second time that a request is filled", () => {
    const { pool, told } = started(2);
    pool.admit(1, names(1, 2), 0);
    pool.fill(1);
    expect(pool.fill(1)).toEqual({ kind: "done" });
    expect(told).toEqual(["+1", "+2"]);
  });

  it("clears what is cached and keeps what is held", () => {
    const { pool, told, serve } = started(5);
    serve(1, 1, 2);
    serve(2, 3);
    pool.admit(3, names(1), 0);
    expect(pool.clear()).toBe(2);
    expect(pool.clear()).toBe(0);
    expect(told.slice(3)).toEqual(["-2", "-3"]);
    expect(pool.contents()).toEqual([[1, "active", 1]]);
  });

  it("holds a request of output only, and takes growth by nothing for nothing", () => {
    const { pool } = started(2);
    expect(pool.admit(1, names(), 2)).toEqual({ kind: "admitted", hits: 0, shared: 0 });
    expect(pool.grow(1, 0)).toEqual({ kind: "done" });
    expect(pool.counts()).toEqual({ free: 0, filling: 0, active: 2, cached: 0 });
  });

  it("keeps names at both ends of 32 bits apart", () => {
    const { pool, serve } = started(3);
    serve(1, 2 ** 32 - 1, 0, 2 ** 31);
    expect(pool.leadingRun(names(2 ** 32 - 1, 0, 2 ** 31))).toBe(3);
    expect(pool.contents().map(([name]) => name)).toEqual([0, 2 ** 31, 2 ** 32 - 1]);
  });

  it("keeps the order of a chain of a thousand blocks, and hits all of it", () => {
    const { told, serve } = started(1_000);
    const chain = Array.from({ length: 1_000 }, (_, index) => index);
    serve(1, ...chain);
    expect(told).toEqual(chain.map((block) => `+${block}`));
    expect(serve(2, ...chain)).toEqual({ kind: "admitted", hits: 1_000, shared: 0 });
  });

  it("refuses a leading block of one chain behind a stranger", () => {
    const { pool, serve } = started(4);
    serve(1, 6);
    const answer = pool.admit(2, names(8, 6), 0);
    expect(answer).toEqual({ kind: "refused", because: "a block with two parents" });
  });

  it("needs a block or more", () => {
    for (const capacity of [0, -1, 1.5, Number.NaN]) {
      expect(() => create(capacity, SILENT)).toThrow("a pool has");
    }
  });
});

describe("a larger pool", () => {
  it("may hit less once a smaller one has refused a request: POL-12 ends there", () => {
    const hits = (capacity: number): number[] => {
      const pool = new BlockPool(capacity, SILENT);
      return [names(1, 2), names(3, 4, 5), names(1, 2)].map((blocks, request) => {
        const answer = pool.admit(request, blocks, 0);
        pool.fill(request);
        pool.release(request);
        return answer.kind === "admitted" ? answer.hits : -1;
      });
    };
    expect(hits(2)).toEqual([0, -1, 2]);
    expect(hits(3)).toEqual([0, 0, 0]);
  });
});

describe("the fast pool's memory", () => {
  it("is at most 32 bytes a block of the capacity when names are neighbours", () => {
    for (const capacity of [100, 1_000, 87_382, 131_072]) {
      const pool = new BlockPool(capacity, SILENT);
      pool.admit(
        1,
        Uint32Array.from({ length: capacity }, (_, name) => name),
        0,
      );
      const { names, parents, uses, newer, older, table } = pool.slots;
      const arrays = [names, parents, uses, newer, older, table];
      const size = arrays.reduce((sum, array) => sum + array.byteLength, 0);
      expect(size / capacity).toBeLessThan(capacity < 1000 ? 40 : 32);
    }
  });

  it("stays right through long chains, colliding names and thousands of evictions", () => {
    const random = randomStream(1, "long chains");
    const told = [new Set<number>(), new Set<number>()] as const;
    const listening = (set: Set<number>): PoolEvents => ({
      stored: (block) => void set.add(block),
      removed: (block) => void set.delete(block),
    });
    const fast = new BlockPool(97, listening(told[0]));
    const plain = new PoolModel(97, listening(told[1]));
    // Multiples of 2^20 share their low bits; a chain's names are those of its prefixes.
    const chain = () => {
      const [tree, length] = [random.below(9), random.below(40) + 1];
      return Uint32Array.from({ length }, (_, depth) => (tree * 40 + depth) * 2 ** 20);
    };
    for (let step = 0; step < 2_000; step += 1) {
      const [request, unnamed, blocks] = [random.below(5), random.below(4), chain()];
      expect(fast.admit(request, blocks, unnamed)).toEqual(plain.admit(request, blocks, unnamed));
      const other = random.below(5);
      if (random.below(2) === 0) expect(fast.fill(other)).toEqual(plain.fill(other));
      else expect(fast.release(other)).toEqual(plain.release(other));
      if (step % 20 === 0) {
        expect(fast.contents()).toEqual(plain.contents());
        expect(told[0]).toEqual(told[1]);
        expect(auditPool(fast)).toEqual([]);
      }
    }
  });
});
