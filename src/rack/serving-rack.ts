/**
 * The rack that a replay drives: workers with their pools, a directory for each kind of KV, and the router. What a pool announces its directory hears at
 * once, with the worker's next event id. Who is there from when to when, and how long anything takes, is not its business: whoever drives it says so.
 */
import { assert } from "#base";
import type { Profile } from "#spec";
import type { CreateDirectory, Directory } from "./directory/index.ts";
import type { CreatePlane, Plane } from "./plane/index.ts";
import type { CreatePool, Pool } from "./pool/index.ts";
import type { Router } from "./router/index.ts";
import { distancesOf } from "./serving-distances.ts";

/** What lies between pools and directory where it is not nothing: how long it takes, and whose clock it goes by. */
export type EventFeed = {
  readonly createPlane: CreatePlane;
  readonly delayNs: number;
  readonly nowNs: () => number;
};

/** Hears what pools announce, with how the directory's count of the worker's listings changed by it: by nothing as yet where it hears late. */
export type RackObserver = {
  stored(worker: ServingWorker, names: Uint32Array, count: number, listings: number): void;
  removed(worker: ServingWorker, names: Uint32Array, count: number, listings: number): void;
};

/** One worker while it serves one model. */
export type ServingWorker = {
  /** That of its first GPU. */
  readonly number: number;
  /** Its number among the workers of its degree. */
  readonly place: number;
  readonly group: ServingGroup;
  readonly pool: Pool;
};

/** Where a longer run than a worker's own lies. */
export type Source = {
  readonly worker: ServingWorker;
  readonly run: number;
  readonly distance: number;
};

/** What is to be routed, near which GPU (−1 for none), and which decision it is. */
export type RoutedPrompt = {
  readonly blocks: Uint32Array;
  readonly promptBlocks: number;
  readonly from: number;
  readonly number: number;
};

/** HBM is the only tier a pool's blocks lie in. */
const HBM = 0;

/** Room is made at once for what the pools can hold, but not for more than this many blocks: 25 MB at 32 workers or fewer. */
const EXPECTED_MAX = 2 ** 22;

const NOTHING = new Uint32Array(0);

/** The workers of one kind of KV, who can read each other's blocks, and what the router is given of them. */
export class ServingGroup {
  readonly tp: number;
  readonly directory: Directory;
  /** What lies between pools and directory; nothing where it hears at once. */
  readonly plane: Plane | undefined;
  readonly feed: EventFeed | undefined;
  /** By place. */
  readonly workers: (ServingWorker | undefined)[];
  /** Blocks that the requests sent to a worker ask for, waiting ones included. */
  readonly loadBlocks: Float64Array;
  /** Requests sent to a worker and not yet ended there. */
  readonly activeRequests: Uint32Array;
  readonly #overlaps: Uint32Array;
  readonly #distances: Uint8Array;
  readonly #gpus: number;
  /** How far a worker is from a GPU: nothing when it has it, and as far as its farthest GPU otherwise. */
  readonly #farFrom: Uint8Array;

  constructor(
    profile: Profile,
    tp: number,
    capacityBlocks: number,
    createDirectory: CreateDirectory,
    feed: EventFeed | undefined,
  ) {
    const gpus = profile.gpuCount.value;
    const places = gpus / tp;
    this.tp = tp;
    this.#gpus = gpus;
    this.directory = createDirectory({
      workers: places,
      tiers: 1,
      blocksExpected: Math.min(places * capacityBlocks, EXPECTED_MAX),
    });
    this.feed = feed;
    this.plane = feed?.createPlane({ places, delayNs: feed.delayNs }, this.directory);
    this.workers = Array.from({ length: places }, () => undefined);
    this.loadBlocks = new Float64Array(places);
    this.activeRequests = new Uint32Array(places);
    this.#overlaps = new Uint32Array(places);
    this.#distances = new Uint8Array(places);
    this.#farFrom = distancesOf(profile, tp);
  }

  /** How far apart two of its workers are: each GPU from its namesake. */
  distance(left: ServingWorker, right: ServingWorker): number {
    return this.#farFrom[left.place * this.#gpus + right.number] as number;
  }

  /** Reads off the directory how much of a prompt each worker holds. Returns the longest. */
  look(blocks: Uint32Array): number {
    this.hear();
    return this.directory.leadingRuns(blocks, this.#overlaps);
  }

  /** The directory hears all that has arrived, and a worker of which it has missed something is asked for all that it has. */
  hear(): void {
    const { plane, feed } = this;
    if (plane === undefined || feed === undefined) return;
    plane.advance(feed.nowNs());
    for (const place of plane.gaps()) this.#heal(place, plane);
  }

  /** Has every worker of which an announcement was lost asked for all that it has. */
  heal(): void {
    const { plane } = this;
    if (plane === undefined) return;
    for (let place = 0; place < this.workers.length; place += 1) {
      if (plane.lost(place) > 0) this.#heal(place, plane);
    }
  }

  #heal(place: number, plane: Plane): void {
    const names = this.workers[place]?.pool.readable() ?? NOTHING;
    plane.resync(place, names, names.length);
  }

  /** How much of the prompt last looked at a worker holds. */
  run(place: number): number {
    return this.#overlaps[place] as number;
  }

  /** Which of the live places a prompt goes to, by what the directory has heard; −1 without any. `from` is a GPU, or −1. */
  choose(router: Router, live: Uint8Array, prompt: RoutedPrompt): number {
    this.look(prompt.blocks);
    return this.#decide(router, live, prompt);
  }

  /** The same by what the pools have: whom a directory that hears at once would have chosen. Leaves `run` as the pools have it. */
  chooseKnowing(router: Router, live: Uint8Array, prompt: RoutedPrompt): number {
    for (let place = 0; place < live.length; place += 1) {
      this.#overlaps[place] = this.workers[place]?.pool.leadingRun(prompt.blocks) ?? 0;
    }
    return this.#decide(router, live, prompt);
  }

  #decide(router: Router, live: Uint8Array, { promptBlocks, from, number }: RoutedPrompt): number {
    const gpus = this.#gpus;
    for (let place = 0; place < live.length; place += 1) {
      this.#distances[place] = from < 0 ? 0 : (this.#farFrom[place * gpus + from] as number);
    }
    return router({
      overlapBlocks: this.#overlaps,
      distances: this.#distances,
      loadBlocks: this.loadBlocks,
      activeRequests: this.activeRequests,
      live,
      promptBlocks,
      number,
    });
  }

  /** A worker has requests more or fewer, and blocks that they ask for. */
  load({ place }: ServingWorker, requests: number, blocks: number): void {
    this.activeRequests[place] = (this.activeRequests[place] as number) + requests;
    this.loadBlocks[place] = (this.loadBlocks[place] as number) + blocks;
  }

  /** The nearest other worker that holds the longest run of a prompt, when that is longer than `hits`; ends on the place. */
  elsewhere(worker: ServingWorker, blocks: Uint32Array, hits: number): Source | undefined {
    if (hits >= blocks.length) return undefined;
    const run = this.look(blocks);
    if (run <= hits) return undefined;
    let best: ServingWorker | undefined;
    let far = 0;
    for (const other of this.workers) {
      if (other === undefined || other === worker || this.#overlaps[other.place] !== run) continue;
      const way = this.distance(worker, other);
      if (best === undefined || way < far) [best, far] = [other, way];
    }
    return best === undefined ? undefined : { worker: best, run, distance: far };
  }
}

/** Makes a worker of a group, with an empty pool. Its number is that of its first GPU. */
export const openWorker = (
  group: ServingGroup,
  number: number,
  capacityBlocks: number,
  createPool: CreatePool,
  observer: RackObserver | undefined,
): ServingWorker => {
  const { directory, plane, feed } = group;
  const place = number / group.tp;
  assert(group.workers[place] === undefined, "a place has one worker", place);
  let id = 0;
  const told = (names: Uint32Array, count: number, how: "storedRun" | "removedRun"): void => {
    const before = directory.heldBy(place);
    if (plane === undefined || feed === undefined) directory[how](place, HBM, names, count, id);
    else if (how === "storedRun") plane.stored(place, names, count, feed.nowNs());
    else plane.removed(place, names, count, feed.nowNs());
    id += count;
    const change = directory.heldBy(place) - before;
    if (how === "storedRun") observer?.stored(worker, names, count, change);
    else observer?.removed(worker, names, count, change);
  };
  const one = new Uint32Array(1);
  const alone = (block: number): Uint32Array => {
    one[0] = block;
    return one;
  };
  const pool = createPool(capacityBlocks, {
    stored: (block) => told(alone(block), 1, "storedRun"),
    removed: (block) => told(alone(block), 1, "removedRun"),
    storedRun: (names, count) => told(names, count, "storedRun"),
    removedRun: (names, count) => told(names, count, "removedRun"),
  });
  const worker: ServingWorker = { number, place, group, pool };
  group.workers[place] = worker;
  return worker;
};

/** A worker is gone, with its blocks and its load. */
export const closeWorker = ({ group, place }: ServingWorker): void => {
  group.workers[place] = undefined;
  if (group.plane === undefined) group.directory.drop(place);
  else group.plane.reset(place);
  group.loadBlocks[place] = 0;
  group.activeRequests[place] = 0;
};
