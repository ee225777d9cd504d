import fc from "fast-check";
import { finding, property, values } from "#verify";
import { type Call, mutants, type Reply, rightly } from "./measuring.ts";
import { type Counts, counts, KNOWN, sizeOf } from "./racks.ts";

/** Three GPUs, each counted round when the rack has fewer. */
type Case = {
  readonly rack: Counts;
  readonly a: number;
  readonly b: number;
  readonly c: number;
};

const inside = ({ rack, a, b, c }: Case): readonly [number, number, number] => {
  const size = sizeOf(rack);
  return [a % size, b % size, c % size];
};

/** In order: a to b, b to a, b to c, a to c. */
const calls = (given: Case): readonly Call[] => {
  const { rack } = given;
  const [a, b, c] = inside(given);
  return [
    { rack, left: a, right: b },
    { rack, left: b, right: a },
    { rack, left: b, right: c },
    { rack, left: a, right: c },
  ];
};

/** Every triple of the known racks that have at most 9 GPUs. */
function* small(): Generator<Case> {
  for (const rack of KNOWN) {
    const size = sizeOf(rack);
    if (size > 9) continue;
    for (let a = 0; a < size; a += 1)
      for (let b = 0; b < size; b += 1) for (let c = 0; c < size; c += 1) yield { rack, a, b, c };
  }
}

const gpu = fc.nat({ max: 215 });

export default property<Case, Call, Reply>({
  id: "TOP-1",
  part: "topology",
  statement:
    "in every rack, whatever its counts, distance is 0 from a GPU to itself alone, the same both ways, and never above the longer leg of a detour",
  given: values(fc.record({ rack: counts, a: gpu, b: gpu, c: gpu }), small),
  subject: rightly,
  scripts: (given) => [calls(given)],

  holds(given, [replies = []]) {
    const [a, b] = inside(given);
    const [ab, ba, bc, ac] = replies.map(Number) as [number, number, number, number];
    if (![0, 1, 2, 3].includes(ab)) return finding(0, "0, 1, 2 or 3", replies[0] ?? null);
    if ((ab === 0) !== (a === b)) return finding(0, a === b ? 0 : "above 0", ab);
    if (ba !== ab) return finding(1, ab, ba, "the way back");
    const longer = Math.max(ab, bc);
    return ac <= longer ? undefined : finding(3, `at most ${longer}`, ac, "against a detour");
  },

  witnesses: {
    "a detour whose longer leg is as long as the way": (given, [replies]) =>
      new Set(inside(given)).size === 3 &&
      replies?.[3] === Math.max(Number(replies?.[0]), Number(replies?.[2])),
    "a detour that is longer": (_, [replies]) =>
      Number(replies?.[3]) < Math.max(Number(replies?.[0]), Number(replies?.[2])),
    "superchips of an odd number of GPUs": ({ rack }) => rack.gpus === 3,
    "a rack that is one domain": ({ rack }) => rack.domains === 1,
  },

  mutants: mutants(
    "takes all of a superchip for one GPU",
    "measures by the difference of the numbers",
    "measures upwards only",
    "has neighbours across the end of a superchip",
  ),
});
