/** Replays of a case, through the reference's parts or through broken ones. */
import {
  BlockPool,
  chooseWorker,
  createRouter,
  DirectoryModel,
  type Pool,
  PoolModel,
  type RackParts,
  type Router,
} from "#rack";
import { type Plan, type ReplayResult, referenceParts, replay } from "#replay";
import type { Subject } from "#verify";
import { BLOCK_TOKENS, optionsOf, type ReplayCall, traceOf } from "./cases.ts";

/** A replay of a case through the parts that `partsOf` makes. */
export const replaying =
  (partsOf: (plan: Plan) => RackParts = referenceParts): Subject<ReplayCall, ReplayResult> =>
  () =>
  ({ given, relabel }) =>
    replay(traceOf(given, relabel), BLOCK_TOKENS, optionsOf(given), partsOf);

/** The rack whose every part is the naive model. */
export const modelParts = ({ policy, seed, workers }: Plan): RackParts => ({
  createPool: (capacity, events) => new PoolModel(capacity, events),
  createDirectory: (shape) => new DirectoryModel(shape),
  router: (view) => {
    const decision = chooseWorker(policy, seed, {
      candidates: Array.from({ length: workers }, (_, worker) => ({
        worker,
        overlapBlocks: view.overlapBlocks[worker] as number,
        distance: view.distances[worker] as number,
        loadBlocks: view.loadBlocks[worker] as number,
        activeRequests: view.activeRequests[worker] as number,
        live: view.live[worker] === 1,
      })),
      promptBlocks: view.promptBlocks,
      number: view.number,
    });
    return decision.kind === "chosen" ? decision.worker : -1;
  },
});

/** The reference with its pools replaced. */
export const withPools = (
  create: (...args: ConstructorParameters<typeof BlockPool>) => Pool,
): Subject<ReplayCall, ReplayResult> =>
  replaying((plan) => ({ ...referenceParts(plan), createPool: create }));

/** The reference with another router. */
export const withRouter = (
  change: (router: Router, plan: Plan) => Router,
): Subject<ReplayCall, ReplayResult> =>
  replaying((plan) => ({
    ...referenceParts(plan),
    router: change(createRouter(plan.policy, plan.seed), plan),
  }));

/** Forgets every tenth release. */
export class LeakyPool extends BlockPool {
  #releases = 0;

  override release(request: number) {
    this.#releases += 1;
    return this.#releases % 10 === 0 ? ({ kind: "done" } as const) : super.release(request);
  }
}

/** Says that everything asked for was there. */
export class BoastfulPool extends BlockPool {
  override admit(request: number, blocks: Uint32Array, unnamed: number) {
    const answer = super.admit(request, blocks, unnamed);
    return answer.kind === "admitted" ? { ...answer, hits: blocks.length } : answer;
  }
}

/** Announces a block when room is made for it, before it can be read. */
export class HastyPool extends BlockPool {
  override admit(request: number, blocks: Uint32Array, unnamed: number) {
    const answer = super.admit(request, blocks, unnamed);
    if (answer.kind === "admitted") this.fill(request);
    return answer;
  }
}

/** Takes one block fewer than it holds for full. */
export class TimidPool extends BlockPool {
  override admit(request: number, blocks: Uint32Array, unnamed: number) {
    return blocks.length + unnamed === this.capacity
      ? ({ kind: "refused", because: "full" } as const)
      : super.admit(request, blocks, unnamed);
  }
}
