import fc from "fast-check";
import { finding, oneOfValues, property, values } from "#verify";
import { type Call, mutants, type Reply, rightly } from "./measuring.ts";
import { type Counts, counts, sizeOf } from "./racks.ts";

/** Which numbers are turned round: GPUs within their superchip, superchips within their domain, or domains in the rack. */
type Level = "gpus" | "superchips" | "domains";
const LEVELS: readonly [Level, ...Level[]] = ["gpus", "superchips", "domains"];
type Case = {
  readonly rack: Counts;
  readonly level: Level;
  readonly by: number;
  readonly left: number;
  readonly right: number;
};

/** Turns the numbers of one level round by some places, and leaves the other levels alone. */
const turned = ({ rack, level, by }: Case, gpu: number): number => {
  const { gpus, superchips, domains } = rack;
  const place = {
    gpus: gpu % gpus,
    superchips: Math.floor(gpu / gpus) % superchips,
    domains: Math.floor(gpu / (gpus * superchips)),
  };
  const size = { gpus, superchips, domains }[level];
  const moved = { ...place, [level]: (place[level] + by) % size };
  return (moved.domains * superchips + moved.superchips) * gpus + moved.gpus;
};

const inside = (given: Case): readonly [number, number] => [
  given.left % sizeOf(given.rack),
  given.right % sizeOf(given.rack),
];

/** Before, and after. */
const calls = (given: Case): readonly Call[] => {
  const { rack } = given;
  const [left, right] = inside(given);
  return [
    { rack, left, right },
    { rack, left: turned(given, left), right: turned(given, right) },
  ];
};

/** Every two GPUs of a rack of two domains of two superchips of three, each level turned by one. */
function* small(): Generator<Case> {
  const rack = { gpus: 3, superchips: 2, domains: 2 };
  for (const level of LEVELS)
    for (let left = 0; left < 12; left += 1)
      for (let right = 0; right < 12; right += 1) yield { rack, level, by: 1, left, right };
}

const gpu = fc.nat({ max: 215 });

export default property<Case, Call, Reply>({
  id: "TOP-4",
  part: "topology",
  statement:
    "renumbering the GPUs within superchips, the superchips within domains, or the domains keeps every distance",
  given: values(
    fc.record({
      rack: counts,
      level: oneOfValues<Level>(...LEVELS),
      by: fc.integer({ min: 1, max: 5 }),
      left: gpu,
      right: gpu,
    }),
    small,
  ),
  subject: rightly,
  scripts: (given) => [calls(given)],

  holds(_, [replies = []]) {
    const [before, after] = replies;
    return before === after ? undefined : finding(1, before ?? null, after ?? null);
  },

  witnesses: {
    "two GPUs of one superchip, turned past its end": (given, [replies]) => {
      const [left, right] = inside(given);
      const order = left < right;
      return (
        replies?.[0] === 1 &&
        given.level === "gpus" &&
        turned(given, left) < turned(given, right) !== order
      );
    },
    "two superchips of one domain": (given, [replies]) =>
      replies?.[0] === 2 && given.level === "superchips",
    "two domains": (given, [replies]) => replies?.[0] === 3 && given.level === "domains",
  },

  mutants: mutants(
    "takes every rack for one of superchips of 2 and domains of 8",
    "counts domains in superchips",
    "lets domains begin one GPU late",
    "measures by the difference of the numbers",
    "has neighbours across the end of a superchip",
  ),
});
