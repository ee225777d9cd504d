import { describe, expect, it } from "vitest";
import { formatIssue, InputError } from "#base";
import { plan } from "../plan.ts";
import { readReplayOptions } from "../read.ts";

const stepsOf = (faults: unknown, deploy: unknown = [{ model: "llama-405b" }]) =>
  plan(readReplayOptions({ faults, deploy }), { blockTokens: null, models: [] }).faults;

const issuesOf = (faults: unknown, deploy?: unknown): readonly string[] => {
  try {
    stepsOf(faults, deploy);
  } catch (thrown) {
    if (thrown instanceof InputError) return thrown.issues.map(formatIssue);
    throw thrown;
  }
  return [];
};

const lose = (what: unknown, at_ns: number, back_ns: number | null = null) => ({
  kind: "lose",
  at_ns,
  what,
  back_ns,
});
const slow = (link: string, at_ns: number, until_ns: number) => ({
  kind: "slow",
  at_ns,
  until_ns,
  link,
  factor: 0.5,
});
const drop = (worker: number | null, at_ns: number, until_ns: number) => ({
  kind: "events",
  how: "drop",
  at_ns,
  until_ns,
  worker,
});

describe("a fault schedule against the rack", () => {
  it("is a list of steps in order: what ends comes before what begins", () => {
    const steps = stepsOf([
      lose({ gpu: 3 }, 20),
      slow("domain", 10, 20),
      lose({ gpu: 3 }, 5, 20),
      slow("rack", 20, 30),
    ]);
    expect(steps.map(({ atNs, kind, place }) => [atNs, kind, place])).toEqual([
      [5, "begin", 2],
      [10, "begin", 1],
      [20, "end", 1],
      [20, "end", 2],
      [20, "begin", 0],
      [20, "begin", 3],
      [30, "end", 3],
    ]);
  });

  it.each([
    [lose({ gpu: 72 }, 0), "faults[0].what.gpu must be 0 … 71 in this rack, found 72"],
    [lose({ superchip: 36 }, 0), "faults[0].what.superchip must be 0 … 35 in this rack, found 36"],
    [lose({ domain: 9 }, 0), "faults[0].what.domain must be 0 … 8 in this rack, found 9"],
    [
      lose({ worker: 4 }, 0),
      "faults[0].what.worker must be the number of a worker's first GPU, 0 … 71 and a multiple of 8, found 4",
    ],
    [lose({ worker: 72 }, 0), "a multiple of 8, found 72"],
    [lose({ worker: 2 ** 53 - 1 }, 0), "found 9007199254740991"],
    [drop(4, 0, 1), "faults[0].worker must be the number of a worker's first GPU"],
    [lose({ gpu: 0 }, 5, 5), "faults[0].back_ns must be after 5, when it begins, found 5"],
    [slow("rack", 5, 4), "faults[0].until_ns must be after 5, when it begins, found 4"],
  ])("strikes what is there, and ends after it begins: %j", (fault, because) => {
    const issues = issuesOf([fault]);
    expect(issues).toHaveLength(1);
    expect(issues[0]).toContain(because);
  });

  it("takes a worker of any degree that is deployed", () => {
    const deploy = [
      { model: "llama-405b", serves: null },
      { model: "llama-70b", tp: 8, replicas: 0 },
    ];
    expect(issuesOf([lose({ worker: 8 }, 0)], [deploy[0]])).toEqual([]);
    expect(issuesOf([lose({ worker: 4 }, 0)], [{ model: "llama-70b", tp: 2 }])).toEqual([]);
    expect(issuesOf([lose({ worker: 3 }, 0)], [{ model: "llama-70b", tp: 2 }])).toHaveLength(1);
  });

  it.each([
    [[lose({ gpu: 3 }, 0, 10), lose({ gpu: 3 }, 10, 20)]],
    [[lose({ gpu: 3 }, 0), lose({ gpu: 4 }, 0)]],
    [[lose({ domain: 0 }, 0), lose({ gpu: 8 }, 0)]],
    [[slow("rack", 0, 10), slow("domain", 0, 10)]],
    [[drop(0, 0, 10), drop(8, 0, 10)]],
    [[lose({ gpu: 0 }, 0), slow("superchip", 0, 9), drop(0, 0, 9)]],
  ])("may strike other things at one time, and one thing again: %j", (faults) => {
    expect(issuesOf(faults)).toEqual([]);
  });

  it.each([
    [
      [lose({ gpu: 3 }, 0), lose({ gpu: 3 }, 9)],
      "faults[1].at_ns must be after faults[0], which never ends, because both strike the same GPUs, found 9 [REPLAY-3]",
    ],
    [
      [lose({ gpu: 3 }, 5, 7), lose({ superchip: 1 }, 0, 6)],
      "faults[0].at_ns must be after faults[1], which ends at 6",
    ],
    [
      [lose({ domain: 1 }, 0, 9), lose({ worker: 8 }, 8)],
      "which ends at 9, because both strike the same GPUs",
    ],
    [[slow("rack", 0, 10), slow("rack", 9, 10)], "both strike the same links"],
    [[drop(null, 0, 10), drop(64, 9, 10)], "both strike the events of the same worker"],
  ])("does not strike one thing twice at one time: case %#", (faults, because) => {
    const issues = issuesOf(faults);
    expect(issues).toHaveLength(1);
    expect(issues[0]).toContain(because);
  });

  it("may be long", () => {
    const faults = Array.from({ length: 20_000 }, (_, at) => drop(null, at, at + 1));
    expect(stepsOf(faults)).toHaveLength(40_000);
  });
});
