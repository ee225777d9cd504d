import { assert, type Refused, refused } from "#base";
import { isWithoutRepeat } from "./chain.ts";
import type {
  AdmitRefusal,
  Admitted,
  BlockEntry,
  Done,
  PinRefusal,
  Pool,
  PoolCounts,
  PoolEvents,
} from "./contract.ts";
import { NO_SLOT, Slots } from "./slots.ts";

/** What a request holds: its chain, by the slot of the deepest block, and how many unnamed blocks. */
type Holding = { readonly leaf: number; unnamed: number };

const DONE: Done = Object.freeze({ kind: "done" });
const NOT_ADMITTED = refused("not admitted");
const FULL = refused("full");
const NOT_READABLE = refused("not readable");

/**
 * The pool for a replay's hot path: constant time and no allocation a block, at most 32 bytes for each block of the capacity.
 *
 * Three things make it small. A block keeps the slot of its parent, so that a request needs only its deepest one. An unnamed block
 * is never looked up, so that it is a count. And because everyone who holds a block holds its parent too, and lets go of the deepest
 * first, the least recent cached block is always a leaf: one list is enough.
 */
export class BlockPool implements Pool {
  readonly capacity: number;
  readonly slots: Slots;
  /** By request. Open to be read, as `slots` is. */
  readonly holdings: ReadonlyMap<number, Holding>;
  readonly #holdings = new Map<number, Holding>();
  /** The blocks that are pinned. Open to be read, as `slots` is. */
  readonly pins: ReadonlySet<number>;
  readonly #pins = new Set<number>();
  readonly #events: PoolEvents;
  #filling = 0;
  #cached = 0;
  #unnamed = 0;
  /** The slots of a chain, while it is admitted or filled. */
  #chain = new Int32Array(64);
  /** The names that are told at once. */
  #told = new Uint32Array(64);

  constructor(capacity: number, events: PoolEvents) {
    this.capacity = capacity;
    this.slots = new Slots(capacity);
    this.holdings = this.#holdings;
    this.pins = this.#pins;
    this.#events = events;
  }

  admit(request: number, blocks: Uint32Array, unnamed: number): Admitted | Refused<AdmitRefusal> {
    assert(Number.isInteger(unnamed) && unnamed >= 0, "unnamed blocks are counted", unnamed);
    if (this.#holdings.has(request)) return refused("already admitted");
    if (blocks.length + unnamed === 0) return refused("empty");
    if (!isWithoutRepeat(blocks)) return refused("a block twice");
    const present = this.#findChain(blocks);
    if (present < 0) return refused("a block with two parents");

    const needed = blocks.length - present + unnamed;
    if (needed > this.#free() + this.#cached - this.#idle(present)) return FULL;
    const hits = this.slots.readableAmong(this.#chain, present);

    this.#cached -= this.slots.hold(this.#chain, present);
    this.#makeRoom(needed);
    const leaf = this.#take(blocks, present);
    this.#unnamed += unnamed;
    this.#holdings.set(request, { leaf, unnamed });
    return { kind: "admitted", hits, shared: present - hits };
  }

  fill(request: number): Done | Refused<"not admitted"> {
    const held = this.#holdings.get(request);
    if (held === undefined) return NOT_ADMITTED;
    const { names, parents, uses } = this.slots;
    let depth = 0;
    for (let slot = held.leaf; slot !== NO_SLOT; slot = parents[slot] as number) {
      // A readable block has only readable ancestors: whoever filled it filled its whole chain.
      if (((uses[slot] as number) & 1) === 1) break;
      this.#chain[depth] = slot;
      depth += 1;
    }
    this.#filling -= depth;
    for (let index = 0; index < depth; index += 1) {
      const slot = this.#chain[depth - 1 - index] as number;
      uses[slot] = (uses[slot] as number) | 1;
      this.#told[index] = names[slot] as number;
    }
    this.#tellStored(depth);
    return DONE;
  }

  grow(request: number, count: number): Done | Refused<"not admitted" | "full"> {
    assert(Number.isInteger(count) && count >= 0, "unnamed blocks are counted", count);
    const held = this.#holdings.get(request);
    if (held === undefined) return NOT_ADMITTED;
    if (count > this.#free() + this.#cached) return FULL;
    this.#makeRoom(count);
    held.unnamed += count;
    this.#unnamed += count;
    return DONE;
  }

  release(request: number): Done | Refused<"not admitted"> {
    const held = this.#holdings.get(request);
    if (held === undefined) return NOT_ADMITTED;
    this.#holdings.delete(request);
    this.#unnamed -= held.unnamed;
    this.#letGo(held.leaf);
    return DONE;
  }

  pin(block: number): Done | Refused<PinRefusal> {
    if (this.#pins.has(block)) return refused("already pinned");
    const leaf = this.slots.table.find(block);
    if (leaf < 0) return NOT_READABLE;
    const { parents, uses } = this.slots;
    if (((uses[leaf] as number) & 1) === 0) return NOT_READABLE;
    this.#pins.add(block);
    let depth = 0;
    for (let slot = leaf; slot !== NO_SLOT; slot = parents[slot] as number) {
      this.#chain[depth] = slot;
      depth += 1;
    }
    this.#cached -= this.slots.hold(this.#chain, depth);
    return DONE;
  }

  unpin(block: number): Done | Refused<"not pinned"> {
    if (!this.#pins.delete(block)) return refused("not pinned");
    this.#letGo(this.slots.table.find(block));
    return DONE;
  }

  clear(): number {
    const dropped = this.#cached;
    this.#evict(dropped);
    return dropped;
  }

  counts(): PoolCounts {
    const held = this.slots.used - this.#cached;
    return {
      free: this.#free(),
      filling: this.#filling,
      active: held - this.#filling + this.#unnamed,
      cached: this.#cached,
    };
  }

  leadingRun(blocks: Uint32Array): number {
    return this.slots.leadingRun(blocks);
  }

  readable(): Uint32Array {
    return this.slots.readable();
  }

  contents(): readonly BlockEntry[] {
    return this.slots.contents();
  }

  #free(): number {
    return this.capacity - this.slots.used - this.#unnamed;
  }

  /**
   * Looks up a chain into `#chain`, and says how many of its leading blocks are present; −1 when one is present under another parent.
   * A block whose parent is absent must be absent too.
   */
  #findChain(blocks: Uint32Array): number {
    const { parents, table } = this.slots;
    if (this.#chain.length < blocks.length) this.#makeWay(2 * blocks.length);
    let present = 0;
    let parent = NO_SLOT;
    for (let index = 0; index < blocks.length; index += 1) {
      const slot = table.find(blocks[index] as number);
      if (slot < 0) continue;
      if (present < index || parents[slot] !== parent) return -1;
      this.#chain[index] = slot;
      parent = slot;
      present += 1;
    }
    return present;
  }

  /** How many of the first slots of `#chain` are in use by nobody. */
  #idle(count: number): number {
    const { uses } = this.slots;
    let idle = 0;
    for (let index = 0; index < count; index += 1) {
      if (uses[this.#chain[index] as number] === 1) idle += 1;
    }
    return idle;
  }

  /** One user less for each block of a chain. */
  #letGo(leaf: number): void {
    const { used } = this.slots;
    this.#cached += this.slots.letGo(leaf);
    this.#filling -= used - this.slots.used;
  }

  /** Takes slots for all but the first blocks, which are present, and returns the deepest block's slot. */
  #take(blocks: Uint32Array, present: number): number {
    let leaf = present > 0 ? (this.#chain[present - 1] as number) : NO_SLOT;
    for (let index = present; index < blocks.length; index += 1) {
      leaf = this.slots.take(blocks[index] as number, leaf);
    }
    this.#filling += blocks.length - present;
    return leaf;
  }

  /** Makes chains of so many blocks possible. */
  #makeWay(length: number): void {
    this.#chain = new Int32Array(length);
    this.#told = new Uint32Array(length);
  }

  #makeRoom(needed: number): void {
    const short = needed - this.#free();
    if (short > 0) this.#evict(short);
  }

  #evict(count: number): void {
    for (let left = count; left > 0; ) {
      const some = Math.min(left, this.#told.length);
      this.slots.evict(some, this.#told);
      this.#cached -= some;
      this.#tellRemoved(some);
      left -= some;
    }
  }

  #tellStored(count: number): void {
    const events = this.#events;
    if (events.storedRun && count > 0) events.storedRun(this.#told, count);
    else for (let index = 0; index < count; index += 1) events.stored(this.#told[index] as number);
  }

  #tellRemoved(count: number): void {
    const events = this.#events;
    if (events.removedRun) events.removedRun(this.#told, count);
    else for (let index = 0; index < count; index += 1) events.removed(this.#told[index] as number);
  }
}
