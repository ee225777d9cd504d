import { describe, expect, it } from "vitest";
import { packU32, packU64, unpackU32, unpackU64 } from "./words.ts";

const bothOrders = [true, false];

describe("whole numbers as bytes", () => {
  it("put the lowest byte first", () => {
    expect([...packU32(Uint32Array.of(1, 0x01020304))]).toEqual([1, 0, 0, 0, 4, 3, 2, 1]);
    expect([...packU64(BigUint64Array.of(258n))]).toEqual([2, 1, 0, 0, 0, 0, 0, 0]);
  });

  it.each(bothOrders)("come back as they were, little-endian machine: %s", (isLittle) => {
    const words = Uint32Array.of(0, 1, 2 ** 31, 2 ** 32 - 1);
    const ids = BigUint64Array.of(0n, 2n ** 63n, 2n ** 64n - 1n);
    expect(unpackU32(packU32(words, isLittle), isLittle)).toEqual(words);
    expect(unpackU64([packU64(ids, isLittle)], isLittle)).toEqual(ids);
  });

  it("lie the other way round in memory on a big-endian machine, and are not swapped in place", () => {
    const words = Uint32Array.of(1);
    expect([...packU32(words, false)]).toEqual([0, 0, 0, 1]);
    expect(words[0]).toBe(1);
    const blob = Buffer.of(0, 0, 0, 1);
    expect([...unpackU32(blob, false)]).toEqual([1]);
    expect([...blob]).toEqual([0, 0, 0, 1]);
  });

  it("are read from a blob that is not aligned", () => {
    const blob = new Uint8Array([99, 1, 0, 0, 0, 2, 0, 0, 0]).subarray(1);
    expect(blob.byteOffset % 4).toBe(1);
    expect([...unpackU32(blob)]).toEqual([1, 2]);
  });

  it("are not copied where they need not be", () => {
    const words = Uint32Array.of(7);
    expect(packU32(words, true).buffer).toBe(words.buffer);
  });

  it("are joined from several blobs in order", () => {
    const [first, second] = [BigUint64Array.of(1n, 2n), BigUint64Array.of(3n)];
    expect([...unpackU64([packU64(first), packU64(second)])]).toEqual([1n, 2n, 3n]);
    expect(unpackU64([])).toHaveLength(0);
  });
});
