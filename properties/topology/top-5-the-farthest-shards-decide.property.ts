import fc from "fast-check";
import { TP_DEGREES, workerDistance, workers } from "#spec";
import { finding, oneOfValues, property, type Subject, values } from "#verify";
import { type Counts, counts, seats, sizeOf, topologyOf } from "./racks.ts";

type Case = {
  readonly rack: Counts;
  readonly tp: number;
  readonly left: number;
  readonly right: number;
};
/** The worker distance; −1 where the degree does not divide a domain. */
type Reply = number;

const divides = ({ rack, tp }: Case): boolean => (rack.gpus * rack.superchips) % tp === 0;

/** Asks for the distance of two workers, counted round, of which the GPUs may be bent first. */
const asking =
  (bend: (gpus: readonly number[]) => readonly number[] = (gpus) => gpus): Subject<Case, Reply> =>
  () =>
  (given) => {
    if (!divides(given)) return -1;
    const topology = topologyOf(given.rack);
    const all = workers(topology, given.tp);
    const [from, to] = [given.left, given.right].map((id) => all[id % all.length]);
    if (from === undefined || to === undefined) throw new RangeError("a rack has workers");
    return workerDistance(
      topology,
      { ...from, gpus: bend(from.gpus) },
      { ...to, gpus: bend(to.gpus) },
    );
  };

/** Between shards of one number, by the seat plan. */
const shardDistances = (given: Case): readonly number[] => {
  const plan = seats(given.rack);
  const count = sizeOf(given.rack) / given.tp;
  const [left, right] = [given.left % count, given.right % count];
  return Array.from({ length: given.tp }, (_, shard) => {
    const [a, b] = [left * given.tp + shard, right * given.tp + shard];
    if (a === b) return 0;
    if (plan[a]?.superchip === plan[b]?.superchip) return 1;
    return plan[a]?.domain === plan[b]?.domain ? 2 : 3;
  });
};

/** Every two workers of a domain of two superchips of three, whose workers of two straddle them. */
function* small(): Generator<Case> {
  const rack = { gpus: 3, superchips: 2, domains: 2 };
  for (let left = 0; left < 6; left += 1)
    for (let right = 0; right < 6; right += 1) yield { rack, tp: 2, left, right };
}

export default property<Case, Case, Reply>({
  id: "TOP-5",
  part: "topology",
  statement:
    "two workers are as far apart as the farthest two of their shards of one number, in both directions",
  given: values(
    fc.record({
      rack: counts,
      tp: oneOfValues<number>(...TP_DEGREES),
      left: fc.nat({ max: 215 }),
      right: fc.nat({ max: 215 }),
    }),
    small,
  ),
  subject: asking(),
  scripts: (given) => [[given, { ...given, left: given.right, right: given.left }]],

  holds(given, [replies = []]) {
    const expected = divides(given) ? Math.max(...shardDistances(given)) : -1;
    const at = replies.findIndex((reply) => reply !== expected);
    return at < 0 ? undefined : finding(at, expected, replies[at] ?? null);
  },

  witnesses: {
    "shards at different distances": (given) =>
      divides(given) && new Set(shardDistances(given)).size > 1,
    "workers of several GPUs in one domain": ({ tp }, [replies]) => tp > 1 && replies?.[0] === 2,
    "a worker and itself": (_, [replies]) => replies?.[0] === 0,
  },

  mutants: {
    "measures the first shards only": asking((gpus) => gpus.slice(0, 1)),
    "measures the last shards only": asking((gpus) => gpus.slice(-1)),
    "leaves out the first shards of several": asking((gpus) =>
      gpus.length > 1 ? gpus.slice(1) : gpus,
    ),
  },
});
