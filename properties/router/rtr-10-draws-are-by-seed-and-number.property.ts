import fc from "fast-check";
import { createRouter, type RouterCall, routerSubject } from "#rack";
import { finding, firstDifference, property, values } from "#verify";
import { mutants } from "./mutants.ts";
import { liveIn, someCandidates, workerIn } from "./views.ts";

/** Enough that missing one of three workers, or two seeds drawing alike, does not happen: (2/3)^100 is below 10^-17. */
const DRAWS = 100;

export default property({
  id: "RTR-10",
  part: "router",
  statement:
    "a random choice depends on seed, number and live workers alone, differs from seed to seed, and reaches every live worker",
  given: values(
    fc.record({
      candidates: someCandidates(3),
      seed: fc.nat({ max: 1000 }),
      from: fc.nat({ max: 1000 }),
    }),
  ),
  subject: routerSubject(createRouter),
  scripts: ({ candidates, seed, from }) => {
    const draw = (ownSeed: number, index: number): RouterCall => ({
      policy: { kind: "random" },
      seed: ownSeed,
      view: { candidates, promptBlocks: 1, number: from + index },
    });
    const inOrder = Array.from({ length: DRAWS }, (_, index) => draw(seed, index));
    return [
      inOrder,
      inOrder.slice(0, 10).toReversed(),
      inOrder.map((_, index) => draw(seed + 1, index)),
    ];
  },
  holds({ candidates }, [inOrder = [], reversed = [], otherSeed = []]) {
    const chosen = inOrder.map(workerIn);
    const live = liveIn({ candidates, promptBlocks: 1, number: 0 }).map(({ worker }) => worker);
    const missed = live.find((worker) => !chosen.includes(worker));
    if (missed !== undefined) return finding(-1, missed, "never drawn");
    if (live.length > 1 && otherSeed.every((reply, index) => workerIn(reply) === chosen[index])) {
      return finding(-1, "other draws under another seed", "the same");
    }
    return firstDifference(chosen.slice(0, 10), reversed.map(workerIn).toReversed());
  },
  witnesses: {
    "three to draw from": ({ candidates }) => candidates.filter(({ live }) => live).length === 3,
    "one that is not live": ({ candidates }) =>
      candidates.some(({ live }) => live) && candidates.some(({ live }) => !live),
  },
  mutants: mutants(
    "draws the same for every decision",
    "draws the same under every seed",
    "never draws the last worker",
    "takes turns by a count of its own",
  ),
});
