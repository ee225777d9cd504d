import { describe, expect, it } from "vitest";
import { fabricShapeOf, KvFabric } from "#rack";
import { RunControl } from "./control.ts";
import { about, MS, tell, workersOf } from "./engine/testing/small-run.ts";
import { plan, readReplayOptions } from "./options/index.ts";
import { referenceParts } from "./replay.ts";

const NEVER = Number.POSITIVE_INFINITY;

/** What drives a run of two models, one of them without a worker, before anything has happened. */
const made = (faults: readonly object[] = []) => {
  const deploy = [
    { model: "llama-405b", replicas: 2, serves: ["a"] },
    { model: "llama-70b", replicas: 0, serves: ["b"] },
  ];
  const planned = plan(readReplayOptions({ deploy, faults }), {
    blockTokens: 512,
    models: ["a", "b"],
  });
  const fabric = new KvFabric(fabricShapeOf(planned.profile));
  const parts = referenceParts(planned);
  return { fabric, control: new RunControl(planned, parts, fabric, true, undefined, undefined) };
};

describe("what drives a run", () => {
  it("has the workers that were planned, and nothing due, from the start", () => {
    const { control } = made();
    expect(control.workers.flatMap((worker) => worker?.number ?? [])).toEqual([0, 8]);
    expect([control.nextNs(), control.faultsNs]).toEqual([NEVER, []]);
  });

  it("says when weights that somebody wants are there, and has their worker serve from then on", () => {
    const { control } = made();
    control.want(1, 1000);
    expect(control.nextNs()).toBe(1000 + 4_861_112);
    control.advance(control.nextNs() - 1);
    expect(control.workers[0]?.deployment).toBe(0);
    control.advance(control.nextNs());
    expect([control.workers[0]?.deployment, control.nextNs()]).toEqual([1, NEVER]);
  });

  it("strikes what was scheduled, and takes it back; what is not scheduled never happens", () => {
    const lose = { kind: "lose", at_ns: 5, what: { domain: 1 }, back_ns: 9 };
    const { control } = made([lose]);
    expect(control.faultsNs).toEqual([5, 9]);
    control.strike(0, 5);
    expect(control.workers[8]).toBeUndefined();
    control.strike(1, 9);
    // The weights come from the other worker: 25.3125 GB to each GPU at 1.2 TB/s, and three hops.
    expect(control.nextNs()).toBe(9 + 21_093_750 + 1500);
    control.strike(2, 9);
    control.advance(control.nextNs());
    expect(control.workers[8]?.number).toBe(8);
  });

  it("slows links, and undoes it", () => {
    const slow = { kind: "slow", at_ns: 5, until_ns: 9, link: "rack", factor: 0.5 };
    const { control, fabric } = made([slow]);
    const flow = { source: 0, distance: 3, bytes: 8 * 1.2e9, shards: 8 } as const;
    expect(fabric.aloneNs(flow)).toBe(MS + 1500);
    control.strike(0, 5);
    expect(fabric.aloneNs(flow)).toBe(2 * MS + 1500);
    control.strike(1, 9);
    expect(fabric.aloneNs(flow)).toBe(MS + 1500);
  });
});

describe("a link that is slowed", () => {
  it("slows what is under way, and only while it is", () => {
    const asked = [{ blocks: [0, 1, 2, 3] }, { at: 100, blocks: [0, 1, 2, 3] }];
    const fetching = { ...workersOf(2), policy: "round-robin", remote_hits: "fetch" };
    const faults = [
      { kind: "slow", at_ns: 101 * MS, until_ns: 103 * MS, link: "rack", factor: 0.5 },
    ];
    // 4 ms and 1,500 ns without, of which 2 ms at half the rate: 1 ms more.
    expect(about(1, tell(asked, { ...fetching, faults }))[2]).toBe("105.0015 ms: r1 moved at w8");
  });
});
