import { describe, expect, it } from "vitest";
import { randomStream, SpecViolation } from "#base";
import type { CreatePlane, PlaneListener } from "./contract.ts";
import { PlaneModel } from "./model.ts";
import { createEventPlane } from "./plane.ts";

const names = (...blocks: number[]): Uint32Array => Uint32Array.from(blocks);

/** A listener that writes down what it is told, one line a call. */
const scribe = () => {
  const told: string[] = [];
  const note =
    (what: string) => (worker: number, _: number, blocks: Uint32Array, count: number, id: number) =>
      void told.push(`${what} ${worker}: ${blocks.subarray(0, count).join(" ")} from ${id}`);
  const listener: PlaneListener = {
    storedRun: note("stored"),
    removedRun: note("removed"),
    cleared: (worker, id) => void told.push(`cleared ${worker}: ${id}`),
    drop: (worker) => void told.push(`drop ${worker}`),
    missed: () => 0,
  };
  return { told, listener };
};

const store = (plane: ReturnType<CreatePlane>, place: number, nowNs: number, ...blocks: number[]) =>
  plane.stored(place, names(...blocks), blocks.length, nowNs);

const PLANES: readonly [string, CreatePlane][] = [
  ["the fast plane", createEventPlane],
  ["the model", (shape, listener) => new PlaneModel(shape, listener)],
];

describe.each(PLANES)("%s", (_, create) => {
  it("passes at once what is announced without a delay", () => {
    const { told, listener } = scribe();
    const plane = create({ places: 2, delayNs: 0 }, listener);
    store(plane, 1, 5, 7);
    expect(told).toEqual(["stored 1: 7 from 0"]);
    expect([plane.nextNs(), plane.lag(1), plane.lagNet(1)]).toEqual([
      Number.POSITIVE_INFINITY,
      0,
      0,
    ]);
  });

  it("lets the directory hear a removal ten nanoseconds late, and says until then how far behind it is", () => {
    const { told, listener } = scribe();
    const plane = create({ places: 1, delayNs: 10 }, listener);
    store(plane, 0, 0, 7);
    plane.removed(0, names(7), 1, 3);
    expect([plane.nextNs(), plane.lag(0), plane.lagNet(0)]).toEqual([10, 2, 0]);
    plane.advance(9);
    expect(told).toEqual([]);
    plane.advance(10);
    expect(told).toEqual(["stored 0: 7 from 0"]);
    expect([plane.nextNs(), plane.lag(0), plane.lagNet(0)]).toEqual([13, 1, -1]);
    plane.advance(1000);
    expect(told.slice(1)).toEqual(["removed 0: 7 from 1"]);
  });

  it("makes what is announced behind a delayed event wait for it", () => {
    const { told, listener } = scribe();
    const plane = create({ places: 2, delayNs: 1 }, listener);
    plane.fault({ how: "delay", place: 0, untilNs: 1, delayNs: 50 }, 0);
    store(plane, 0, 0, 7);
    store(plane, 0, 20, 8);
    store(plane, 1, 20, 9);
    plane.advance(50);
    expect(told).toEqual(["stored 1: 9 from 0"]);
    plane.advance(51);
    expect(told.slice(1)).toEqual(["stored 0: 7 from 0", "stored 0: 8 from 1"]);
  });

  it("uses up the ids of what is lost, and goes on above them after a snapshot", () => {
    const { told, listener } = scribe();
    const plane = create({ places: 1, delayNs: 0 }, listener);
    plane.fault({ how: "drop", place: null, untilNs: 2 }, 1);
    plane.stored(0, names(7, 8), 1, 1);
    store(plane, 0, 2, 9);
    expect([plane.lost(0), plane.lagNet(0)]).toEqual([1, 1]);
    plane.resync(0, names(7), 1);
    expect(told).toEqual(["stored 0: 9 from 1", "drop 0", "stored 0: 7 from 2"]);
    expect([plane.lost(0), plane.lagNet(0)]).toEqual([0, 0]);
  });

  it("counts a clear that was lost by what the place held", () => {
    const plane = create({ places: 1, delayNs: 0 }, scribe().listener);
    store(plane, 0, 0, 7);
    plane.fault({ how: "drop", place: 0, untilNs: 2 }, 1);
    store(plane, 0, 1, 8);
    plane.cleared(0, names(7, 8), 2, 1);
    expect([plane.lost(0), plane.lagNet(0)]).toEqual([2, -1]);
    store(plane, 0, 2, 7);
    expect(plane.lagNet(0)).toBe(0);
  });

  it("loses what a gone place had under way, and numbers on when it is back", () => {
    const { told, listener } = scribe();
    const plane = create({ places: 2, delayNs: 4 }, listener);
    store(plane, 0, 0, 7);
    store(plane, 1, 1, 8);
    plane.reset(0);
    expect([plane.lag(0), plane.nextNs()]).toEqual([0, 5]);
    store(plane, 0, 2, 9);
    plane.advance(5);
    plane.advance(6);
    expect(told).toEqual(["drop 0", "stored 1: 8 from 0", "stored 0: 9 from 1"]);
  });

  it("comes twice, with the same id", () => {
    const { told, listener } = scribe();
    const plane = create({ places: 1, delayNs: 0 }, listener);
    plane.fault({ how: "duplicate", place: 0, untilNs: 9 }, 0);
    plane.cleared(0, names(), 0, 0);
    expect(told).toEqual(["cleared 0: 0", "cleared 0: 0"]);
  });

  it("refuses what cannot be", () => {
    const plane = create({ places: 2, delayNs: 0 }, scribe().listener);
    plane.advance(10);
    const wrong: readonly (() => unknown)[] = [
      () => create({ places: 0, delayNs: 0 }, scribe().listener),
      () => create({ places: 1, delayNs: 0.5 }, scribe().listener),
      () => plane.advance(9),
      () => store(plane, 2, 10, 1),
      () => plane.stored(0, names(1), 2, 10),
      () => plane.lag(-1),
      () => plane.reset(2),
      () => plane.fault({ how: "delay", place: null, untilNs: 20 }, 10),
      () => plane.fault({ how: "drop", place: 2, untilNs: 20 }, 10),
    ];
    for (const call of wrong) expect(call).toThrow(SpecViolation);
  });
});

/** What a listener was told of a place, block by block: runs that were cut differently are the same. */
const toldOf = (told: readonly string[], place: number): readonly string[] =>
  told
    .filter((line) => new RegExp(`^\\w+ ${place}\\b`).test(line))
    .flatMap((line) => {
      const [what = "", blocks = "", id = ""] = line.split(/: | from /);
      if (id === "") return [line];
      return blocks.split(" ").map((block, at) => `${what}: ${block} from ${Number(id) + at}`);
    });

/** A drawn life of three places on one plane, all of it: what its listener was told, and what the plane said of itself at every step. */
const life = (create: CreatePlane) => {
  const { told, listener } = scribe();
  const plane = create({ places: 3, delayNs: 40 }, listener);
  const random = randomStream(1, "plane");
  let nowNs = 0;
  const said = Array.from({ length: 1000 }, (_, step) => {
    nowNs += random.below(4);
    const [place, kind] = [random.below(3), random.below(100)];
    const length = 1 + random.below(step % 50 === 0 ? 300 : 4);
    const run = Uint32Array.from({ length }, (_, index) => 1000 * step + index);
    if (kind === 0) plane.reset(place);
    plane[kind < 30 ? "removed" : "stored"](place, run, length, nowNs);
    return [plane.nextNs(), plane.lag(place)];
  });
  plane.advance(nowNs + 40);
  return { said, told: [0, 1, 2].map((place) => toldOf(told, place)) };
};

describe("a plane with much under way", () => {
  it("tells what the model tells, over a thousand runs of up to 300 names", () => {
    const [fast, plain] = PLANES.map(([, create]) => life(create));
    expect(fast?.told.every((lines) => lines.length > 1000)).toBe(true);
    expect(fast).toEqual(plain);
  });
});
