import { describe, expect, it } from "vitest";
import { auditPool } from "./audit.ts";
import { BlockPool } from "./pool.ts";

/** Blocks 1 and 2 active, 3 filling, 4 above 5 cached, two blocks of output; slots are taken in order. */
const busyPool = (): BlockPool => {
  const pool = new BlockPool(9, { stored() {}, removed() {} });
  pool.admit(1, Uint32Array.of(1, 2), 0);
  pool.fill(1);
  pool.admit(2, Uint32Array.of(1, 2, 3), 2);
  pool.admit(3, Uint32Array.of(4, 5), 0);
  pool.fill(3);
  pool.release(3);
  return pool;
};

describe("the audit", () => {
  it("finds nothing wrong with a pool at work", () => {
    expect(busyPool().counts()).toEqual({ free: 2, filling: 1, active: 4, cached: 2 });
    expect(auditPool(busyPool())).toEqual([]);
  });

  it("counts a pin as a user", () => {
    const pool = busyPool();
    pool.pin(5);
    expect(auditPool(pool)).toEqual([]);
    pool.slots.uses[3] = 1;
    expect(auditPool(pool)).not.toEqual([]);
  });

  it("finds a user too many", () => {
    const pool = busyPool();
    pool.slots.uses[1] = 2 * 3 + 1;
    expect(auditPool(pool)).toEqual(["pool/users", "pool/chains"]);
  });

  it("finds a readable block under one that is not", () => {
    const pool = busyPool();
    pool.slots.uses[1] = 2 * 2;
    pool.slots.uses[2] = 2 * 1 + 1;
    expect(auditPool(pool)).toEqual(["pool/chains"]);
  });

  it("finds a filling block that became readable unannounced and uncounted", () => {
    const pool = busyPool();
    pool.slots.uses[2] = 2 * 1 + 1;
    expect(auditPool(pool)).toEqual(["pool/counts"]);
  });

  it("finds a slot under the wrong name", () => {
    const pool = busyPool();
    pool.slots.names[3] = 77;
    expect(auditPool(pool)).toEqual(["pool/slots"]);
  });

  it("finds a slot that is free and in use", () => {
    const pool = busyPool();
    pool.slots.free = 0;
    expect(auditPool(pool)).toContain("pool/slots");
  });

  it("finds a parent that would be evicted before its child", () => {
    const pool = busyPool();
    pool.slots.unlink(4);
    pool.slots.link(4);
    expect(auditPool(pool)).toEqual(["pool/recency"]);
  });

  it("finds a cached block that can never be evicted, and a ring that goes round", () => {
    const lost = busyPool();
    lost.slots.unlink(4);
    expect(auditPool(lost)).toEqual(["pool/recency"]);
    const round = busyPool();
    round.slots.newer[3] = 4;
    expect(auditPool(round)).toEqual(["pool/recency"]);
  });
});
