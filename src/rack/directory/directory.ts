import { BlockTable } from "./block-table.ts";
import {
  APPLIED,
  type CreateDirectory,
  checkBlock,
  checkId,
  checkShape,
  checkTier,
  checkWorker,
  type Directory,
  type DirectoryShape,
  type Holder,
  type Listing,
  STALE,
  type Told,
} from "./contract.ts";
import { LeadingRuns, lowest } from "./leading-runs.ts";

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
  readonly #lastIds: Float64Array;
  readonly #missed: Float64Array;
  readonly #held: Float64Array;

  constructor(shape: DirectoryShape) {
    checkShape(shape);
    this.shape = shape;
    this.#span = Math.ceil(shape.workers / 32);
    this.#table = new BlockTable(this.#span * shape.tiers, shape.blocksExpected);
    this.#runs = new LeadingRuns(this.#table, this.#span, shape.tiers);
    this.#lastIds = new Float64Array(shape.workers).fill(-1);
    this.#missed = new Float64Array(shape.workers);
    this.#held = new Float64Array(shape.workers);
  }

  stored(worker: number, tier: number, block: number, id: number): Told {
    this.#check(worker, tier, block);
    if (!this.#hear(worker, id)) return STALE;
    const at = this.#table.reserve(block) + this.#wordOf(worker, tier);
    const { words } = this.#table;
    const before = words[at] as number;
    if ((before & bitOf(worker)) === 0) {
      words[at] = before | bitOf(worker);
      this.#count(worker, 1);
    }
    return APPLIED;
  }

  removed(worker: number, tier: number, block: number, id: number): Told {
    this.#check(worker, tier, block);
    if (!this.#hear(worker, id)) return STALE;
    const row = this.#table.find(block);
    if (row !== -1) this.#unlist(row, worker, tier);
    return APPLIED;
  }

  cleared(worker: number, id: number): Told {
    checkWorker(this.shape, worker);
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
    const row = this.#table.find(block);
    return row === -1 ? [] : this.#holdersIn(row);
  }

  holds(worker: number, tier: number, block: number): boolean {
    this.#check(worker, tier, block);
    const row = this.#table.find(block);
    if (row === -1) return false;
    const word = this.#table.words[row + this.#wordOf(worker, tier)] as number;
    return (word & bitOf(worker)) !== 0;
  }

  leadingRuns(blocks: ArrayLike<number>, into: Uint32Array): number {
    into.fill(0, 0, this.shape.workers);
    return this.#runs.walk(blocks, into);
  }

  longest(blocks: ArrayLike<number>): number {
    return this.#runs.walk(blocks, undefined);
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
    const { words, stride, size } = this.#table;
    const blocks = new Uint32Array(size);
    let count = 0;
    for (let slot = 0; slot < words.length; slot += stride) {
      if (words[slot] !== 0) {
        blocks[count] = (words[slot] as number) - 1;
        count += 1;
      }
    }
    return [...blocks.toSorted()].flatMap((block) =>
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
    checkId(id);
    const last = this.#lastIds[worker] as number;
    if (id <= last) return false;
    if (last >= 0) this.#missed[worker] = (this.#missed[worker] as number) + id - last - 1;
    this.#lastIds[worker] = id;
    return true;
  }

  #wordOf(worker: number, tier: number): number {
    return tier * this.#span + (worker >>> 5);
  }

  #count(worker: number, change: number): void {
    this.#held[worker] = (this.#held[worker] as number) + change;
  }

  /** Ends a listing if it stands; a row without a bit goes. */
  #unlist(row: number, worker: number, tier: number): void {
    const { words } = this.#table;
    const at = row + this.#wordOf(worker, tier);
    const before = words[at] as number;
    if ((before & bitOf(worker)) === 0) return;
    words[at] = before & ~bitOf(worker);
    this.#count(worker, -1);
    if (this.#isBare(row)) this.#table.remove(row);
  }

  #isBare(row: number): boolean {
    const { words, stride } = this.#table;
    for (let word = row; word < row + stride - 1; word += 1) if (words[word] !== 0) return false;
    return true;
  }

  #forget(worker: number): void {
    const { words, stride } = this.#table;
    let slot = 0;
    while (slot < words.length && this.heldBy(worker) > 0) {
      const key = words[slot];
      if (key !== 0) this.#unlistAll(slot + 1, worker);
      // A removal may have pulled another block into this slot: then it is looked at again.
      if (words[slot] === key) slot += stride;
    }
  }

  #unlistAll(row: number, worker: number): void {
    const key = this.#table.words[row - 1];
    for (let tier = 0; tier < this.shape.tiers; tier += 1) {
      if (this.#table.words[row - 1] === key) this.#unlist(row, worker, tier);
    }
  }

  #holdersIn(row: number): readonly Holder[] {
    const found: Holder[] = [];
    for (let word = 0; word < this.#span; word += 1) {
      for (let left = this.#runs.holdersOf(row, word); left !== 0; left &= left - 1) {
        const worker = word * 32 + lowest(left);
        for (let tier = 0; tier < this.shape.tiers; tier += 1) {
          const bits = this.#table.words[row + this.#wordOf(worker, tier)] as number;
          if ((bits & bitOf(worker)) !== 0) found.push({ worker, tier });
        }
      }
    }
    return found;
  }
}

/** An empty directory. */
export const createBlockDirectory: CreateDirectory = (shape) => new BlockDirectory(shape);
