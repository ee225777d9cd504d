import { describe, expect, it } from "vitest";
import { reuseDistances } from "../statistics/reuse-distances.ts";
import { traceStatistics } from "../statistics.ts";
import { generateTrace } from "./generate.ts";
import { compareWithTargets, TARGETS } from "./targets.ts";

describe("targets", () => {
  it("name each figure of a shape once, and give a source", () => {
    for (const { targets, sources } of TARGETS) {
      expect(new Set(targets.map(({ figure }) => figure)).size).toBe(targets.length);
      expect(sources.length).toBeGreaterThan(0);
    }
    expect(new Set(TARGETS.map(({ shape }) => shape)).size).toBe(TARGETS.length);
  });

  it("are missed by a trace of another shape", () => {
    const trace = Array.from(generateTrace({ shape: "bursts", requests: 1000, seed: 1 }));
    const measured = { statistics: traceStatistics(trace, null), reuse: reuseDistances(trace) };
    const [conversation] = TARGETS;
    const results = conversation ? compareWithTargets(conversation, measured) : [];
    expect(results.length).toBeGreaterThan(20);
    expect(results.filter(({ isNear }) => isNear)).toEqual([]);
    expect(results.find(({ figure }) => figure === "ideal prefix hit")).toMatchObject({
      found: null,
      target: 0.366,
    });
  });
});
