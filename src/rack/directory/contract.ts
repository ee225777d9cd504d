import { assert, type Refused, refused } from "#base";

/** How many workers there are, numbered from 0, and in how many tiers each can hold a block. Neither changes afterwards. */
export type DirectoryShape = {
  readonly workers: number;
  readonly tiers: number;
  /**
   * What a removal ends when a block was stored several times in one place: the listing at once (`set`, unless told), or one of the
   * stores, so that the listing ends with the removal that matches the last of them (`counted`).
   */
  readonly removal?: "set" | "counted";
  /** How many blocks to make room for at once; there may be more. Changes no answer, only how often a table grows. */
  readonly blocksExpected?: number;
};

/** Where a block lies. */
export type Holder = { readonly worker: number; readonly tier: number };

/** One line of an audit: this worker holds this block in this tier. */
export type Listing = Holder & { readonly block: number };

/** The longest leading run of a prompt that anybody holds, and by which workers, ascending; nobody when it is 0. */
export type LongestRun = { readonly run: number; readonly holders: readonly number[] };

/** The event was new and has been taken in, whether or not it changed anything. */
export type Applied = { readonly kind: "applied" };

/** What became of an event: taken in, or declined because its id is not above the worker's last. */
export type Told = Applied | Refused<"stale">;

/** The one answer to an event that was taken in: hot loops allocate nothing. */
export const APPLIED: Applied = Object.freeze({ kind: "applied" });

/** The one answer to an event that was told before, or too late. */
export const STALE: Refused<"stale"> = refused("stale");

/** The largest block number, 2^32 − 2: the one above is left for whoever needs a number that is no block. */
const BLOCK_MAX = 2 ** 32 - 2;

/**
 * Who holds which block, rack-wide. A listing stands once, however often it was told; `removal` says when it ends. Every worker numbers
 * its events upwards; the first one heard may have any number. An event whose id is not above the last one heard is refused as
 * stale and changes nothing; an id that skips some is accepted, and what it skipped is counted in `missed`.
 *
 * Workers, tiers and blocks out of range and ids that are no whole number are the caller's contradiction: a `SpecViolation`.
 */
export type Directory = {
  readonly shape: DirectoryShape;
  /** The worker holds the block in this tier from now on. */
  stored(worker: number, tier: number, block: number, id: number): Told;
  /** The worker holds the block in this tier no more, or once less; nothing happens when it did not. */
  removed(worker: number, tier: number, block: number, id: number): Told;
  /**
   * The same as `stored` for each of the first `count` of `blocks`, in that order, with ids that count up from `firstId`. Returns how
   * many of the events were taken in: those before them were stale.
   */
  storedRun(
    worker: number,
    tier: number,
    blocks: Uint32Array,
    count: number,
    firstId: number,
  ): number;
  /** The same of `removed`. */
  removedRun(
    worker: number,
    tier: number,
    blocks: Uint32Array,
    count: number,
    firstId: number,
  ): number;
  /** The worker holds nothing any more, in no tier. Costs a pass over the table. */
  cleared(worker: number, id: number): Told;
  /**
   * The worker is lost: what it held, its last id and its count of missed events are forgotten, so that one who comes back under
   * its number starts anew. Costs a pass over the table.
   */
  drop(worker: number): void;
  /** Who holds the block, by worker and then by tier. */
  holders(block: number): readonly Holder[];
  /** Whether the worker holds the block in this tier. */
  holds(worker: number, tier: number, block: number): boolean;
  /**
   * For each worker, how many of the leading blocks it holds without a gap, in whichever tier, written at its number into `into`
   * (all `workers` places are written, 0 where the first block is missing). Returns the longest run. Costs the length of that
   * run, and one `fill`.
   */
  leadingRuns(blocks: ArrayLike<number>, into: Uint32Array): number;
  /** The longest leading run that any one worker holds. */
  longest(blocks: ArrayLike<number>): number;
  /** The same run, and who holds it. Costs one look-up a block of the run, however many workers there are. */
  longestRun(blocks: ArrayLike<number>): LongestRun;
  /** How many blocks have a holder. */
  size(): number;
  /** How many listings the worker has: a block in two tiers counts twice. */
  heldBy(worker: number): number;
  /** The id of the last event heard from the worker; −1 before the first and after a drop. */
  lastId(worker: number): number;
  /** How many ids the worker's events have skipped since its first. */
  missed(worker: number): number;
  /** Everything listed, by block, worker and tier. */
  contents(): readonly Listing[];
};

/** Whether it is a whole number of 0 … below − 1, for bounds up to 2^32. */
const isCount = (value: number, below: number): boolean => value >>> 0 === value && value < below;

/** Throws unless there can be a directory of this shape. */
export const checkShape = ({ workers, tiers, removal = "set" }: DirectoryShape): void => {
  assert(isCount(workers - 1, 2 ** 16), "a directory must have 1 … 65536 workers", workers);
  assert(isCount(tiers - 1, 2 ** 8), "a directory must have 1 … 256 tiers", tiers);
  assert(removal === "set" || removal === "counted", "removal must be set or counted", removal);
};

/** Throws unless the worker is one of the shape's. */
export const checkWorker = (shape: DirectoryShape, worker: number): void =>
  assert(isCount(worker, shape.workers), "a worker must be one of the directory's", worker);

/** Throws unless the tier is one of the shape's. */
export const checkTier = (shape: DirectoryShape, tier: number): void =>
  assert(isCount(tier, shape.tiers), "a tier must be one of the directory's", tier);

/** Throws unless the number can name a block. */
export const checkBlock = (block: number): void =>
  assert(block >>> 0 === block && block <= BLOCK_MAX, "a block must be 0 … 2^32 − 2", block);

/** Throws unless the number can be an event's id. */
export const checkId = (id: number): void =>
  assert(Number.isSafeInteger(id) && id >= 0, "an id must be a whole number below 2^53", id);

/** Throws unless worker, tier, block and id are such as an event can have. Looks at all in one go and names the fault afterwards. */
export const checkEvent = (
  shape: DirectoryShape,
  worker: number,
  tier: number,
  block: number,
  id: number,
): void => {
  const { workers, tiers } = shape;
  const isWhole = worker >>> 0 === worker && tier >>> 0 === tier && block >>> 0 === block;
  const isInRange = worker < workers && tier < tiers && block <= BLOCK_MAX && id >= 0;
  if (isWhole && isInRange && Number.isSafeInteger(id)) return;
  checkWorker(shape, worker);
  checkTier(shape, tier);
  checkBlock(block);
  checkId(id);
};

/** Throws unless the first `count` of `blocks` can be told as one worker's events, with ids from the first one on. */
export const checkRun = (
  shape: DirectoryShape,
  worker: number,
  tier: number,
  blocks: Uint32Array,
  count: number,
  firstId: number,
): void => {
  checkWorker(shape, worker);
  checkTier(shape, tier);
  assert(isCount(count, blocks.length + 1), "a run must be as long as its list or shorter", count);
  checkId(firstId);
  checkId(firstId + Math.max(0, count - 1));
  for (let index = 0; index < count; index += 1) checkBlock(blocks[index] as number);
};

/** Makes an empty directory. Throws a `SpecViolation` unless it has 1 … 65,536 workers and 1 … 256 tiers, and a removal there is. */
export type CreateDirectory = (shape: DirectoryShape) => Directory;
