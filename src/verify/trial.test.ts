import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { answers, toPart } from "./answers.ts";
import { histories } from "./given.ts";
import { asIs } from "./obligations.ts";
import { type Property, property, type Subject } from "./property.ts";
import { trySubject } from "./trial.ts";

type Call = { readonly kind: "add" | "take"; readonly item: number };

/** A bag that says how many things are in it. */
const bag: Subject<Call, number> = () => {
  const items: number[] = [];
  return ({ kind, item }) => {
    if (kind === "add") items.push(item);
    else if (items.includes(item)) items.splice(items.indexOf(item), 1);
    return items.length;
  };
};

const item = fc.nat({ max: 3 });
const add: Call = { kind: "add", item: 0 };
const take: Call = { kind: "take", item: 0 };

const countsRight: Property = property<readonly Call[], Call, number>({
  id: "BAG-1",
  part: "bag",
  statement: "a bag says how many things are in it",
  given: histories<Call>({
    operations: {
      add: fc.record({ kind: fc.constant("add" as const), item }),
      take: fc.record({ kind: fc.constant("take" as const), item }),
    },
    small: { alphabet: [add, take], depth: 3 },
  }),
  subject: bag,
  scripts: asIs,
  holds(history, [replies = []]) {
    const right = bag();
    for (const [at, call] of history.entries()) {
      const expected = right(call);
      if (replies[at] !== expected) return { at, expected, found: replies[at] ?? null };
    }
    return undefined;
  },
  witnesses: {
    "three things": (_, [replies = []]) => replies.includes(3),
    "a thing taken": (history) => history.some(({ kind }) => kind === "take"),
  },
  mutants: { "says 0": () => () => 0 },
});

const effort = { seed: 1, cases: 20, smallCases: 100 };

const trialOf = (
  subject: Subject<Call, number>,
  lacks?: (call: Call) => string | undefined,
  saved: readonly unknown[] = [],
) => {
  const all = { name: "bag", part: "bag", about: "a bag" };
  const answersFor = toPart("bag", answers(subject, lacks));
  const [trial] = trySubject({ ...all, answersFor }, [countsRight], effort, () => saved).trials;
  return trial;
};

const noTaking = ({ kind }: Call) => (kind === "take" ? "taking" : undefined);

/** A bag that counts to two. */
const small: Subject<Call, number> = () => {
  const right = bag();
  return (call) => Math.min(2, right(call));
};

describe("a trial", () => {
  it("holds when every case did and every situation came up", () => {
    expect(trialOf(bag)).toMatchObject({ verdict: "holds", passedOver: 0, missing: [], unmet: [] });
  });

  it("ends with the shortest case that breaks the property, and the first difference", () => {
    expect(trialOf(small)).toMatchObject({
      verdict: "broken",
      counterexample: {
        origin: "small scope",
        case: [add, add, add],
        finding: { at: 2, expected: 3, found: 2 },
      },
    });
  });

  it("plays kept cases first", () => {
    const long = Array<Call>(9).fill({ kind: "add", item: 1 });
    const trial = trialOf(small, undefined, [long]);
    expect(trial?.judged).toBe(1);
    expect(trial?.counterexample).toMatchObject({ origin: "saved", case: [add, add, add] });
  });

  it("leaves out of a case what is not there, and judges the rest", () => {
    const without: Subject<Call, number> = () => {
      const right = small();
      return (call) => {
        if (call.kind === "take") throw new Error("no such thing");
        return right(call);
      };
    };
    expect(trialOf(without, noTaking)?.counterexample?.case).toEqual([add, add, add]);
  });

  it("is never a pass where what gives the property its meaning is not there", () => {
    const trial = trialOf(bag, noTaking);
    expect(trial).toMatchObject({ verdict: "not applicable", unmet: ["a thing taken"] });
    expect(trial?.judged).toBeGreaterThan(3);
  });

  it("says what is not there, with a case and what the reference answers", () => {
    expect(trialOf(bag, noTaking)?.missing).toEqual([
      { what: "taking", case: [take], call: take, expected: 0 },
    ]);
  });

  it("judges nothing, and is no pass, when nothing at all is answered", () => {
    const trial = trialOf(bag, () => "anything");
    // The empty history asks for nothing, and shows nothing.
    expect(trial).toMatchObject({ verdict: "not applicable", judged: 1 });
    expect(trial?.unmet).toHaveLength(2);
  });

  it("passes over a case in which the answer is that there is no such thing", () => {
    const shy = () => {
      const right = bag();
      return (call: Call) =>
        call.kind === "take" ? { kind: "not implemented", what: "taking" } : right(call);
    };
    const trial = trialOf(shy as unknown as Subject<Call, number>);
    expect(trial).toMatchObject({ verdict: "not applicable", unmet: ["a thing taken"] });
    expect(trial?.passedOver).toBeGreaterThan(3);
  });

  it("takes an exception for a wrong answer, where the reference has one", () => {
    const failing: Subject<Call, number> = () => () => {
      throw new TypeError("full");
    };
    expect(trialOf(failing)?.counterexample?.finding).toEqual({
      at: 0,
      expected: 1,
      found: "an exception: TypeError: full",
    });
  });

  it("passes over what the judgement cannot make anything of", () => {
    const odd: Property = {
      ...countsRight,
      holds() {
        throw new Error("never such a reply");
      },
    };
    const subject = { name: "bag", part: "bag", about: "a bag" };
    const answersFor = toPart("bag", answers(bag));
    const [trial] = trySubject({ ...subject, answersFor }, [odd], effort).trials;
    expect(trial).toMatchObject({ verdict: "not applicable", judged: 0 });
  });

  it("is the same each time", () => {
    expect(trialOf(small, noTaking)).toEqual(trialOf(small, noTaking));
  });

  it("is of the properties that ask something, and of no others", () => {
    const subject = { name: "bag", part: "bag", about: "a bag" };
    const answersFor = toPart("another", answers(bag));
    expect(trySubject({ ...subject, answersFor }, [countsRight], effort).trials).toEqual([]);
  });
});
