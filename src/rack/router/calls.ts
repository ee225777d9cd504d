import { type Refused, refused } from "#base";
import type { Chosen, Decision, Policy, Router, RouterArrays, RouterView } from "./contract.ts";
import { chooseWorker } from "./model.ts";

/** One decision asked of a router, as plain data. */
export type RouterCall = {
  readonly policy: Policy;
  readonly seed: number;
  readonly view: RouterView;
};

/** What must be known of a decision; a router may say more. */
export type RouterReply = Pick<Chosen, "kind" | "worker"> | Refused<"no live worker">;

/** The model as a subject: replies are whole decisions. */
export const routerModelSubject =
  (): ((call: RouterCall) => Decision) =>
  ({ policy, seed, view }) =>
    chooseWorker(policy, seed, view);

/** A router for the hot path as a subject; the views that it is asked about are laid out in arrays. */
export const routerSubject =
  (create: (policy: Policy, seed: number) => Router): (() => (call: RouterCall) => RouterReply) =>
  () =>
  ({ policy, seed, view }) => {
    const worker = create(policy, seed)(arraysOf(view));
    return worker === -1 ? refused("no live worker") : { kind: "chosen", worker };
  };

/** A view with one entry a worker; numbers that no candidate has are not live. */
const arraysOf = ({ candidates, promptBlocks, number }: RouterView): RouterArrays => {
  const workers = candidates.reduce((most, { worker }) => Math.max(most, worker + 1), 0);
  const arrays = {
    overlapBlocks: new Uint32Array(workers),
    hostBlocks: new Uint32Array(workers),
    diskBlocks: new Uint32Array(workers),
    distances: new Uint8Array(workers),
    loadBlocks: new Float64Array(workers),
    activeRequests: new Uint32Array(workers),
    live: new Uint8Array(workers),
    promptBlocks,
    number,
  };
  for (const candidate of candidates) {
    const { worker } = candidate;
    arrays.overlapBlocks[worker] = candidate.overlapBlocks;
    arrays.hostBlocks[worker] = candidate.hostBlocks ?? 0;
    arrays.diskBlocks[worker] = candidate.diskBlocks ?? 0;
    arrays.distances[worker] = candidate.distance;
    arrays.loadBlocks[worker] = candidate.loadBlocks;
    arrays.activeRequests[worker] = candidate.activeRequests;
    arrays.live[worker] = candidate.live ? 1 : 0;
  }
  return arrays;
};
