import { randomStream } from "#base";
import type { Policy } from "./contract.ts";

/**
 * How many requests one of `live` workers may have once the next is placed, when they have `total` now. With a bound of 1 or more
 * some worker is always below it: were all at it, they would have `total + 1` between them.
 */
export const requestsMax = (bound: number, total: number, live: number): number =>
  Math.ceil((bound * (total + 1)) / live);

/** What a worker's overlapping blocks are worth together, each as the tier it lies in. */
export const overlapCredits = (
  policy: Policy & { readonly kind: "dynamo-cost" },
  overlapBlocks: number,
  hostBlocks: number,
  diskBlocks: number,
): number =>
  policy.overlapCredit * overlapBlocks +
  policy.hostCredit * hostBlocks +
  policy.diskCredit * diskBlocks;

/** The price of a worker in blocks, as Dynamo's router reckons it; `credits` are what its overlap is worth. */
export const dynamoCost = (
  policy: Policy & { readonly kind: "dynamo-cost" },
  promptBlocks: number,
  credits: number,
  loadBlocks: number,
  activeRequests: number,
): number =>
  policy.prefillScale * Math.max(0, promptBlocks - credits) +
  loadBlocks +
  policy.requestWeight * activeRequests;

/**
 * How likely a cost is, relative to the smallest, whose weight is 1. Costs are scaled by the distance of the smallest from the
 * largest, so that a temperature means the same at any load; equal costs are equally likely.
 */
export const softmaxWeight = (
  cost: number,
  costMin: number,
  costMax: number,
  temperature: number,
): number =>
  costMin === costMax ? 1 : Math.exp(-((cost - costMin) / (costMax - costMin)) / temperature);

/** A number in [0, 1) that only the seed and the decision's number decide. */
export const drawUnit = (seed: number, decision: number): number =>
  randomStream(seed, `router/${decision}`).unit();

/** A whole number in 0 … bound − 1 that only the seed and the decision's number decide. */
export const drawBelow = (seed: number, decision: number, bound: number): number =>
  randomStream(seed, `router/${decision}`).below(bound);
