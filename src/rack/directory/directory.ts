import { BlockTable } from "./block-table.ts";
import {
  APPLIED,
  type CreateDirectory,
  checkBlock,
  checkEvent,
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
import { LeadingRuns, lowest } from "./leading-runs.ts";
import { Repeats } from "./repeats.ts";

/** The bit of a worker in its word. */
const bitOf = (worker: number): number => 1 << (worker & 31);

/**
 * The directory that is fast. A block's row has a bit for each worker, tier after tier, so that a leading run is found by and-ing
 * rows along the prompt: 32 workers an operation, and only those visited whose run ends.
 */
class BlockDirectory implements Directory {
  readonly shape: DirectoryShape;
  readonly #table: BlockTable;
  /** How many words hold one bit for each worker. */
  readonly #span: number;
  readonly #runs: LeadingRuns;
  /** Nothing where a removal ends a listing at once. */
  readonly #repeats: Repeats | undefined;
  readonly #lastIds: Float64Array;
  readonly #missed: Float64Array;
  readonly #held: Float64Array;

  constructor(shape: DirectoryShape) {
    checkShape(shape);
    this.shape = shape;
    this.#span = Math.ceil(shape.workers / 32);
    this.#table = new BlockTable(this.#span * shape.tiers, shape.blocksExpected);
    this.#runs = new LeadingRuns(this.#table, this.#span, shape.tiers);
    this.#repeats = shape.removal === "counted" ? new Repeats() : undefined;
    this.#lastIds = new Float64Array(shape.workers).fill(-1);
    this.#missed = new Float64Array(shape.workers);
    this.#held = new Float64Array(shape.workers);
  }

  stored(worker: number, tier: number, block: number, id: number): Told {
    checkEvent(this.shape, worker, tier, block, id);
    if (!this.#hear(worker, id)) return STALE;
    if (this.#table.set(block, this.#wordOf(worker, tier), bitOf(worker))) this.#count(worker, 1);
    else this.#repeats?.add(this.#placeOf(worker, tier), block);
    return APPLIED;
  }

  removed(worker: number, tier: number, block: number, id: number): Told {
    checkEvent(this.shape, worker, tier, block, id);
    if (!this.#hear(worker, id)) return STALE;
    if (this.#repeats?.take(this.#placeOf(worker, tier), block)) return APPLIED;
    const ended = this.#table.unset(block, this.#wordOf(worker, tier), bitOf(worker));
    if (ended) this.#count(worker, -1);
    return APPLIED;
  }

  storedRun(
    worker: number,
    tier: number,
    blocks: Uint32Array,
    count: number,
    firstId: number,
  ): number {
    const first = this.#hearRun(worker, tier, blocks, count, firstId);
    const [table, word, bit] = [this.#table, this.#wordOf(worker, tier), bitOf(worker)];
    let listed = 0;
    for (let index = first; index < count; index += 1) {
      const block = blocks[index] as number;
      if (table.set(block, word, bit)) listed += 1;
      else this.#repeats?.add(this.#placeOf(worker, tier), block);
    }
    this.#count(worker, listed);
    return count - first;
  }

  removedRun(
    worker: number,
    tier: number,
    blocks: Uint32Array,
    count: number,
    firstId: number,
  ): number {
    const first = this.#hearRun(worker, tier, blocks, count, firstId);
    const [table, word, bit] = [this.#table, this.#wordOf(worker, tier), bitOf(worker)];
    let ended = 0;
    for (let index = first; index < count; index += 1) {
      const block = blocks[index] as number;
      if (this.#repeats?.take(this.#placeOf(worker, tier), block)) continue;
      if (table.unset(block, word, bit)) ended += 1;
    }
    this.#count(worker, -ended);
    return count - first;
  }

  cleared(worker: number, id: number): Told {
    checkWorker(this.shape, worker);
    checkId(id);
    if (!this.#hear(worker, id)) return STALE;
    this.#forget(worker);
    return APPLIED;
  }

  drop(worker: number): void {
    checkWorker(this.shape, worker);
    this.#forget(worker);
    this.#lastIds[worker] = -1;
    this.#missed[worker] = 0;
  }

  holders(block: number): readonly Holder[] {
    checkBlock(block);
    const at = this.#table.find(block);
    return at === -1 ? [] : this.#holdersIn(at);
  }

  holds(worker: number, tier: number, block: number): boolean {
    this.#check(worker, tier, block);
    const at = this.#table.find(block);
    if (at === -1) return false;
    const word = this.#table.words[at + this.#wordOf(worker, tier)] as number;
    return (word & bitOf(worker)) !== 0;
  }

  leadingRuns(blocks: ArrayLike<number>, into: Uint32Array): number {
    into.fill(0, 0, this.shape.workers);
    return this.#runs.walk(blocks, into);
  }

  longest(blocks: ArrayLike<number>): number {
    return this.#runs.walk(blocks, undefined);
  }

  longestRun(blocks: ArrayLike<number>): LongestRun {
    const run = this.#runs.walk(blocks, undefined);
    return { run, holders: run === 0 ? [] : this.#runs.longestHeldBy() };
  }

  size(): number {
    return this.#table.size;
  }

  heldBy(worker: number): number {
    checkWorker(this.shape, worker);
    return this.#held[worker] as number;
  }

  lastId(worker: number): number {
    checkWorker(this.shape, worker);
    return this.#lastIds[worker] as number;
  }

  missed(worker: number): number {
    checkWorker(this.shape, worker);
    return this.#missed[worker] as number;
  }

  contents(): readonly Listing[] {
    return [...this.#table.blocks()].flatMap((block) =>
      this.holders(block).map((holder) => ({ block, ...holder })),
    );
  }

  #check(worker: number, tier: number, block: number): void {
    checkWorker(this.shape, worker);
    checkTier(this.shape, tier);
    checkBlock(block);
  }

  /** Whether the event is new; if so its id is kept, and what it skipped is counted. */
  #hear(worker: number, id: number): boolean {
    const last = this.#lastIds[worker] as number;
    if (id <= last) return false;
    if (id > last + 1 && last >= 0)
      this.#missed[worker] = (this.#missed[worker] as number) + id - last - 1;
    this.#lastIds[worker] = id;
    return true;
  }

  /** Hears a run of events whose ids count up, and says which is the first that is new. */
  #hearRun(
    worker: number,
    tier: number,
    blocks: Uint32Array,
    count: number,
    firstId: number,
  ): number {
    checkRun(this.shape, worker, tier, blocks, count, firstId);
    const last = this.#lastIds[worker] as number;
    const stale = Math.min(count, Math.max(0, last + 1 - firstId));
    if (stale < count) {
      this.#hear(worker, firstId + stale);
      this.#lastIds[worker] = firstId + count - 1;
    }
    return stale;
  }

  #wordOf(worker: number, tier: number): number {
    return tier * this.#span + (worker >>> 5);
  }

  #count(worker: number, change: number): void {
    this.#held[worker] = (this.#held[worker] as number) + change;
  }

  #placeOf(worker: number, tier: number): number {
    return worker * this.shape.tiers + tier;
  }

  #forget(worker: number): void {
    for (let tier = 0; tier < this.shape.tiers && this.heldBy(worker) > 0; tier += 1) {
      this.#count(worker, -this.#table.forget(this.#wordOf(worker, tier), bitOf(worker)));
    }
    for (let tier = 0; tier < this.shape.tiers; tier += 1) {
      this.#repeats?.forget(this.#placeOf(worker, tier));
    }
  }

  #holdersIn(at: number): readonly Holder[] {
    const found: Holder[] = [];
    for (let word = 0; word < this.#span; word += 1) {
      for (let left = this.#runs.holdersOf(at, word); left !== 0; left &= left - 1) {
        const worker = word * 32 + lowest(left);
        for (let tier = 0; tier < this.shape.tiers; tier += 1) {
          const bits = this.#table.words[at + this.#wordOf(worker, tier)] as number;
          if ((bits & bitOf(worker)) !== 0) found.push({ worker, tier });
        }
      }
    }
    return found;
  }
}

/** An empty directory. */
export const createBlockDirectory: CreateDirectory = (shape) => new BlockDirectory(shape);
