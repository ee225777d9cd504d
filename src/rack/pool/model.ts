import { ascending, assert, type Refused, refused } from "#base";
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

/** Who holds blocks by a pin, as a user: requests have numbers of 0 or more. */
const pinOf = (name: number): number => -1 - name;

/** A named block as the model keeps it. */
export type ModelBlock = {
  readonly parent: number | undefined;
  readonly users: Set<number>;
  readable: boolean;
  /** When a request last let go of it, by a clock that ticks at each release. */
  lastUse: number;
};

/** What a request holds. */
type ModelRequest = { readonly chain: readonly number[]; unnamed: number };

const DONE: Done = Object.freeze({ kind: "done" });

/**
 * A pool in its plainest form: maps, sets and searches, each rule a method of its own. Slow, and meant to be read. The fast pool is
 * compared with it, and a mutant is this with one rule changed.
 */
export class PoolModel implements Pool {
  readonly capacity: number;
  protected readonly events: PoolEvents;
  protected readonly blocks = new Map<number, ModelBlock>();
  protected readonly pins = new Set<number>();
  protected readonly requests = new Map<number, ModelRequest>();
  protected clock = 0;

  constructor(capacity: number, events: PoolEvents) {
    assert(Number.isInteger(capacity) && capacity >= 1, "a pool has 1 block or more", capacity);
    this.capacity = capacity;
    this.events = events;
  }

  admit(request: number, names: Uint32Array, unnamed: number): Admitted | Refused<AdmitRefusal> {
    const chain = [...names];
    const objection = this.objection(request, chain, unnamed);
    if (objection) return refused(objection);
    const hits = this.leadingRun(names);
    const shared = chain.filter((name) => this.blocks.get(name)?.readable === false).length;
    const missing = chain.filter((name) => !this.blocks.has(name)).length;
    this.hold(request, chain);
    this.makeRoom(missing + unnamed);
    for (const [index, name] of chain.entries()) {
      if (!this.blocks.has(name)) this.take(request, name, chain[index - 1]);
    }
    this.requests.set(request, { chain, unnamed });
    return { kind: "admitted", hits, shared };
  }

  fill(request: number): Done | Refused<"not admitted"> {
    const held = this.requests.get(request);
    if (held === undefined) return refused("not admitted");
    for (const name of held.chain) this.makeReadable(name);
    return DONE;
  }

  grow(request: number, count: number): Done | Refused<"not admitted" | "full"> {
    const held = this.requests.get(request);
    if (held === undefined) return refused("not admitted");
    if (count > this.free() + this.cached().length) return refused("full");
    this.makeRoom(count);
    held.unnamed += count;
    return DONE;
  }

  release(request: number): Done | Refused<"not admitted"> {
    const held = this.requests.get(request);
    if (held === undefined) return refused("not admitted");
    this.clock += 1;
    this.requests.delete(request);
    for (const name of held.chain) this.letGo(request, name);
    return DONE;
  }

  pin(name: number): Done | Refused<PinRefusal> {
    if (this.pins.has(name)) return refused("already pinned");
    if (!this.isHit(this.blocks.get(name))) return refused("not readable");
    this.pins.add(name);
    this.hold(pinOf(name), this.chainTo(name));
    return DONE;
  }

  unpin(name: number): Done | Refused<"not pinned"> {
    if (!this.pins.delete(name)) return refused("not pinned");
    this.clock += 1;
    for (const one of this.chainTo(name)) this.letGo(pinOf(name), one);
    return DONE;
  }

  clear(): number {
    const count = this.cached().length;
    for (let left = count; left > 0; left -= 1) this.evictOne();
    return count;
  }

  counts(): PoolCounts {
    const named = (state: string): number =>
      this.contents().filter((entry) => entry[1] === state).length;
    return {
      free: this.free(),
      filling: named("filling"),
      active: named("active") + this.unnamed(),
      cached: named("cached"),
    };
  }

  leadingRun(names: Uint32Array): number {
    const end = [...names].findIndex((name) => !this.isHit(this.blocks.get(name)));
    return end < 0 ? names.length : end;
  }

  readable(): Uint32Array {
    return Uint32Array.from(
      this.contents().filter(([, state]) => state !== "filling"),
      ([name]) => name,
    );
  }

  contents(): readonly BlockEntry[] {
    return [...this.blocks]
      .toSorted(ascending(([name]) => name))
      .map(([name, { users, readable }]) => {
        const state = readable ? (users.size > 0 ? "active" : "cached") : "filling";
        return [name, state, users.size];
      });
  }

  /** Why a request cannot be taken in; nothing when it can. */
  protected objection(
    request: number,
    chain: readonly number[],
    unnamed: number,
  ): AdmitRefusal | undefined {
    if (this.requests.has(request)) return "already admitted";
    if (chain.length + unnamed === 0) return "empty";
    if (new Set(chain).size < chain.length) return "a block twice";
    const present = chain.filter((name) => this.blocks.has(name));
    const strayed = ([index, name]: [number, number]): boolean =>
      this.blocks.has(name) && this.blocks.get(name)?.parent !== chain[index - 1];
    if ([...chain.entries()].some(strayed)) return "a block with two parents";
    const needed = chain.length - present.length + unnamed;
    return needed > this.free() + this.evictable(chain) ? "full" : undefined;
  }

  /** How many blocks could be evicted for a request with this chain: its own hits could not. */
  protected evictable(chain: readonly number[]): number {
    return this.cached().filter(([name]) => !chain.includes(name)).length;
  }

  /** Counts a block as ready to be read. */
  protected isHit(block: ModelBlock | undefined): boolean {
    return block?.readable === true;
  }

  /** A block and all before it in its chain, the leading one first. */
  protected chainTo(name: number): readonly number[] {
    const parent = this.blocks.get(name)?.parent;
    return parent === undefined ? [name] : [...this.chainTo(parent), name];
  }

  /** Holds those of a request's blocks, or a pin's, that are present. */
  protected hold(request: number, chain: readonly number[]): void {
    for (const name of chain) this.blocks.get(name)?.users.add(request);
  }

  /** Takes one free block under a new name. */
  protected take(request: number, name: number, parent: number | undefined): void {
    this.blocks.set(name, {
      parent,
      users: new Set([request]),
      readable: false,
      lastUse: this.clock,
    });
  }

  protected makeReadable(name: number): void {
    const block = this.blocks.get(name);
    if (block === undefined || block.readable) return;
    block.readable = true;
    this.events.stored(name);
  }

  /** Evicts until `needed` blocks are free. */
  protected makeRoom(needed: number): void {
    while (this.free() < needed) this.evictOne();
  }

  protected evictOne(): void {
    const victim = this.victim();
    assert(victim !== undefined, "room was promised, so that there is a block to evict");
    this.blocks.delete(victim);
    this.events.removed(victim);
  }

  /** Which block goes next: of the cached ones without a child here, the least recent. No two of those tie. */
  protected victim(): number | undefined {
    const parents = new Set([...this.blocks.values()].map(({ parent }) => parent));
    const leaves = this.cached().filter(([name]) => !parents.has(name));
    return leaves.toSorted(ascending(([, { lastUse }]) => lastUse))[0]?.[0];
  }

  /** Takes one user from a block. */
  protected letGo(request: number, name: number): void {
    const block = this.blocks.get(name);
    if (block === undefined) return;
    block.users.delete(request);
    block.lastUse = this.clock;
    if (block.users.size === 0 && !block.readable) this.blocks.delete(name);
  }

  protected cached(): readonly [number, ModelBlock][] {
    return [...this.blocks].filter(([, { users, readable }]) => readable && users.size === 0);
  }

  protected unnamed(): number {
    return [...this.requests.values()].reduce((sum, { unnamed }) => sum + unnamed, 0);
  }

  protected free(): number {
    return this.capacity - this.blocks.size - this.unnamed();
  }
}
