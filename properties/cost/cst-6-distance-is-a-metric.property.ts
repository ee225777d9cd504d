import fc from "fast-check";
import { distance } from "#spec";
import { finding, property, type Subject, values } from "#verify";
import { lookedUp, RACK_NAMES, type RackName, rackOf } from "./racks.ts";

type Case = {
  readonly rack: RackName;
  readonly a: number;
  readonly b: number;
  readonly c: number;
};
type Call = { readonly rack: RackName; readonly left: number; readonly right: number };

const ask = ({ rack, left, right }: Call): number => distance(rackOf(rack), left, right);

/** The other GPU of the same superchip. */
const mate = (gpu: number): number => (gpu % 2 === 0 ? gpu + 1 : gpu - 1);

/** The three GPUs, inside the rack whatever was drawn. */
const inside = ({ rack, a, b, c }: Case): readonly [number, number, number] => {
  const { value } = rackOf(rack).gpuCount;
  return [a % value, b % value, c % value];
};

/** In order: a to b, b to a, b to c, a to c, and a to b after the two GPUs of a's superchip have swapped numbers. */
const calls = (given: Case): readonly Call[] => {
  const [a, b, c] = inside(given);
  const swapped = (gpu: number) => (gpu === a || gpu === mate(a) ? mate(gpu) : gpu);
  return [
    [a, b],
    [b, a],
    [b, c],
    [a, c],
    [swapped(a), swapped(b)],
  ].map(([left, right]) => ({ rack: given.rack, left: left as number, right: right as number }));
};

/** Every triple of the small rack, and every pair of the document's 72 with a third GPU that goes around. */
function* small(): Generator<Case> {
  for (let a = 0; a < 8; a += 1)
    for (let b = 0; b < 8; b += 1) for (let c = 0; c < 8; c += 1) yield { rack: "small", a, b, c };
  for (let a = 0; a < 72; a += 1)
    for (let b = 0; b < 72; b += 1) yield { rack: "document", a, b, c: (7 * a + b) % 72 };
}

/** A subject that measures by other means. */
const measuring =
  (measure: (call: Call) => number): Subject<Call, number> =>
  () =>
    measure;

export default property<Case, Call, number>({
  id: "CST-6",
  part: "cost",
  statement:
    "the distance between GPUs is 0 to itself, 1 in a superchip, 2 in a domain and 3 beyond: symmetric, never longer than a detour, blind to numbers within a superchip",
  given: values(
    fc.record({
      rack: fc.constantFrom(...RACK_NAMES),
      a: fc.nat({ max: 71 }),
      b: fc.nat({ max: 71 }),
      c: fc.nat({ max: 71 }),
    }),
    small,
  ),
  subject: measuring(ask),
  scripts: (given) => [calls(given)],

  holds(given, [replies]) {
    const [ab, ba, bc, ac, relabelled] = replies as readonly number[] as [
      number,
      number,
      number,
      number,
      number,
    ];
    const [a, b] = inside(given);
    const expected = lookedUp(given.rack, a, b);
    if (ab !== expected) return finding(0, expected, ab);
    if (ba !== ab) return finding(1, ab, ba, "the way back");
    if (ac > ab + bc) return finding(3, `at most ${ab + bc}`, ac, "against a detour");
    return relabelled === ab ? undefined : finding(4, ab, relabelled, "after a swap of numbers");
  },

  witnesses: {
    "the same GPU": (_, [replies]) => replies?.[0] === 0,
    "the same superchip": (_, [replies]) => replies?.[0] === 1,
    "the same domain": (_, [replies]) => replies?.[0] === 2,
    "another domain": (_, [replies]) => replies?.[0] === 3,
    "a detour that is no longer": (_, [replies]) =>
      replies?.[3] === Math.max(replies?.[0] ?? 0, replies?.[2] ?? 0),
  },

  mutants: {
    "forgets superchips": measuring((call) => (ask(call) === 1 ? 2 : ask(call))),
    "forgets that a GPU is near itself": measuring((call) => Math.max(1, ask(call))),
    "starts superchips at odd numbers": measuring((call) => {
      const { left, right } = call;
      return left !== right && (left + 1) >> 1 === (right + 1) >> 1
        ? 1
        : Math.max(ask(call), left === right ? 0 : 2);
    }),
    "counts domains in superchips": measuring((call) => {
      const superchips = rackOf(call.rack).gpusPerDomain.value;
      const far =
        Math.floor(call.left / superchips / 2) !== Math.floor(call.right / superchips / 2);
      return ask(call) <= 1 ? ask(call) : far ? 3 : 2;
    }),
    "measures upwards only": measuring((call) => (call.left > call.right ? 0 : ask(call))),
    "squares the distance": measuring((call) => ask(call) ** 2),
  },
});
