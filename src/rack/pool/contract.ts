import type { Refused } from "#base";

/** Takes what a pool announces, in the order in which it happens. It must not call the pool back: the pool is half way. */
export type PoolEvents = {
  /** The block can now be read here. Parents before children. */
  stored(block: number): void;
  /** The block can no longer be read here. Children before parents. */
  removed(block: number): void;
  /**
   * Where it is given, a pool may tell several at once here instead of each by `stored`: the first `count` of `names`, in that order. They
   * are the pool's own array: whoever wants to keep them copies them.
   */
  storedRun?(names: Uint32Array, count: number): void;
  /** The same of `removed`. */
  removedRun?(names: Uint32Array, count: number): void;
};

/** How many of a pool's blocks are in each state; the four add up to its capacity. */
export type PoolCounts = {
  readonly free: number;
  /** Named, held by at least one request, not yet readable. */
  readonly filling: number;
  /** Held by at least one request or pin and readable, or unnamed: a request's own output. */
  readonly active: number;
  /** Readable and held by nobody: these can be evicted. */
  readonly cached: number;
};

/** The state of a block that has a name. */
type BlockState = "filling" | "active" | "cached";

/** A named block of a pool: its name, its state, and how many requests and pins hold it. */
export type BlockEntry = readonly [name: number, state: BlockState, users: number];

/** A request was taken in. */
export type Admitted = {
  readonly kind: "admitted";
  /** The leading blocks that could be read at once. */
  readonly hits: number;
  /** The blocks after the hits that other requests were filling already: no new block was taken for them. */
  readonly shared: number;
};

/** What was asked has been done, and there is nothing more to say. */
export type Done = { readonly kind: "done" };

/** Why a request is not taken in, in the order in which it is looked into. */
export type AdmitRefusal =
  | "already admitted"
  | "empty"
  | "a block twice"
  | "a block with two parents"
  | "full";

/** Why a block is not pinned, in the order in which it is looked into. */
export type PinRefusal = "already pinned" | "not readable";

/**
 * One worker's KV blocks. A request's named blocks form a chain, leading first: each is the child of the one before, and a name
 * stands for its whole prefix. Its unnamed blocks hold its output: never shared, never cached, free again when it leaves.
 * Whatever is refused has changed nothing.
 */
export type Pool = {
  readonly capacity: number;
  /**
   * Holds `blocks` and `unnamed` more for a request: those that are present are held together with whoever holds them, the others
   * are taken from the free ones and then by evicting, least recent first. "full" when the free and the evictable do not suffice;
   * a request's own hits are not evictable. The array is not kept.
   */
  admit(request: number, blocks: Uint32Array, unnamed: number): Admitted | Refused<AdmitRefusal>;
  /** Makes readable whichever of the request's blocks are not; the first of several holders to do so has filled them. */
  fill(request: number): Done | Refused<"not admitted">;
  /** Takes `count` more unnamed blocks, evicting where needed. */
  grow(request: number, count: number): Done | Refused<"not admitted" | "full">;
  /** Lets go of all of a request's blocks: one that nobody else holds is cached if it is readable, and free otherwise. */
  release(request: number): Done | Refused<"not admitted">;
  /**
   * Holds a readable block, and with it those before it in its chain, whether or not a request does: none of them is evicted or
   * cleared until `unpin`. One block is pinned once; it may lie in the chains of others that are.
   */
  pin(block: number): Done | Refused<PinRefusal>;
  /** Lets go of what pinning the block held; what nobody else holds can be evicted again, as what was used just now. */
  unpin(block: number): Done | Refused<"not pinned">;
  /** Drops every cached block, least recent first, and says how many. */
  clear(): number;
  counts(): PoolCounts;
  /** How many of `blocks`, from the first on, are present and readable. Changes nothing, recency included. */
  leadingRun(blocks: Uint32Array): number;
  /** The names of the blocks that can be read, ascending. For audits: one pass over the pool and a sort of plain numbers. */
  readable(): Uint32Array;
  /** Every named block, by ascending name. For audits and tests: takes time and memory in proportion to the pool. */
  contents(): readonly BlockEntry[];
};

/** Makes an empty pool of `capacity` blocks. */
export type CreatePool = (capacity: number, events: PoolEvents) => Pool;
