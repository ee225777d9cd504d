/** The histories that the plane's properties range over: what places announce, and what goes wrong on the way. */
import fc from "fast-check";
import { ascending } from "#base";
import type { PlaneCall, PlaneEvent } from "#rack";
import { type Given, histories, oneOfValues, sequences } from "#verify";

export const PLACES = [0, 1] as const;

/** Later than anything that was sent in a history arrives. */
export const FAR_NS = 1_000_000;

/**
 * What happens next, `wait_ns` after the step before. A turn stores those of the blocks that the place does not hold, or removes those that
 * it holds, whichever the first of them asks for.
 */
type Step =
  | {
      readonly kind: "turn";
      readonly place: number;
      readonly blocks: readonly number[];
      readonly wait_ns: number;
    }
  | { readonly kind: "clear"; readonly place: number; readonly wait_ns: number }
  | { readonly kind: "reset" | "resync"; readonly place: number }
  | {
      readonly kind: "drop" | "delay" | "duplicate";
      readonly place: number | null;
      readonly wait_ns: number;
      readonly for_ns: number;
    }
  | { readonly kind: "wait"; readonly wait_ns: number };

/** A plane of two places, and its life. */
export type PlaneCase = { readonly delay_ns: number; readonly steps: readonly Step[] };

/** One event of a life, and what each place holds after it. */
export type Moment = {
  readonly event: PlaneEvent;
  readonly nowNs: number;
  readonly held: readonly (readonly number[])[];
};

const sorted = (blocks: Iterable<number>): readonly number[] =>
  [...blocks].toSorted(ascending((block) => block));

/** The event of a step. */
const eventOf = (step: Step, held: ReadonlySet<number>, atNs: number): PlaneEvent => {
  switch (step.kind) {
    case "turn": {
      const isHeld = held.has(step.blocks[0] as number);
      const blocks = [...new Set(step.blocks)].filter((block) => held.has(block) === isHeld);
      return { kind: isHeld ? "removed" : "stored", place: step.place, blocks, at_ns: atNs };
    }
    case "clear":
      return { kind: "cleared", place: step.place, blocks: sorted(held), at_ns: atNs };
    case "reset":
      return { kind: "reset", place: step.place };
    case "resync":
      return { kind: "resync", place: step.place, blocks: sorted(held) };
    case "wait":
      return { kind: "advance", at_ns: atNs };
    default: {
      const { kind: how, place, for_ns } = step;
      const fault = { kind: "fault", how, place, at_ns: atNs, until_ns: atNs + for_ns } as const;
      return how === "delay" ? { ...fault, delay_ns: 4 } : fault;
    }
  }
};

/** What a place holds after an event of its own. */
const heldAfter = (held: ReadonlySet<number>, event: PlaneEvent): ReadonlySet<number> => {
  if (event.kind === "stored") return new Set([...held, ...event.blocks]);
  if (event.kind === "removed")
    return new Set(sorted(held).filter((b) => !event.blocks.includes(b)));
  return event.kind === "cleared" || event.kind === "reset" ? new Set() : held;
};

/** One case is spelled out by its scripts, its judge and its witnesses: once. */
const alreadySpelled = new WeakMap<PlaneCase, readonly Moment[]>();

/** The life of a case, moment by moment. */
export const momentsOf = (given: PlaneCase): readonly Moment[] => {
  const known = alreadySpelled.get(given) ?? spelled(given);
  alreadySpelled.set(given, known);
  return known;
};

const spelled = ({ steps }: PlaneCase): readonly Moment[] => {
  const held: ReadonlySet<number>[] = PLACES.map(() => new Set());
  const moments: Moment[] = [];
  let nowNs = 0;
  for (const step of steps) {
    nowNs += "wait_ns" in step ? step.wait_ns : 0;
    const place = "place" in step && step.place !== null ? step.place : 0;
    const event = eventOf(step, held[place] ?? new Set(), nowNs);
    held[place] = heldAfter(held[place] ?? new Set(), event);
    moments.push({ event, nowNs, held: held.map(sorted) });
  }
  return moments;
};

/** What each place holds when all is over. */
export const heldAtTheEnd = (given: PlaneCase): readonly (readonly number[])[] =>
  momentsOf(given).at(-1)?.held ?? PLACES.map(() => []);

/** The call that a case begins with. */
const creation = ({ delay_ns }: PlaneCase): PlaneCall => ({
  kind: "create",
  places: PLACES.length,
  delay_ns,
});

/** The life with the same questions after every event, and something behind it. */
export const watching =
  (questions: readonly PlaneCall[], coda: (given: PlaneCase) => readonly PlaneCall[] = () => []) =>
  (given: PlaneCase): readonly (readonly PlaneCall[])[] => [
    [
      creation(given),
      ...momentsOf(given).flatMap(({ event }) => [event, ...questions]),
      ...coda(given),
    ],
  ];

const place = oneOfValues<number>(...PLACES);
const wait_ns = oneOfValues(0, 1, 1, 2, 5);
const blocks = fc.array(fc.nat({ max: 3 }), { minLength: 1, maxLength: 3 });
const faulty = (kind: "drop" | "delay" | "duplicate"): fc.Arbitrary<Step> =>
  fc.record({
    kind: oneOfValues(kind),
    place: oneOfValues<number | null>(null, ...PLACES),
    wait_ns,
    for_ns: oneOfValues(1, 1, 3, 10),
  });

/** A turn that suffers a fault, and one after it that does not. */
const faultyTurn = (kind: "drop" | "delay" | "duplicate"): fc.Arbitrary<readonly Step[]> =>
  fc.tuple(place, blocks, blocks).map(([place, first, second]) => [
    { kind, place, wait_ns: 1, for_ns: 1 },
    { kind: "turn", place, blocks: first, wait_ns: 0 },
    { kind: "turn", place, blocks: second, wait_ns: 1 },
  ]);

const plainSteps = {
  turn: fc.record({ kind: oneOfValues("turn" as const), place, blocks, wait_ns }),
  turnAgain: fc.record({ kind: oneOfValues("turn" as const), place, blocks, wait_ns }),
  clear: fc.record({ kind: oneOfValues("clear" as const), place, wait_ns }),
  reset: fc.record({ kind: oneOfValues("reset" as const), place }),
  resync: fc.record({ kind: oneOfValues("resync" as const), place }),
  wait: fc.record({ kind: oneOfValues("wait" as const), wait_ns }),
};

const delay_ns = oneOfValues(0, 1, 3, 10);

/** The letters of the small scope: one place that stores and removes, and each thing that can happen to it. */
const ALPHABET: readonly Step[] = [
  { kind: "turn", place: 0, blocks: [1, 2], wait_ns: 1 },
  { kind: "turn", place: 0, blocks: [1], wait_ns: 1 },
  { kind: "clear", place: 0, wait_ns: 1 },
  { kind: "reset", place: 0 },
  { kind: "resync", place: 0 },
  { kind: "drop", place: 0, wait_ns: 0, for_ns: 2 },
  { kind: "delay", place: null, wait_ns: 0, for_ns: 1 },
];

/** Lives on which only these faults come up. Every life of up to 3 of 7 letters, which are 400, when all do. */
export const planeCases = (
  ...faults: readonly ("drop" | "delay" | "duplicate")[]
): Given<PlaneCase> => {
  const operations = {
    ...plainSteps,
    ...Object.fromEntries(faults.map((fault) => [fault, faulty(fault)])),
  };
  const small = { alphabet: [], depth: 0 };
  const alone = Object.entries(operations).map(([name, step]) => [name, step.map((one) => [one])]);
  const drawn = histories<readonly Step[]>({
    operations: {
      ...Object.fromEntries(alone),
      ...Object.fromEntries(faults.map((fault) => [`${fault} one`, faultyTurn(fault)])),
    },
    small,
    maxLength: 20,
  });
  const given = {
    arbitrary: fc.record({ delay_ns, steps: drawn.arbitrary.map((steps) => steps.flat()) }),
    plain: fc.record({ delay_ns, steps: histories<Step>({ operations, small }).plain }),
  };
  return faults.length < 3 ? given : { ...given, small: smallCases };
};

function* smallCases(): Generator<PlaneCase> {
  for (const steps of sequences(ALPHABET, 3)) yield { delay_ns: 2, steps };
}
