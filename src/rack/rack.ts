/**
 * The rack: the one file that wires the parts together. What a pool announces the directory hears at once, with the worker's next
 * event id; what the router is given is read off the directory and the loads. Time is not the rack's business: whoever drives it
 * says when.
 */
import { assert, isRefused, type Refused } from "#base";
import type { CreateDirectory, Directory } from "./directory/index.ts";
import type { CreatePool, Pool } from "./pool/index.ts";
import type { Router } from "./router/index.ts";

/** The parts of a rack. Given, so that a part can be replaced: by its model, by a mutant, by somebody else's. */
export type RackParts = {
  readonly createPool: CreatePool;
  readonly createDirectory: CreateDirectory;
  readonly router: Router;
};

/** How many workers there are, how much each holds, and how far apart they are (0 the same worker … 3 another domain). */
export type RackShape = {
  readonly workers: number;
  readonly capacityBlocks: number;
  readonly distance: (left: number, right: number) => number;
};

/** Hears what the pools announce, together with what the directory listed the moment before. */
export type RackObserver = {
  stored(worker: number, block: number, wasListed: boolean): void;
  removed(worker: number, block: number, wasListed: boolean): void;
};

/** Where a longer run than the worker's own lies: the worker that holds it, and its length. */
export type Source = { readonly worker: number; readonly run: number };

/** What a request found when it started on a worker. */
export type Start = {
  readonly kind: "started";
  /** Leading blocks that the worker's pool could read. */
  readonly hits: number;
  /** Leading blocks that the directory lists for the worker: the same, or one of them is wrong. */
  readonly listed: number;
  /** The nearest of the workers that hold the longest run, when that is longer than the hits; ends on the worker's number. */
  readonly elsewhere: Source | undefined;
};

/** HBM is the only tier a pool's blocks lie in. */
const HBM = 0;

/** Room is made at once for what the pools can hold, but not for more than this many blocks: 1.6 MB at 32 workers or fewer. */
const EXPECTED_MAX = 2 ** 17;

/** One rack in use. */
export class Rack {
  readonly shape: RackShape;
  readonly directory: Directory;
  readonly pools: readonly Pool[];
  readonly #router: Router;
  readonly #overlaps: Uint32Array;
  readonly #distances: Uint8Array;
  readonly #live: Uint8Array;
  /** Requests sent to a worker and not yet ended there. */
  readonly activeRequests: Uint32Array;
  /** Blocks that those requests ask for, waiting ones included. */
  readonly loadBlocks: Float64Array;
  #decisions = 0;

  constructor(shape: RackShape, parts: RackParts, observer: RackObserver) {
    const { workers, capacityBlocks } = shape;
    this.shape = shape;
    this.#router = parts.router;
    const blocksExpected = Math.min(workers * capacityBlocks, EXPECTED_MAX);
    this.directory = parts.createDirectory({ workers, tiers: 1, blocksExpected });
    this.#overlaps = new Uint32Array(workers);
    this.#distances = new Uint8Array(workers);
    this.#live = new Uint8Array(workers).fill(1);
    this.activeRequests = new Uint32Array(workers);
    this.loadBlocks = new Float64Array(workers);
    const { directory } = this;
    this.pools = Array.from({ length: workers }, (_, worker) => {
      let id = 0;
      return parts.createPool(capacityBlocks, {
        stored(block) {
          const before = directory.heldBy(worker);
          directory.stored(worker, HBM, block, id);
          id += 1;
          observer.stored(worker, block, directory.heldBy(worker) === before);
        },
        removed(block) {
          const before = directory.heldBy(worker);
          directory.removed(worker, HBM, block, id);
          id += 1;
          observer.removed(worker, block, directory.heldBy(worker) < before);
        },
      });
    });
  }

  /** Sends a request to a worker, whose load it is from now until `release` or `withdraw`. `from` is its session's last worker; −1 without one. */
  route(blocks: Uint32Array, promptBlocks: number, allBlocks: number, from: number): number {
    const { workers, distance } = this.shape;
    this.directory.leadingRuns(blocks, this.#overlaps);
    for (let worker = 0; worker < workers; worker += 1) {
      this.#distances[worker] = from < 0 ? 0 : distance(from, worker);
    }
    const chosen = this.#router({
      overlapBlocks: this.#overlaps,
      distances: this.#distances,
      loadBlocks: this.loadBlocks,
      activeRequests: this.activeRequests,
      live: this.#live,
      promptBlocks,
      number: this.#decisions,
    });
    assert(chosen >= 0, "a rack whose workers are all alive always has one to choose");
    this.#decisions += 1;
    this.activeRequests[chosen] = (this.activeRequests[chosen] as number) + 1;
    this.loadBlocks[chosen] = (this.loadBlocks[chosen] as number) + allBlocks;
    return chosen;
  }

  /** Takes a request into its worker's pool. Refused, and nothing changed, when the pool refuses. */
  start(worker: number, request: number, blocks: Uint32Array, unnamed: number): Start | Refused {
    const answer = this.pool(worker).admit(request, blocks, unnamed);
    if (isRefused(answer)) return answer;
    const longest = this.directory.leadingRuns(blocks, this.#overlaps);
    return {
      kind: "started",
      hits: answer.hits,
      listed: this.#overlaps[worker] as number,
      elsewhere: longest > answer.hits ? this.#nearest(worker, longest) : undefined,
    };
  }

  /** The nearest other worker whose run, as last looked up, is `run` long. */
  #nearest(worker: number, run: number): Source | undefined {
    const { workers, distance } = this.shape;
    let best = -1;
    for (let other = 0; other < workers; other += 1) {
      if (other === worker || this.#overlaps[other] !== run) continue;
      if (best < 0 || distance(worker, other) < distance(worker, best)) best = other;
    }
    return best < 0 ? undefined : { worker: best, run };
  }

  /** The request's blocks are computed: they can be read from now on. */
  fill(worker: number, request: number): void {
    const answer = this.pool(worker).fill(request);
    assert(!isRefused(answer), "a request that started can be filled");
  }

  /** The request has ended: its blocks are cached or free, and its load is gone. */
  release(worker: number, request: number, allBlocks: number): void {
    const answer = this.pool(worker).release(request);
    assert(!isRefused(answer), "a request that started can be released");
    this.withdraw(worker, allBlocks);
  }

  /** The request will never start: its load is gone. */
  withdraw(worker: number, allBlocks: number): void {
    this.activeRequests[worker] = (this.activeRequests[worker] as number) - 1;
    this.loadBlocks[worker] = (this.loadBlocks[worker] as number) - allBlocks;
  }

  pool(worker: number): Pool {
    const pool = this.pools[worker];
    assert(pool !== undefined, "a worker must be one of the rack's", worker);
    return pool;
  }
}
