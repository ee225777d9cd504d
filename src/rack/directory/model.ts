import { ascending } from "#base";
import {
  APPLIED,
  checkBlock,
  checkId,
  checkRun,
  checkShape,
  checkTier,
  checkWorker,
  type Directory,
  type DirectoryShape,
  type Holder,
  type Listing,
  type LongestRun,
  STALE,
  type Told,
} from "./contract.ts";

/**
 * The directory that is obviously right: a map of sets. Its protected steps are where it can be broken, one at a time, to make
 * the implementations that properties must catch.
 */
export class DirectoryModel implements Directory {
  readonly shape: DirectoryShape;
  /** Block → places, each `worker · tiers + tier`. A block without a place has no entry. */
  protected readonly places = new Map<number, Set<number>>();
  /** Under counted removal: block → place → how often it was stored there beyond the first time. */
  protected readonly repeats = new Map<number, Map<number, number>>();
  protected readonly lastIds = new Map<number, number>();
  protected readonly skipped = new Map<number, number>();

  constructor(shape: DirectoryShape) {
    checkShape(shape);
    this.shape = shape;
  }

  stored(worker: number, tier: number, block: number, id: number): Told {
    const place = this.place(worker, tier, block);
    return this.hear(worker, id, () => this.list(block, place));
  }

  removed(worker: number, tier: number, block: number, id: number): Told {
    const place = this.place(worker, tier, block);
    return this.hear(worker, id, () => this.unlist(block, place));
  }

  storedRun(
    worker: number,
    tier: number,
    blocks: Uint32Array,
    count: number,
    firstId: number,
  ): number {
    checkRun(this.shape, worker, tier, blocks, count, firstId);
    return this.taken(blocks, count, (block, index) =>
      this.stored(worker, tier, block, firstId + index),
    );
  }

  removedRun(
    worker: number,
    tier: number,
    blocks: Uint32Array,
    count: number,
    firstId: number,
  ): number {
    checkRun(this.shape, worker, tier, blocks, count, firstId);
    return this.taken(blocks, count, (block, index) =>
      this.removed(worker, tier, block, firstId + index),
    );
  }

  cleared(worker: number, id: number): Told {
    checkWorker(this.shape, worker);
    return this.hear(worker, id, () => this.forget(worker));
  }

  drop(worker: number): void {
    checkWorker(this.shape, worker);
    this.forget(worker);
    this.lastIds.delete(worker);
    this.skipped.delete(worker);
  }

  holders(block: number): readonly Holder[] {
    checkBlock(block);
    const { tiers } = this.shape;
    return [...(this.places.get(block) ?? [])]
      .toSorted(ascending((place) => place))
      .map((place) => ({ worker: Math.floor(place / tiers), tier: place % tiers }));
  }

  holds(worker: number, tier: number, block: number): boolean {
    const place = this.place(worker, tier, block);
    return this.places.get(block)?.has(place) ?? false;
  }

  leadingRuns(blocks: ArrayLike<number>, into: Uint32Array): number {
    const prompt = Array.from(blocks);
    let longest = 0;
    for (let worker = 0; worker < this.shape.workers; worker += 1) {
      const run = this.run(worker, prompt);
      into[worker] = run;
      longest = Math.max(longest, run);
    }
    return longest;
  }

  longest(blocks: ArrayLike<number>): number {
    return this.leadingRuns(blocks, new Uint32Array(this.shape.workers));
  }

  longestRun(blocks: ArrayLike<number>): LongestRun {
    const into = new Uint32Array(this.shape.workers);
    const run = this.leadingRuns(blocks, into);
    const holders = run === 0 ? [] : [...into.keys()].filter((worker) => into[worker] === run);
    return { run, holders };
  }

  size(): number {
    return this.places.size;
  }

  heldBy(worker: number): number {
    checkWorker(this.shape, worker);
    return this.contents().filter((listing) => listing.worker === worker).length;
  }

  lastId(worker: number): number {
    checkWorker(this.shape, worker);
    return this.lastIds.get(worker) ?? -1;
  }

  missed(worker: number): number {
    checkWorker(this.shape, worker);
    return this.skipped.get(worker) ?? 0;
  }

  contents(): readonly Listing[] {
    return [...this.places.keys()]
      .toSorted(ascending((block) => block))
      .flatMap((block) => this.holders(block).map((holder) => ({ block, ...holder })));
  }

  /** Tells the first blocks of a run one by one; how many events were taken in. */
  protected taken(
    blocks: Uint32Array,
    count: number,
    tell: (block: number, index: number) => Told,
  ): number {
    return [...blocks.subarray(0, count)].filter((block, index) => tell(block, index) === APPLIED)
      .length;
  }

  /** Takes an event in unless it is stale, and keeps count of the ids. */
  protected hear(worker: number, id: number, change: () => void): Told {
    checkId(id);
    const last = this.lastId(worker);
    if (id <= last) return STALE;
    if (last >= 0) this.skipped.set(worker, this.missed(worker) + id - last - 1);
    this.lastIds.set(worker, id);
    change();
    return APPLIED;
  }

  protected list(block: number, place: number): void {
    const places = this.places.get(block) ?? new Set();
    this.places.set(block, places);
    if (places.has(place) && this.shape.removal === "counted") this.repeat(block, place, 1);
    places.add(place);
  }

  protected unlist(block: number, place: number): void {
    if (this.repeatsOf(block, place) > 0) this.repeat(block, place, -1);
    else this.end(block, place);
  }

  /** Ends a listing, however often it was stored. */
  protected end(block: number, place: number): void {
    const places = this.places.get(block);
    this.repeats.get(block)?.delete(place);
    if (places?.delete(place) && places.size === 0) this.places.delete(block);
  }

  protected forget(worker: number): void {
    for (const { block, tier } of this.contents().filter((one) => one.worker === worker)) {
      this.end(block, worker * this.shape.tiers + tier);
    }
  }

  protected repeatsOf(block: number, place: number): number {
    return this.repeats.get(block)?.get(place) ?? 0;
  }

  protected repeat(block: number, place: number, change: number): void {
    const own = this.repeats.get(block) ?? new Map<number, number>();
    this.repeats.set(block, own.set(place, this.repeatsOf(block, place) + change));
  }

  /** How many leading blocks the worker holds. */
  protected run(worker: number, blocks: readonly number[]): number {
    const end = blocks.findIndex((block) => !this.has(worker, block));
    return end === -1 ? blocks.length : end;
  }

  protected has(worker: number, block: number): boolean {
    const places = this.places.get(block);
    if (places === undefined) return false;
    for (let tier = 0; tier < this.shape.tiers; tier += 1) {
      if (places.has(worker * this.shape.tiers + tier)) return true;
    }
    return false;
  }

  private place(worker: number, tier: number, block: number): number {
    checkWorker(this.shape, worker);
    checkTier(this.shape, tier);
    checkBlock(block);
    return worker * this.shape.tiers + tier;
  }
}
