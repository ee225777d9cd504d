import { describe, expect, it } from "vitest";
import { InputError } from "#base";
import { formatPolicy, POLICY_KINDS, parsePolicy } from "./policy-text.ts";

const messages = (text: string): readonly string[] => {
  try {
    parsePolicy(text);
  } catch (thrown) {
    if (thrown instanceof InputError) return thrown.issues.map(({ message }) => message);
    throw thrown;
  }
  return [];
};

describe("the text of a policy", () => {
  it.each(POLICY_KINDS)("is the bare name for %s as it usually is", (kind) => {
    expect(formatPolicy(parsePolicy(kind))).toBe(kind);
  });

  it("sets what it names and leaves the rest as usual", () => {
    expect(parsePolicy("kv-aware:bound=1.25")).toEqual({ kind: "kv-aware", imbalanceBound: 1.25 });
    expect(parsePolicy("dynamo-cost:temperature=0.5,w=1")).toEqual({
      kind: "dynamo-cost",
      prefillScale: 1,
      overlapCredit: 1,
      hostCredit: 0.75,
      diskCredit: 0.25,
      requestWeight: 1,
      temperature: 0.5,
    });
    expect(formatPolicy(parsePolicy("dynamo-cost:temperature=5e-1,w=1,credit=1"))).toBe(
      "dynamo-cost:w=1,temperature=0.5",
    );
  });

  it("names the policies there are when it is none of them", () => {
    expect(messages("kvaware:bound=2")).toEqual([
      'a policy must be one of kv-aware, dynamo-cost, round-robin, least-loaded, random, found "kvaware"',
    ]);
    expect(messages("")).toHaveLength(1);
    expect(messages("constructor")).toHaveLength(1);
  });

  it("is refused with every fault in it, not the first", () => {
    expect(messages("dynamo-cost:temperature=hot,bound=2,w=1,w=2,credit=1.5")).toEqual([
      'temperature of dynamo-cost must be a number of 0 … 1000000, found "temperature=hot"',
      'an option of dynamo-cost must be one of prefill=0 … 1000000, credit=0 … 1, host=0 … 1, disk=0 … 1, w=0 … 1000000, temperature=0 … 1000000, found "bound=2"',
      'credit of dynamo-cost must be a number of 0 … 1, found "credit=1.5"',
      'w of dynamo-cost must be set once, found "dynamo-cost:temperature=hot,bound=2,w=1,w=2,credit=1.5"',
    ]);
  });

  it.each([
    "kv-aware:",
    "kv-aware:bound=0.99",
    "kv-aware:bound=",
    "kv-aware:bound=NaN",
    "kv-aware:bound=1e400",
    "kv-aware:bound=1=1",
    "kv-aware:__proto__=1",
    "round-robin:bound=1",
    "random:",
  ])("is refused when it is %s", (text) => {
    expect(messages(text)).toHaveLength(1);
  });
});
