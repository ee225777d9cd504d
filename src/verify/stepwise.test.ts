import { describe, expect, it } from "vitest";
import { expectSame, expectTrue, stepwise } from "./stepwise.ts";

type Step = { readonly at: number; readonly reply: number };

const reading = () => {
  let reads = 0;
  const { atEveryStep, fromTheFirstStep, someStep } = stepwise(
    (_: unknown, replies: readonly number[]): readonly Step[] => {
      reads += 1;
      return replies.map((reply, at) => ({ at, reply }));
    },
  );
  return { atEveryStep, fromTheFirstStep, someStep, reads: () => reads };
};

describe("the steps of a history", () => {
  it("are judged in order until one is found wanting", () => {
    const { atEveryStep } = reading();
    const below3 = atEveryStep((step) => expectTrue(step, step.reply < 3, "below 3", step.reply));
    expect(below3({}, [[1, 2, 5, 7]])).toEqual({ at: 2, expected: "below 3", found: 5 });
    expect(below3({}, [[1, 2]])).toBeUndefined();
    expect(below3({}, [])).toBeUndefined();
  });

  it("are judged anew for each case by a judge that remembers", () => {
    const { fromTheFirstStep } = reading();
    const rising = fromTheFirstStep(() => {
      let last = 0;
      return (step) => {
        const found = expectTrue(step, step.reply > last, "more than before", step.reply);
        last = step.reply;
        return found;
      };
    });
    expect(rising({}, [[1, 5]])).toBeUndefined();
    expect(rising({}, [[2, 3]])).toBeUndefined();
    expect(rising({}, [[2, 2]])).toMatchObject({ at: 1 });
  });

  it("are read once, however often they are looked at", () => {
    const { atEveryStep, someStep, reads } = reading();
    const replies = [[4, 9]];
    expect(someStep(({ reply }) => reply === 9)({}, replies)).toBe(true);
    expect(someStep(({ reply }) => reply === 8)({}, replies)).toBe(false);
    expect(atEveryStep(() => undefined)({}, replies)).toBeUndefined();
    expect(reads()).toBe(1);
  });

  it("are compared as JSON", () => {
    expect(expectSame({ at: 3 }, { a: 1 }, { a: 1 }, "what")).toBeUndefined();
    expect(expectSame({ at: 3 }, [1], [2], "what")).toEqual({
      at: 3,
      expected: [1],
      found: [2],
      about: "what",
    });
  });
});
