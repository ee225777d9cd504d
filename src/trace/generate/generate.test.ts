import { describe, expect, it } from "vitest";
import { InputError } from "#base";
import { traceStatistics } from "../statistics.ts";
import { blockTokensOf, conventionsOf, type GenerateOptions, generateTrace } from "./generate.ts";
import { SHAPE_NAMES, SHAPES } from "./shapes.ts";

const made = (options: Partial<GenerateOptions>) =>
  Array.from(generateTrace({ shape: "azure-code", requests: 10, seed: 1, ...options }));

const issuesOf = (options: object): readonly string[] => {
  try {
    made(options);
  } catch (thrown) {
    if (thrown instanceof InputError) return thrown.issues.map(({ message }) => message);
    throw thrown;
  }
  return [];
};

describe("a generated trace", () => {
  it.each(SHAPE_NAMES)("of shape %s is sound, and says what its blocks mean", (shape) => {
    const trace = made({ shape, requests: 500 });
    const { anomalies, rows } = traceStatistics(trace, blockTokensOf(shape));
    expect(rows).toBe(500);
    expect(Object.values(anomalies).filter((count) => count !== null && count > 0)).toEqual([]);
    const { blockTokens, ids, sessionRows } = conventionsOf(shape);
    expect(ids).toBe(blockTokens === null ? "none" : "chained");
    expect(sessionRows).toBe(trace.some(({ session }) => session >= 0) ? "whole" : "none");
    expect(trace.every(({ blocks }) => blocks.length > 0 === (blockTokens !== null))).toBe(true);
  });

  it("has a name that its shape knows, and a source", () => {
    for (const shape of SHAPE_NAMES) {
      expect(SHAPES[shape].name).toBe(shape);
      expect(SHAPES[shape].sources.length).toBeGreaterThan(0);
    }
  });

  it("differs from seed to seed", () => {
    expect(made({ seed: 1 })).not.toEqual(made({ seed: 2 }));
    expect(made({ seed: -5 })).toEqual(made({ seed: -5 }));
  });

  it("shares its system prompt with everyone, when it is hot", () => {
    const trace = made({ shape: "hot-prompt" });
    const system = Array.from({ length: 16 }, (_, at) => at);
    expect(trace.every(({ blocks }) => system.every((block) => blocks[block] === block))).toBe(
      true,
    );
  });

  it("gives an LRU cache nothing back while it scans more than the cache holds", () => {
    const scan = made({ shape: "adversarial", requests: 64 });
    expect(new Set(scan.flatMap(({ blocks }) => [...blocks])).size).toBe(64 * 32);
  });

  it("comes in one crowd of the same prompt", () => {
    const trace = made({ shape: "adversarial", requests: 200 });
    const crowd = trace.filter(({ outputTokens }) => outputTokens === 64);
    expect(crowd).toHaveLength(32);
    expect(new Set(crowd.map(({ arrivalNs }) => arrivalNs)).size).toBe(1);
    expect(new Set(crowd.map(({ blocks }) => blocks.join())).size).toBe(1);
  });

  it("is made as it is asked for", () => {
    const trace = generateTrace({ shape: "mooncake-conversation", requests: 1e7, seed: 1 });
    expect(trace.next().value).toMatchObject({ arrivalNs: 0 });
  });

  it.each(SHAPE_NAMES)("of shape %s that is too long for virtual time is not begun", (shape) => {
    const order = { shape, requests: 99_999_999_999_999, seed: 1 };
    expect(() => generateTrace(order)).toThrow(
      /or they take more than 104 days, found 99999999999999/,
    );
  });

  it("says everything that is wrong with an order at once", () => {
    expect(issuesOf({ shape: "round", requests: 0, seed: 0.5 })).toMatchInlineSnapshot(`
      [
        "a shape must be one of mooncake-conversation, mooncake-toolagent, azure-code, azure-conversation, sessions, hot-prompt, bursts, adversarial, found "round"",
        "the number of requests must be a whole number of 1 or more, found 0",
        "a seed must be a whole number within 2^53, found 0.5",
      ]
    `);
    expect(issuesOf({ requests: Number.NaN })).toMatchInlineSnapshot(`
      [
        "the number of requests must be a whole number of 1 or more, found "NaN"",
      ]
    `);
    expect(issuesOf({ requests: 1.5 })).toHaveLength(1);
    expect(issuesOf({ seed: 2 ** 53 })).toHaveLength(1);
    expect(issuesOf({ shape: "toString" })).toHaveLength(1);
  });
});
