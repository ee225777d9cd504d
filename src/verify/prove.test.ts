import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Given, type HistoryShape, histories, oneOfValues, values } from "./given.ts";
import { agreesWith, asIs, finding } from "./obligations.ts";
import { type PropertySpec, property, type Subject } from "./property.ts";
import { type Effort, prove, shrink } from "./prove.ts";

type Call = { readonly kind: "add"; readonly item: number } | { readonly kind: "size" };

/** A set of small numbers that can say how many it holds. */
const setSubject: Subject<Call, number> = () => {
  const items = new Set<number>();
  return (call) => (call.kind === "add" ? items.add(call.item).size : items.size);
};

/** A bag: counts an item that is there already. */
const bagSubject: Subject<Call, number> = () => {
  let size = 0;
  return (call) => {
    if (call.kind === "add") size += 1;
    return size;
  };
};

const shape: HistoryShape<Call> = {
  operations: {
    add: fc.record({ kind: fc.constant("add"), item: fc.nat({ max: 9 }) }) as fc.Arbitrary<Call>,
    size: oneOfValues<Call>({ kind: "size" }),
  },
  small: { alphabet: [{ kind: "add", item: 0 }, { kind: "size" }], depth: 2 },
};

const spec: PropertySpec<readonly Call[], Call, number> = {
  id: "SET-1",
  part: "set",
  statement: "an item counts once",
  given: histories(shape),
  subject: setSubject,
  scripts: asIs,
  holds: agreesWith(setSubject, asIs),
  witnesses: {
    "an item added twice": (history) => new Set(items(history)).size < items(history).length,
  },
  mutants: { "counts an item twice": bagSubject },
};

const items = (history: readonly Call[]): readonly number[] =>
  history.flatMap((call) => (call.kind === "add" ? [call.item] : []));

const effort: Effort = {
  seed: 1,
  cases: 50,
  mutantCases: 50,
  smallCases: 100,
  witnessShare: 0.01,
  clock: () => 0,
};

describe("prove", () => {
  it("says `holds` when the reference holds, the witness came up and the mutant was caught", () => {
    const proof = prove(property(spec), effort);
    expect(proof.verdict).toBe("holds");
    expect(proof.small).toEqual({ done: 7, complete: true }); // 1 + 2 + 4 histories over two calls
    expect(proof.casesDone).toBe(57);
    expect(proof.mutants).toEqual([
      { name: "counts an item twice", caught: true, cases: 4, ms: 0 },
    ]);
  });

  it("says `broken` and shrinks the case to what is needed", () => {
    const proof = prove(property({ ...spec, subject: bagSubject }), effort);
    expect(proof.verdict).toBe("broken");
    expect(proof.counterexample).toEqual({
      origin: "small scope",
      case: [
        { kind: "add", item: 0 },
        { kind: "add", item: 0 },
      ],
      finding: { at: 1, expected: 1, found: 2 },
    });
  });

  it("says `unproven` when a mutant survives", () => {
    const proof = prove(
      property({ ...spec, mutants: { "does nothing wrong": setSubject } }),
      effort,
    );
    expect(proof.verdict).toBe("unproven");
  });

  it("says `unproven` when a witness never came up", () => {
    const proof = prove(property({ ...spec, witnesses: { never: () => false } }), effort);
    expect(proof.verdict).toBe("unproven");
    expect(proof.witnesses).toEqual([{ name: "never", count: 0, minimum: 1 }]);
  });

  it("says `unproven` when there is nothing to prove it by", () => {
    expect(prove(property({ ...spec, mutants: {} }), effort).verdict).toBe("unproven");
    expect(prove(property({ ...spec, witnesses: {} }), effort).verdict).toBe("unproven");
  });

  it("plays a saved case before anything else", () => {
    const saved = Array.from({ length: 300 }, (): Call => ({ kind: "add", item: 7 }));
    const proof = prove(property({ ...spec, subject: bagSubject }), effort, [saved]);
    expect(proof.counterexample?.origin).toBe("saved");
    expect(proof.counterexample?.case).toHaveLength(2);
  });

  it("counts a subject that throws as broken, not as a crash of ours", () => {
    const throwing: Subject<Call, number> = () => () => {
      throw new Error("no such item");
    };
    const proof = prove(property({ ...spec, subject: throwing }), effort);
    expect(proof.verdict).toBe("broken");
    expect(proof.counterexample?.finding.found).toBe("an exception: Error: no such item");
  });

  it("lets an exception inside a property through: that one is ours", () => {
    const confused = property({
      ...spec,
      holds: () => {
        throw new TypeError("a defect of the property");
      },
    });
    expect(() => prove(confused, effort)).toThrow("a defect of the property");
    const drawnOnly = property({
      ...spec,
      holds: confused.holds as typeof spec.holds,
      given: values(histories(shape).plain),
    });
    expect(() => prove(drawnOnly, effort)).toThrow("a defect of the property");
  });

  it("draws the same cases from the same seed", () => {
    const drawn: (readonly Call[])[][] = [[], []];
    for (const run of drawn) {
      const listening = property({
        ...spec,
        holds: (history) => {
          run.push(history);
          return undefined;
        },
      });
      prove(listening, { ...effort, seed: 42 });
    }
    expect(drawn[0]).toEqual(drawn[1]);
    expect(drawn[0]?.length).toBeGreaterThan(57);
  });
});

describe("shrink", () => {
  it("cuts a recorded history of 2,000 events to the two that matter", () => {
    const recorded = Array.from(
      { length: 2000 },
      (_, index): Call => (index % 3 === 0 ? { kind: "add", item: index % 10 } : { kind: "size" }),
    );
    const { given } = shrink(property(spec), bagSubject as Subject<unknown, unknown>, recorded);
    expect(given).toEqual([
      { kind: "add", item: 0 },
      { kind: "add", item: 0 },
    ]);
  });

  it("cuts a history that lies in a record, and leaves the rest of the record", () => {
    type Case = { readonly capacity: number; readonly history: readonly Call[] };
    const scripts = ({ history }: Case) => asIs(history);
    const inRecord = property<Case, Call, number>({
      ...spec,
      given: values(
        fc.record({ capacity: fc.nat({ max: 9 }), history: histories(shape).plain }),
      ) as Given<Case>,
      scripts,
      holds: agreesWith(setSubject, scripts),
      witnesses: {},
    });
    const history = Array.from(
      { length: 200 },
      (_, index): Call => ({ kind: "add", item: index % 9 }),
    );
    const { given } = shrink(inRecord, bagSubject as Subject<unknown, unknown>, {
      capacity: 3,
      history,
    });
    expect(given).toEqual({
      capacity: 0,
      history: [
        { kind: "add", item: 0 },
        { kind: "add", item: 0 },
      ],
    });
  });

  it("refuses a case that breaks nothing", () => {
    expect(() => shrink(property(spec), setSubject as Subject<unknown, unknown>, [])).toThrow(
      "breaks nothing",
    );
  });

  it("leaves the values of a case alone when it is none of the property's inputs", () => {
    const broken = property({
      ...spec,
      holds: (history) => (history.length > 0 ? finding(-1, true, false) : undefined),
    });
    const strange = [{ kind: "jump" }, { kind: "jump" }];
    expect(shrink(broken, broken.subject, strange).given).toEqual([{ kind: "jump" }]);
  });
});
