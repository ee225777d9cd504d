import {
  drawBelow,
  drawUnit,
  dynamoCost,
  overlapCredits,
  requestsMax,
  softmaxWeight,
} from "./arithmetic.ts";
import type { Policy, Router, RouterArrays } from "./contract.ts";

type Costed = Policy & { readonly kind: "dynamo-cost" };

/** The router that is fast: goes over the workers without sorting or keeping them. Chooses as `chooseWorker` does. */
export const createRouter = (policy: Policy, seed: number): Router => {
  switch (policy.kind) {
    case "kv-aware": {
      const { imbalanceBound } = policy;
      return (view) =>
        longestRun(view, imbalanceBound === null ? Infinity : requestsMaxIn(view, imbalanceBound));
    }
    case "least-loaded":
      return leastLoaded;
    case "round-robin":
      return (view) => nthLive(view, view.number % Math.max(1, liveIn(view)));
    case "random":
      return (view) => {
        const live = liveIn(view);
        return live === 0 ? -1 : nthLive(view, drawBelow(seed, view.number, live));
      };
    case "dynamo-cost":
      return policy.temperature === 0
        ? (view) => smallestCost(policy, view)
        : (view) => drawnByCost(policy, seed, view);
  }
};

const liveIn = ({ live }: RouterArrays): number => {
  let count = 0;
  for (let worker = 0; worker < live.length; worker += 1) if (live[worker] === 1) count += 1;
  return count;
};

const nthLive = ({ live }: RouterArrays, index: number): number => {
  let left = index;
  for (let worker = 0; worker < live.length; worker += 1) {
    if (live[worker] !== 1) continue;
    if (left === 0) return worker;
    left -= 1;
  }
  return -1;
};

const requestsMaxIn = (view: RouterArrays, bound: number): number => {
  let total = 0;
  for (let worker = 0; worker < view.live.length; worker += 1) {
    if (view.live[worker] === 1) total += view.activeRequests[worker] as number;
  }
  return requestsMax(bound, total, liveIn(view));
};

/** Looks for the best with a hit and for the best without one in the same pass. Workers come by number, so the smaller wins a tie. */
const longestRun = (view: RouterArrays, requestsMost: number): number => {
  let hit = -1;
  let miss = -1;
  for (let worker = 0; worker < view.live.length; worker += 1) {
    if (view.live[worker] !== 1) continue;
    if ((view.activeRequests[worker] as number) + 1 > requestsMost) continue;
    if (hit === -1 || beatsOnAHit(view, worker, hit)) hit = worker;
    if (miss === -1 || beatsWithoutAHit(view, worker, miss)) miss = worker;
  }
  return hit !== -1 && (view.overlapBlocks[hit] as number) > 0 ? hit : miss;
};

const beatsOnAHit = (view: RouterArrays, left: number, right: number): boolean => {
  const { overlapBlocks, distances, loadBlocks } = view;
  const run = (overlapBlocks[left] as number) - (overlapBlocks[right] as number);
  if (run !== 0) return run > 0;
  const way = (distances[left] as number) - (distances[right] as number);
  if (way !== 0) return way < 0;
  return (loadBlocks[left] as number) < (loadBlocks[right] as number);
};

const beatsWithoutAHit = (view: RouterArrays, left: number, right: number): boolean => {
  const load = (view.loadBlocks[left] as number) - (view.loadBlocks[right] as number);
  if (load !== 0) return load < 0;
  return (view.distances[left] as number) < (view.distances[right] as number);
};

const leastLoaded: Router = ({ live, loadBlocks }) => {
  let best = -1;
  for (let worker = 0; worker < live.length; worker += 1) {
    if (live[worker] !== 1) continue;
    if (best === -1 || (loadBlocks[worker] as number) < (loadBlocks[best] as number)) best = worker;
  }
  return best;
};

const costOf = (policy: Costed, view: RouterArrays, worker: number): number =>
  dynamoCost(
    policy,
    view.promptBlocks,
    overlapCredits(
      policy,
      view.overlapBlocks[worker] as number,
      view.hostBlocks?.[worker] ?? 0,
      view.diskBlocks?.[worker] ?? 0,
    ),
    view.loadBlocks[worker] as number,
    view.activeRequests[worker] as number,
  );

const smallestCost = (policy: Costed, view: RouterArrays): number => {
  let best = -1;
  let bestCost = Infinity;
  for (let worker = 0; worker < view.live.length; worker += 1) {
    if (view.live[worker] !== 1) continue;
    const cost = costOf(policy, view, worker);
    if (cost < bestCost) {
      best = worker;
      bestCost = cost;
    }
  }
  return best;
};

/** Reckons each weight twice rather than keep a list: the first time for their sum, the second to find whose part the mark is in. */
const drawnByCost = (policy: Costed, seed: number, view: RouterArrays): number => {
  const { live } = view;
  let low = Infinity;
  let high = -Infinity;
  for (let worker = 0; worker < live.length; worker += 1) {
    if (live[worker] !== 1) continue;
    const cost = costOf(policy, view, worker);
    low = Math.min(low, cost);
    high = Math.max(high, cost);
  }
  const weightOf = (worker: number): number =>
    live[worker] === 1
      ? softmaxWeight(costOf(policy, view, worker), low, high, policy.temperature)
      : 0;
  let sum = 0;
  for (let worker = 0; worker < live.length; worker += 1) sum += weightOf(worker);
  return workerAt(live, weightOf, drawUnit(seed, view.number) * sum);
};

/** The worker whose part a mark falls into when the weights lie end to end; the last live one when rounding pushed it past the end. */
const workerAt = (live: Uint8Array, weightOf: (worker: number) => number, mark: number): number => {
  let passed = 0;
  let last = -1;
  for (let worker = 0; worker < live.length; worker += 1) {
    if (live[worker] !== 1) continue;
    passed += weightOf(worker);
    last = worker;
    if (mark < passed) return worker;
  }
  return last;
};
