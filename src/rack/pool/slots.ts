import { assert } from "#base";
import { BlockTable } from "./block-table.ts";
import type { BlockEntry } from "./contract.ts";

/** Larger than any worker of the rack has; keeps the table below 2^31 bytes. */
const CAPACITY_MAX = 2 ** 27;

/** No slot: the parent of a leading block, and the end of the free ones. */
export const NO_SLOT = -1;

/**
 * The memory of a pool, one slot for each named block that may be present: 20 bytes a slot and 10 for the table. It knows
 * nothing of requests. Open to be read, so that an audit can recompute everything.
 *
 * A slot is free, held or cached. The free ones form a list through `newer`. The cached ones form a ring by recency through `newer`
 * and `older`, and a slot that no block uses, `ring`, closes it: the least recent is `newer[ring]`.
 */
export class Slots {
  /** The slot that closes the ring. */
  readonly ring: number;
  readonly names: Uint32Array;
  /** The slot of the block before it in the chain. A block that is present has its parent present. */
  readonly parents: Int32Array;
  /** Twice the number of users, plus 1 when readable. */
  readonly uses: Uint32Array;
  readonly newer: Int32Array;
  readonly older: Int32Array;
  readonly table: BlockTable;
  /** The first free slot. */
  free: number;
  /** How many slots are in the table. */
  used = 0;

  /** Throws a `SpecViolation` for a capacity that no pool can have. */
  constructor(capacity: number) {
    const possible = Number.isInteger(capacity) && capacity >= 1 && capacity <= CAPACITY_MAX;
    assert(possible, `a pool has 1 … ${CAPACITY_MAX} blocks`, capacity);
    this.ring = capacity;
    this.names = new Uint32Array(capacity);
    this.parents = new Int32Array(capacity);
    this.uses = new Uint32Array(capacity);
    this.newer = new Int32Array(capacity + 1);
    for (let slot = 0; slot < capacity; slot += 1) this.newer[slot] = slot + 1;
    this.newer[capacity - 1] = NO_SLOT;
    this.newer[capacity] = capacity;
    this.older = new Int32Array(capacity + 1);
    this.older[capacity] = capacity;
    this.table = new BlockTable();
    this.free = 0;
  }

  /** Gives a free slot a name, a parent and one user. There must be a free slot, and the name must be new. */
  take(name: number, parent: number): number {
    const slot = this.free;
    this.free = this.newer[slot] as number;
    this.names[slot] = name;
    this.parents[slot] = parent;
    this.uses[slot] = 2;
    this.table.insert(name, slot);
    this.used += 1;
    return slot;
  }

  /** Makes a slot free. It must not be in the ring. */
  drop(slot: number): void {
    this.table.remove(this.names[slot] as number);
    this.newer[slot] = this.free;
    this.free = slot;
    this.used -= 1;
  }

  /** Takes the least recent slots out of the ring and frees them; writes their names, in that order. The ring must have so many. */
  evict(count: number, into: Uint32Array): void {
    const { names, newer, older, ring, table } = this;
    let victim = newer[ring] as number;
    for (let index = 0; index < count; index += 1) {
      const name = names[victim] as number;
      into[index] = name;
      table.remove(name);
      const next = newer[victim] as number;
      newer[victim] = this.free;
      this.free = victim;
      victim = next;
    }
    newer[ring] = victim;
    older[victim] = ring;
    this.used -= count;
  }

  /** Puts a slot into the ring as the most recent. */
  link(slot: number): void {
    const { ring } = this;
    const newest = this.older[ring] as number;
    this.older[slot] = newest;
    this.newer[slot] = ring;
    this.newer[newest] = slot;
    this.older[ring] = slot;
  }

  /** Takes a slot out of the ring. */
  unlink(slot: number): void {
    const newer = this.newer[slot] as number;
    const older = this.older[slot] as number;
    this.newer[older] = newer;
    this.older[newer] = older;
  }

  /** How many of the first slots of a chain can be read. */
  readableAmong(chain: Int32Array, count: number): number {
    const { uses } = this;
    let hits = 0;
    for (let index = 0; index < count; index += 1) {
      hits += (uses[chain[index] as number] as number) & 1;
    }
    return hits;
  }

  /** One user more for each of the first slots of a chain. How many were in the ring, and are no more. */
  hold(chain: Int32Array, count: number): number {
    const { uses } = this;
    let idle = 0;
    for (let index = 0; index < count; index += 1) {
      const slot = chain[index] as number;
      const use = uses[slot] as number;
      uses[slot] = use + 2;
      if (use === 1) {
        this.unlink(slot);
        idle += 1;
      }
    }
    return idle;
  }

  /**
   * One user less for each slot of a chain, the deepest first; who has no other joins the ring if it can be read, and is free otherwise. How many have
   * joined.
   */
  letGo(leaf: number): number {
    const { parents, uses } = this;
    let idle = 0;
    for (let slot = leaf; slot !== NO_SLOT; ) {
      const parent = parents[slot] as number;
      const use = (uses[slot] as number) - 2;
      uses[slot] = use;
      if (use === 1) {
        this.link(slot);
        idle += 1;
      } else if (use === 0) this.drop(slot);
      slot = parent;
    }
    return idle;
  }

  /** How many of some blocks, from the first on, can be read. */
  leadingRun(blocks: Uint32Array): number {
    const { table, uses } = this;
    let run = 0;
    while (run < blocks.length) {
      const slot = table.find(blocks[run] as number);
      if (slot < 0 || ((uses[slot] as number) & 1) === 0) break;
      run += 1;
    }
    return run;
  }

  /** Every block, by ascending name. */
  contents(): readonly BlockEntry[] {
    const { names, table, uses } = this;
    const sorted = table
      .slots()
      .map((slot) => names[slot] as number)
      .toSorted();
    return Array.from(sorted, (name): BlockEntry => {
      const use = uses[table.find(name)] as number;
      const users = use >>> 1;
      return [name, (use & 1) === 0 ? "filling" : users > 0 ? "active" : "cached", users];
    });
  }

  /** The names of the blocks that can be read, ascending. */
  readable(): Uint32Array {
    const found = new Uint32Array(this.used);
    let count = 0;
    for (const slot of this.table.slots()) {
      if (((this.uses[slot] as number) & 1) === 0) continue;
      found[count] = this.names[slot] as number;
      count += 1;
    }
    return found.subarray(0, count).toSorted();
  }
}
