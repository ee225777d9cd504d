import { ascending, byEach, type Compare, descending, refused } from "#base";
import {
  drawBelow,
  drawUnit,
  dynamoCost,
  overlapCredits,
  requestsMax,
  softmaxWeight,
} from "./arithmetic.ts";
import type { Candidate, Decision, Policy, Regret, RouterView, SortKey } from "./contract.ts";

type Preference = {
  readonly key: SortKey;
  readonly of: (candidate: Candidate) => number;
  readonly compare: Compare<Candidate>;
};

const least = (key: SortKey, of: (candidate: Candidate) => number): Preference => ({
  key,
  of,
  compare: ascending(of),
});

const LONGEST_RUN: Preference = {
  key: "overlapBlocks",
  of: (candidate) => candidate.overlapBlocks,
  compare: descending((candidate) => candidate.overlapBlocks),
};
const NEAREST = least("distance", (candidate) => candidate.distance);
const LEAST_LOADED = least("loadBlocks", (candidate) => candidate.loadBlocks);
/** Ends every list: no two candidates tie, so a replay never wavers. */
const SMALLEST_NUMBER = least("worker", (candidate) => candidate.worker);

const ON_A_HIT = [LONGEST_RUN, NEAREST, LEAST_LOADED, SMALLEST_NUMBER];
const WITHOUT_A_HIT = [LEAST_LOADED, NEAREST, SMALLEST_NUMBER];

/** Chooses a worker: ranks the candidates by the policy's preferences and takes the first. A pure function. */
export const chooseWorker = (policy: Policy, seed: number, view: RouterView): Decision => {
  const eligible = eligibleFor(policy, view);
  const preferences = preferencesOf(policy, seed, view, eligible);
  const ranked = eligible.toSorted(byEach(...preferences.map(({ compare }) => compare)));
  const [first, second] = ranked;
  if (first === undefined) return refused("no live worker");
  const decided = second && preferences.find(({ compare }) => compare(first, second) !== 0)?.key;
  return {
    kind: "chosen",
    worker: first.worker,
    because: decided ?? "only candidate",
    considered: ranked.map((candidate) => ({
      worker: candidate.worker,
      keys: Object.fromEntries(preferences.map(({ key, of }) => [key, of(candidate)])),
    })),
    regret: regretOf(first, view),
  };
};

const regretOf = (chosen: Candidate, { candidates }: RouterView): Regret => {
  const live = candidates.filter((candidate) => candidate.live);
  const overlapMost = Math.max(...live.map(({ overlapBlocks }) => overlapBlocks));
  const loadLeast = Math.min(...live.map(({ loadBlocks }) => loadBlocks));
  return {
    overlapBlocks: overlapMost - chosen.overlapBlocks,
    loadBlocks: chosen.loadBlocks - loadLeast,
  };
};

/** The live candidates that the policy allows, by number. */
const eligibleFor = (policy: Policy, { candidates }: RouterView): readonly Candidate[] => {
  const live = candidates.filter((candidate) => candidate.live).toSorted(SMALLEST_NUMBER.compare);
  if (policy.kind !== "kv-aware" || policy.imbalanceBound === null) return live;
  const total = live.reduce((sum, candidate) => sum + candidate.activeRequests, 0);
  const most = requestsMax(policy.imbalanceBound, total, live.length);
  return live.filter((candidate) => candidate.activeRequests + 1 <= most);
};

const preferencesOf = (
  policy: Policy,
  seed: number,
  view: RouterView,
  eligible: readonly Candidate[],
): readonly Preference[] => {
  switch (policy.kind) {
    case "kv-aware":
      return eligible.some(({ overlapBlocks }) => overlapBlocks > 0) ? ON_A_HIT : WITHOUT_A_HIT;
    case "least-loaded":
      return [LEAST_LOADED, SMALLEST_NUMBER];
    case "round-robin":
      return [inTurn("turn", eligible, view.number % eligible.length)];
    case "random":
      return eligible.length === 0
        ? []
        : [inTurn("drawn", eligible, drawBelow(seed, view.number, eligible.length))];
    case "dynamo-cost":
      return cheapest(policy, seed, view, eligible);
  }
};

/** The one at a place of the list first, then those behind it, and round. */
const inTurn = (key: SortKey, eligible: readonly Candidate[], first: number): Preference =>
  least(key, (candidate) => {
    const count = eligible.length;
    return (eligible.indexOf(candidate) - first + count) % count;
  });

const cheapest = (
  policy: Policy & { readonly kind: "dynamo-cost" },
  seed: number,
  view: RouterView,
  eligible: readonly Candidate[],
): readonly Preference[] => {
  const costOf = (candidate: Candidate): number =>
    dynamoCost(
      policy,
      view.promptBlocks,
      overlapCredits(
        policy,
        candidate.overlapBlocks,
        candidate.hostBlocks ?? 0,
        candidate.diskBlocks ?? 0,
      ),
      candidate.loadBlocks,
      candidate.activeRequests,
    );
  const byCost = [least("cost", costOf), SMALLEST_NUMBER];
  if (policy.temperature === 0) return byCost;
  const costs = eligible.map(costOf);
  const [low, high] = [Math.min(...costs), Math.max(...costs)];
  const weights = costs.map((cost) => softmaxWeight(cost, low, high, policy.temperature));
  const drawn = eligible[drawByWeight(weights, drawUnit(seed, view.number))];
  return [least("drawn", (candidate) => (candidate === drawn ? 0 : 1)), ...byCost];
};

/** Where a share of the whole falls when the weights lie end to end; rounding may push it past the end, and the last takes it. */
const drawByWeight = (weights: readonly number[], share: number): number => {
  const mark = share * weights.reduce((sum, weight) => sum + weight, 0);
  let passed = 0;
  const at = weights.findIndex((weight) => {
    passed += weight;
    return mark < passed;
  });
  return at === -1 ? weights.length - 1 : at;
};
