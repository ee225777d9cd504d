import { describe, expect, it } from "vitest";
import { ascending, byEach, randomStream } from "#base";
import { Batch } from "./batch.ts";
import type { Live } from "./live.ts";
import { liveOf } from "./testing/small-run.ts";

/** A request that is to be given so many tokens. */
const asking = (number: number, outputTokens: number): Live =>
  liveOf({ number, blocks: [0, 1], outputTokens });

/** Blocks that the members of a batch take for the steps `from` … `to` − 1. */
const oneByOne = ({ members }: Batch, size: number, from: number, to: number): number => {
  let blocks = 0;
  for (let step = from; step < to; step += 1)
    for (const { written, joined } of members)
      if ((written + step - joined) % size === 0) blocks += 1;
  return blocks;
};

describe("a batch", () => {
  it("knows who has all its tokens first, whoever joined when; the lower number at once", () => {
    const batch = new Batch(4);
    const [slow, quick, late] = [asking(0, 9), asking(1, 5), asking(2, 3)];
    batch.join(slow, 0);
    batch.join(quick, 0);
    expect(batch.firstFinish).toBe(5);
    batch.advance(2);
    batch.join(late, 0);
    // Two of its five tokens are there, and three are to come: as many as the late one asks for.
    expect(batch.firstFinish).toBe(5);
    expect(batch.members[0]).toBe(quick);
    batch.advance(3);
    batch.leave(quick);
    expect(batch.members[0]).toBe(late);
    batch.leave(late);
    expect(batch.firstFinish).toBe(9);
  });

  it("counts what its members are given, and the KV that the next step reads", () => {
    const batch = new Batch(4);
    const [one, other] = [asking(0, 9), asking(1, 9)];
    one.emitted = 1; // Its prefill gave it one.
    batch.join(one, 0);
    expect(batch.kvTokens).toBe(1024 + 1);
    batch.advance(3);
    batch.join(other, 0);
    expect(batch.kvTokens).toBe(1024 + 4 + 1024);
    batch.advance(2);
    batch.leave(one);
    expect([one.emitted, batch.kvTokens, batch.size]).toEqual([6, 1024 + 2, 1]);
    expect(batch.changes).toBe(3);
  });

  it("needs a block for each member before its 1st, 5th, 9th … token, where a block has 4", () => {
    const batch = new Batch(4);
    batch.join(asking(0, 20), 0);
    expect([batch.growth(0, 1), batch.growth(0, 4), batch.growth(0, 5)]).toEqual([1, 1, 2]);
    batch.advance(2);
    batch.join(asking(1, 20), 0);
    // The one before its steps 4, 8, …, the other before 2, 6, 10, …
    expect([batch.growth(2, 3), batch.growth(3, 4), batch.growth(2, 7)]).toEqual([1, 0, 3]);
  });

  it("needs the next block of one that comes with 3 tokens of output after one step more", () => {
    const batch = new Batch(4);
    batch.join(asking(0, 20), 3);
    expect([batch.growth(0, 1), batch.growth(0, 2), batch.growth(0, 6)]).toEqual([0, 1, 2]);
  });

  it("says before which step room for so many blocks does not suffice", () => {
    const batch = new Batch(4);
    for (const number of [0, 1, 2]) batch.join(asking(number, 100), 0);
    // Three before step 0, three before step 4, and so on.
    expect(batch.firstBeyond(2, 0, 100)).toBe(0);
    expect(batch.firstBeyond(3, 0, 100)).toBe(4);
    expect(batch.firstBeyond(8, 0, 100)).toBe(8);
    expect(batch.firstBeyond(8, 1, 100)).toBe(12);
    expect(batch.firstBeyond(1000, 0, 100)).toBe(100);
    expect(batch.firstBeyond(0, 1, 4)).toBe(4);
  });

  it.each([1, 3, 16])(
    "counts blocks of %i tokens at a stroke as one by one, however members come and go",
    (size) => {
      const stream = randomStream(1, "batch");
      const batch = new Batch(size);
      const seen: unknown[] = [];
      const counted: unknown[] = [];
      for (let number = 0; number < 60; number += 1) {
        batch.join(asking(number, 1 + stream.below(90)), stream.below(5));
        batch.advance(stream.below(3));
        if (stream.below(3) === 0) batch.leave(batch.members[stream.below(batch.size)] as Live);
        const { steps } = batch;
        const [to, room] = [steps + stream.below(50), stream.below(200)];
        let first = steps;
        while (first < to && oneByOne(batch, size, steps, first + 1) <= room) first += 1;
        seen.push([batch.growth(steps, to), batch.firstBeyond(room, steps, to)]);
        counted.push([oneByOne(batch, size, steps, to), first]);
      }
      expect(seen).toEqual(counted);
    },
  );

  it("finishes in order, however members come and go", () => {
    const stream = randomStream(2, "batch");
    const batch = new Batch(4);
    for (let number = 0; number < 200; number += 1) {
      batch.join(asking(number, 1 + stream.below(20)), 0);
      batch.advance(stream.below(2));
      if (number % 2 === 0) batch.leave(batch.members[stream.below(batch.size)] as Live);
    }
    const order = batch.members.toSorted(
      byEach(
        ascending(({ finish }) => finish),
        ascending(({ number }) => number),
      ),
    );
    const left = order.map(() => {
      const [first] = batch.members;
      if (first !== undefined) batch.leave(first);
      return first;
    });
    expect(left).toEqual(order);
  });

  it("never loses whoever leaves, and throws when it is not there", () => {
    const batch = new Batch(4);
    const [one, other] = [asking(0, 9), asking(1, 5)];
    batch.join(one, 0);
    expect(() => batch.leave(other)).toThrow("who leaves a batch was in it");
    batch.leave(one);
    expect([batch.size, batch.kvTokens, batch.growth(0, 100)]).toEqual([0, 0, 0]);
  });
});
