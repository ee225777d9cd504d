import { describe, expect, it } from "vitest";
import { findProfile } from "./find.ts";
import { checkTp, type Worker, workerDistance, workers } from "./workers.ts";

const document = findProfile("document");

const at = (all: readonly Worker[], id: number): Worker => {
  const worker = all[id];
  if (worker === undefined) throw new RangeError(`no worker ${id}`);
  return worker;
};

describe("workers", () => {
  it("hold consecutive GPUs of one domain", () => {
    const four = workers(document, 4);
    expect(four.length).toBe(18);
    expect(at(four, 3)).toEqual({ id: 3, gpus: [12, 13, 14, 15], domain: 1 });
  });

  it("are the GPUs themselves at a degree of 1, superchips at 2 and domains at 8", () => {
    expect([1, 2, 4, 8].map((tp) => workers(document, tp).length)).toEqual([72, 36, 18, 9]);
  });

  it("are as far apart as their shards", () => {
    const [one, two, eight] = [1, 2, 8].map((tp) => workers(document, tp)) as [
      readonly Worker[],
      readonly Worker[],
      readonly Worker[],
    ];
    expect(workerDistance(document, at(one, 0), at(one, 1))).toBe(1);
    expect(workerDistance(document, at(two, 0), at(two, 1))).toBe(2);
    expect(workerDistance(document, at(two, 0), at(two, 4))).toBe(3);
    expect(workerDistance(document, at(eight, 0), at(eight, 1))).toBe(3);
    expect(workerDistance(document, at(eight, 4), at(eight, 4))).toBe(0);
  });

  it("of two degrees cannot be compared", () => {
    const [two, four] = [at(workers(document, 2), 0), at(workers(document, 4), 0)];
    expect(() => workerDistance(document, two, four)).toThrow("as many shards");
  });

  it.each([0, 3, 5, 16, -2, 1.5, Number.NaN])("cannot have %d GPUs each", (tp) => {
    expect(() => checkTp(document, tp)).toThrow(
      `must be 1, 2, 4, 8 in a domain of 8 GPUs, found ${tp} [SPEC-3]`,
    );
    expect(() => workers(document, tp)).toThrow("[SPEC-3]");
  });
});
