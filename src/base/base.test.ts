import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  ascending,
  assert,
  byEach,
  byNearest,
  byText,
  canonicalJson,
  createDigest,
  descending,
  formatIssue,
  InputError,
  ISSUE_RULES,
  isRefused,
  isSameJson,
  type Json,
  meant,
  mixed,
  percentile,
  randomStream,
  refused,
  SpecViolation,
  sha256,
  shown,
} from "./index.ts";

describe("order", () => {
  const workers = [
    { worker: 2, load: 1 },
    { worker: 1, load: 3 },
    { worker: 0, load: 3 },
  ];

  it("takes the first preference that decides", () => {
    const sorted = workers.toSorted(
      byEach(
        descending(({ load }) => load),
        ascending(({ worker }) => worker),
      ),
    );
    expect(sorted.map(({ worker }) => worker)).toEqual([0, 1, 2]);
  });

  it("compares text by code unit, whatever the locale would say", () => {
    expect(["b", "ä", "A", "a"].toSorted(byText((text) => text))).toEqual(["A", "a", "b", "ä"]);
  });
});

describe("canonicalJson", () => {
  it("has one text for one value", () => {
    expect(canonicalJson({ b: [1, { d: null, c: "x" }], a: true })).toBe(
      `{"a":true,"b":[1,{"c":"x","d":null}]}`,
    );
  });

  it("refuses what JSON would turn into null", () => {
    expect(() => canonicalJson([Number.NaN])).toThrow("JSON cannot hold NaN");
  });
});

describe("isSameJson", () => {
  it("compares what JSON would hold, not how it was written", () => {
    expect(isSameJson({ a: [1, { b: 0 }], c: undefined }, { a: [1, { b: -0 }] })).toBe(true);
    expect(isSameJson([], {})).toBe(false);
    expect(isSameJson([1], [1, 2])).toBe(false);
    expect(isSameJson({ a: 1 }, { a: 1, b: null })).toBe(false);
    expect(isSameJson(null, {})).toBe(false);
    expect(isSameJson(0, false)).toBe(false);
    expect(isSameJson(0, "0")).toBe(false);
  });

  it("agrees with the canonical text on any two values", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 2 }), fc.jsonValue({ maxDepth: 2 }), (left, right) => {
        const texts = [left, right].map((value) => canonicalJson(value as Json));
        expect(isSameJson(left, right)).toBe(texts[0] === texts[1]);
        expect(isSameJson(left, JSON.parse(JSON.stringify(left)))).toBe(true);
      }),
      { seed: 1 },
    );
  });
});

describe("digest", () => {
  it("is the same for the same stream, wherever it is cut into batches", () => {
    const [long, again] = [createDigest(), createDigest()];
    for (let value = 0; value < 20_000; value += 1) {
      long.number(value);
      again.number(value);
      if (value % 7000 === 0) again.hex();
    }
    expect(again.hex()).toBe(long.hex());
  });

  it("tells streams apart by order, by number and by where texts end", () => {
    const digests = [
      [1, 2],
      [2, 1],
      [1, 2, 0],
      ["ab", "c"],
      ["a", "bc"],
    ].map((stream) => {
      const digest = createDigest();
      for (const item of stream) {
        if (typeof item === "number") digest.number(item);
        else digest.text(item);
      }
      return digest.hex();
    });
    expect(new Set(digests).size).toBe(5);
  });

  it("of a text is its SHA-256", () => {
    expect(sha256("abc")).toMatch(/^ba7816bf8f01cfea/);
  });
});

describe("random streams", () => {
  const take = (seed: number, name: string): number[] => {
    const stream = randomStream(seed, name);
    return Array.from({ length: 5 }, () => stream.next());
  };

  it("are the same for the same seed and name, and differ by either", () => {
    expect(take(1, "arrivals")).toEqual(take(1, "arrivals"));
    expect(take(1, "arrivals")).not.toEqual(take(2, "arrivals"));
    expect(take(1, "arrivals")).not.toEqual(take(1, "lengths"));
  });

  it("draw every number below a bound about as often", () => {
    const stream = randomStream(1, "dice");
    const counts = [0, 0, 0, 0, 0, 0];
    for (let roll = 0; roll < 60_000; roll += 1) {
      const face = stream.below(6);
      counts[face] = (counts[face] ?? 0) + 1;
    }
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(400);
    expect(() => stream.below(0)).toThrow(SpecViolation);
  });

  it("have the mean and deviation that their names promise", () => {
    const stream = randomStream(1, "shapes");
    const mean = (draw: () => number): number => {
      let sum = 0;
      for (let index = 0; index < 50_000; index += 1) sum += draw();
      return sum / 50_000;
    };
    expect(mean(stream.unit)).toBeCloseTo(0.5, 1);
    expect(mean(stream.exponential)).toBeCloseTo(1, 1);
    expect(mean(stream.normal)).toBeCloseTo(0, 1);
    expect(mean(() => stream.normal() ** 2)).toBeCloseTo(1, 1);
  });
});

describe("percentile", () => {
  it("is the nearest rank: always one of the numbers", () => {
    expect(percentile([10, 20, 30, 40], 0.5)).toBe(20);
    expect(percentile([10, 20, 30, 40], 0.51)).toBe(30);
    expect(percentile([7], 0.99)).toBe(7);
    const hundred = Array.from({ length: 100 }, (_, index) => index + 1);
    expect([0.5, 0.9, 0.95, 0.99, 1].map((share) => percentile(hundred, share))).toEqual([
      50, 90, 95, 99, 100,
    ]);
  });

  it("of nothing is our own mistake", () => {
    expect(() => percentile([], 0.5)).toThrow(SpecViolation);
  });
});

describe("issues", () => {
  it("say what must be, what was found, the code and the place", () => {
    expect(
      formatIssue({
        code: "TRACE-1",
        message: `input_length must be a whole number, found ${shown("-3")}`,
        file: "t.jsonl",
        line: 17,
      }),
    ).toBe(`input_length must be a whole number, found "-3" [TRACE-1] at t.jsonl:17`);
    expect(formatIssue({ code: "STORE-3", message: "no such trace" })).toBe(
      "no such trace [STORE-3]",
    );
  });

  it("cut what was found when it is long", () => {
    expect(shown("x".repeat(500))).toHaveLength(60);
    expect(shown(undefined)).toBe("nothing");
  });

  it("all travel in one error, not only the first", () => {
    const issue = { code: "TRACE-1", message: "no" } as const;
    expect(new InputError([issue, { ...issue, line: 2 }]).message).toBe(
      "no [TRACE-1]\nno [TRACE-1] at 2",
    );
  });

  it("have a rule each, and no two the same", () => {
    const rules = Object.values(ISSUE_RULES);
    expect(new Set(rules).size).toBe(rules.length);
  });
});

describe("what is declined and what is impossible", () => {
  it("differ: a refusal is a value, a contradiction of ours an exception", () => {
    expect(isRefused(refused("full"))).toBe(true);
    expect(isRefused({ kind: "admitted" })).toBe(false);
    expect(isRefused(null)).toBe(false);
    expect(() => assert(1 + 1 === 3, "one and one is three", 2)).toThrow(
      "one and one is three, found 2",
    );
  });
});

describe("nearest names", () => {
  it("come first, whatever the case, and ties go by code unit", () => {
    expect(byNearest("LLAMA-40b", ["llama-70b", "llama-405b", "opt"])).toEqual([
      "llama-405b",
      "llama-70b",
      "opt",
    ]);
    expect(byNearest("x", ["b", "a"])).toEqual(["a", "b"]);
  });

  it("are meant when they begin so, or when a third of the letters is wrong at most", () => {
    expect(meant("re", ["replay", "report", "verify"])).toEqual(["replay", "report"]);
    expect(meant("verfy", ["replay", "report", "verify"])).toEqual(["verify"]);
    expect(meant("q", ["replay", "report", "verify"])).toEqual([]);
  });

  it("are found in no time for an input of a million letters", () => {
    expect(byNearest("a".repeat(1e6), ["ab", "b"])).toEqual(["ab", "b"]);
  });
});

describe("mixed", () => {
  it("gives no two of 100,000 neighbours the same place, and spreads them over 16 parts evenly", () => {
    const places = Array.from({ length: 100_000 }, (_, word) => mixed(word));
    expect(new Set(places).size).toBe(100_000);
    const parts = new Uint32Array(16);
    for (const place of places) parts[place >>> 28] = (parts[place >>> 28] ?? 0) + 1;
    for (const part of parts) expect(Math.abs(part - 6250)).toBeLessThan(400);
  });
});
