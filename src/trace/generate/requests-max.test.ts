import { describe, expect, it } from "vitest";
import { NANOS_MAX } from "#base";
import { generateTrace } from "./generate.ts";
import { requestsMax } from "./requests-max.ts";
import { SHAPE_NAMES, SHAPES } from "./shapes.ts";

const COUNT = 20_000;

describe("the most requests of a shape", () => {
  it("is a quarter more than fill 104 days of the mean gap", () => {
    // 9,007,199 s at 0.1 s a request are 90.07 million; 1.25 times as many are 112.59 million.
    expect(requestsMax(SHAPES["hot-prompt"])).toBe(112_589_990);
    // Every fifth turn is a conversation's last: 5 turns a conversation, one of which begins in 2 s.
    expect(requestsMax(SHAPES.sessions) / 1e6).toBeCloseTo((9.007199 / 2) * 5 * 1.25, 3);
  });

  it.each(SHAPE_NAMES)("of %s is not less than a trace of it can have", (shape) => {
    let last = 0;
    for (const { arrivalNs } of generateTrace({ shape, requests: COUNT, seed: 3 }))
      last = arrivalNs;
    const possible = (NANOS_MAX / last) * COUNT;
    expect(requestsMax(SHAPES[shape])).toBeGreaterThan(possible);
    expect(requestsMax(SHAPES[shape])).toBeLessThan(possible * 2);
  });
});
