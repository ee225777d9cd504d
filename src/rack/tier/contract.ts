import { assert, type Refused, refused } from "#base";

/** Whose switch it is, and what it has room for. Neither changes afterwards. */
export type TierShape = {
  /** The GPUs of the one domain that this switch serves, by their numbers in the rack. */
  readonly domainGpus: readonly number[];
  /** 0 for a switch without memory. */
  readonly capacityBytes: number;
  /** How many different GPUs of the domain have read a block when it is promoted; 3 unless told. */
  readonly promoteAfter?: number;
};

/** What the document promotes after. */
export const PROMOTE_AFTER = 3;

/** The read was counted; so many different GPUs of the domain have read the block since it was last forgotten, promoted or evicted. */
export type Counted = { readonly kind: "counted"; readonly gpus: number };

/** The block lies in the switch from now on. */
export type Promoted = {
  readonly kind: "promoted";
  /** What had to go for it, least recent first. */
  readonly evicted: readonly number[];
};

/** The block lies in the switch already: nothing was counted, and it is no more recent than before. */
export type Present = { readonly kind: "present" };

/** Why an access is not counted, in the order in which it is looked into. */
export type AccessRefusal = "foreign-gpu" | "too-large";

/** What became of an access. */
export type AccessReply = Counted | Promoted | Present | Refused<AccessRefusal>;

/** The block was read from the switch: exactly what was promoted. */
export type Hit = { readonly kind: "hit"; readonly bytes: number; readonly tag: number };

/** The block does not lie in the switch. */
export type Miss = { readonly kind: "miss" };

/** The switch knows nothing of the block any more; `freedBytes` is 0 when it had only counted readers. */
export type Forgotten = { readonly kind: "forgotten"; readonly freedBytes: number };

/** The switch knew nothing of the block. */
export type NothingForgotten = { readonly kind: "nothing" };

/** A block in the switch, for audits. */
export type TierBlock = { readonly block: number; readonly bytes: number; readonly tag: number };

/** A block that is not in the switch yet, and the GPUs that have read it, ascending. */
export type TierCandidate = { readonly block: number; readonly gpus: readonly number[] };

/**
 * The memory of one domain's switch. A GPU that needs a block asks `read`; when that misses and it has read the block elsewhere, it says so by
 * `access`. The block is promoted by the access of the `promoteAfter`-th different GPU of the domain, and the least recently promoted
 * or read go until it fits, no more. A block larger than the capacity is refused at once. Whoever was promoted, evicted or forgotten
 * is counted anew from nothing. Readers are remembered until then: that is a few bytes for each block that is only ever read by one or two.
 *
 * A block is a whole number of 0 … 2^32 − 2, a size one of 1 … 2^53 − 1, a tag (what was read: a version, a digest) one of 0 … 2^53 − 1: anything
 * else is a `SpecViolation`. A GPU outside the domain is refused, whatever number it has.
 */
export type Tier = {
  readonly shape: TierShape;
  /** A GPU has read the block elsewhere; `bytes` and `tag` are what the switch keeps if that promotes it. */
  access(gpu: number, block: number, bytes: number, tag: number): AccessReply;
  /** A hit makes the block the most recent; a miss changes nothing. */
  read(block: number): Hit | Miss;
  /** The block is gone from the switch, and whoever has read it. */
  forget(block: number): Forgotten | NothingForgotten;
  /** The bytes of all blocks in the switch. */
  usedBytes(): number;
  /** What lies in the switch, least recent first. Changes nothing. */
  contents(): readonly TierBlock[];
  /** What has been read and not promoted, by block. */
  candidates(): readonly TierCandidate[];
};

/** Makes the empty memory of one switch. Throws a `SpecViolation` unless there are GPUs, all different, and a capacity. */
export type CreateTier = (shape: TierShape) => Tier;

/** The one answer to an access of what is there: hot loops allocate nothing. */
export const PRESENT: Present = Object.freeze({ kind: "present" });
/** The one answer to a read of what is not there. */
export const MISS: Miss = Object.freeze({ kind: "miss" });
/** The one answer to forgetting what is not known. */
export const NOTHING: NothingForgotten = Object.freeze({ kind: "nothing" });
/** The one answer to another domain's GPU. */
export const FOREIGN_GPU: Refused<"foreign-gpu"> = refused("foreign-gpu");
/** The one answer to a block that can never fit. */
export const TOO_LARGE: Refused<"too-large"> = refused("too-large");

const isWhole = (value: number, least: number): boolean =>
  Number.isSafeInteger(value) && value >= least;

/** Throws unless there can be a tier of this shape. */
export const checkShape = ({ domainGpus, capacityBytes, promoteAfter }: TierShape): void => {
  assert(domainGpus.length > 0, "a domain must have a GPU");
  assert(
    domainGpus.every((gpu) => isWhole(gpu, 0) && gpu < 2 ** 16),
    "a GPU of a domain must be numbered 0 … 65535",
    domainGpus,
  );
  assert(
    new Set(domainGpus).size === domainGpus.length,
    "a domain must have each GPU once",
    domainGpus,
  );
  assert(isWhole(capacityBytes, 0), "a capacity must be a whole number of bytes", capacityBytes);
  assert(
    isWhole(promoteAfter ?? PROMOTE_AFTER, 1),
    "a block must be promoted after 1 GPU or more",
    promoteAfter,
  );
};

/** Throws unless the number can name a block. */
export const checkBlock = (block: number): void =>
  assert(block >>> 0 === block && block < 2 ** 32 - 1, "a block must be 0 … 2^32 − 2", block);

/** Throws unless there can be such a block. */
export const checkAccess = (block: number, bytes: number, tag: number): void => {
  checkBlock(block);
  assert(isWhole(bytes, 1), "a block must have 1 byte or more", bytes);
  assert(isWhole(tag, 0), "a tag must be a whole number below 2^53", tag);
};
