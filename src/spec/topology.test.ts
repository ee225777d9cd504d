import { describe, expect, it } from "vitest";
import { findProfile } from "./find.ts";
import { distance, domain, hops, superchip, switchesCrossed } from "./topology.ts";

const document = findProfile("document");
const datasheet = findProfile("datasheet");

describe("the topology", () => {
  it("has 36 superchips of 2 GPUs and 9 domains of 8", () => {
    expect([superchip(document, 0), superchip(document, 1), superchip(document, 71)]).toEqual([
      0, 0, 35,
    ]);
    expect([domain(document, 7), domain(document, 8), domain(document, 71)]).toEqual([0, 1, 8]);
  });

  it("measures from the same GPU to another domain", () => {
    const from5 = [5, 4, 6, 0, 8].map((gpu) => distance(document, 5, gpu));
    expect(from5).toEqual([0, 1, 2, 2, 3]);
  });

  it("has no other domain in a rack that is one NVLink domain", () => {
    expect(distance(datasheet, 0, 71)).toBe(2);
    expect(distance(datasheet, 0, 1)).toBe(1);
  });

  it("crosses one link more than switches, and nothing on the way to itself", () => {
    const distances = [0, 1, 2, 3] as const;
    expect(distances.map((far) => switchesCrossed(document, far))).toEqual([0, 0, 1, 2]);
    expect(distances.map((far) => hops(document, far))).toEqual([0, 1, 2, 3]);
    expect(distances.map((far) => hops(datasheet, far))).toEqual([0, 2, 2, 2]);
  });

  it.each([-1, 72, 0.5, Number.NaN, Number.POSITIVE_INFINITY])("has no GPU %d", (gpu) => {
    expect(() => superchip(document, gpu)).toThrow("a GPU is numbered 0 … 71");
    expect(() => domain(document, gpu)).toThrow("a GPU is numbered 0 … 71");
    expect(() => distance(document, 0, gpu)).toThrow("a GPU is numbered 0 … 71");
    expect(() => distance(document, gpu, gpu)).toThrow("a GPU is numbered 0 … 71");
  });
});
