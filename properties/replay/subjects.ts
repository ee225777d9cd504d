/** Replays of a case, through the reference's parts or through broken ones. */
import {
  BlockPool,
  chooseWorker,
  createRouter,
  DirectoryModel,
  FabricModel,
  PlaneModel,
  type Pool,
  PoolModel,
  type Router,
} from "#rack";
import { type Plan, type RackParts, type ReplayResult, referenceParts, replay } from "#replay";
import type { Subject } from "#verify";
import { BLOCK_TOKENS, optionsOf, type ReplayCall, traceOf } from "./cases.ts";

/** A replay of a case through the parts that `partsOf` makes. */
export const replaying =
  (partsOf: (plan: Plan) => RackParts = referenceParts): Subject<ReplayCall, ReplayResult> =>
  () =>
  ({ given, relabel }) =>
    replay(
      { requests: traceOf(given, relabel), blockTokens: BLOCK_TOKENS, models: [] },
      optionsOf(given),
      { partsOf },
    );

/** The rack whose parts are the naive models. */
export const modelParts = (plan: Plan): RackParts => ({
  ...referenceParts(plan),
  createPool: (capacity, events) => new PoolModel(capacity, events),
  createDirectory: (shape) => new DirectoryModel(shape),
  createPlane: (shape, listener) => new PlaneModel(shape, listener),
  createFabric: (shape) => new FabricModel(shape),
  router: (view) => {
    const decision = chooseWorker(plan.policy, plan.seed, {
      candidates: Array.from(view.live, (isLive, worker) => ({
        worker,
        overlapBlocks: view.overlapBlocks[worker] as number,
        distance: view.distances[worker] as number,
        loadBlocks: view.loadBlocks[worker] as number,
        activeRequests: view.activeRequests[worker] as number,
        live: isLive === 1,
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
