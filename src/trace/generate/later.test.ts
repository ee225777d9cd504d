import { describe, expect, it } from "vitest";
import { randomStream } from "#base";
import { createLater } from "./later.ts";

describe("what comes later", () => {
  it("comes earliest first, and in the order it was put in when at one instant", () => {
    const later = createLater<string>();
    later.put(5, "b");
    later.put(3, "a");
    later.put(5, "c");
    expect(later.nextNs()).toBe(3);
    expect([later.take(), later.take(), later.take(), later.take()]).toEqual([
      "a",
      "b",
      "c",
      undefined,
    ]);
    expect(later.nextNs()).toBe(Number.POSITIVE_INFINITY);
  });

  it("comes as a sorted list would, whatever is put in and taken out between", () => {
    const random = randomStream(1, "later");
    const later = createLater<number>();
    let waiting: { readonly atNs: number; readonly item: number }[] = [];
    for (let item = 0; item < 1500; item += 1) {
      if (random.below(3) > 0) {
        const atNs = random.below(50);
        later.put(atNs, item);
        waiting.push({ atNs, item });
      } else {
        const first = waiting.toSorted(
          (left, right) => left.atNs - right.atNs || left.item - right.item,
        )[0];
        expect(later.take()).toBe(first?.item);
        waiting = waiting.filter(({ item: other }) => other !== first?.item);
      }
    }
  });
});
