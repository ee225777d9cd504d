import { assert, type Refused, refused } from "#base";
import { type Profile, workers } from "#spec";

/** Between whom blocks go, how large they are, and how many each worker has room for. None of it changes afterwards. */
export type TransferShape = {
  readonly profile: Profile;
  /** GPUs a worker: a block is that many shards, one on each. */
  readonly tp: number;
  /** One block, all shards together. */
  readonly blockBytes: number;
  readonly capacityBlocks: number;
};

/** Whether the source keeps the block. */
export type Manner = "copy" | "move";

/** Why nothing happens, in the order in which it is looked into. */
export type TransferRefusal =
  | "unknown-worker"
  | "source-lacks-it"
  /** A block that is pinned, or being copied to somebody, is not moved and not dropped. */
  | "pinned"
  /** A block that is being moved away is not sent, pinned or dropped. */
  | "leaving"
  | "target-has-it"
  /** Another transfer brings the block to the target already. */
  | "on-its-way"
  | "target-full"
  | "not-pinned"
  | "no-such-transfer"
  | "no-such-shard"
  | "already-arrived";

/** A whole block has been sent: how long it takes, and how many bytes cross links. */
export type Sent = {
  readonly kind: "copied" | "moved";
  readonly ns: number;
  readonly bytes: number;
};

/** Source and target are one worker, which has the block: there is nothing to do. */
export type NothingSent = { readonly kind: "nothing"; readonly ns: 0; readonly bytes: 0 };

/** A transfer is under way; its number is never used again. */
export type Begun = {
  readonly kind: "begun";
  readonly transfer: number;
  readonly ns: number;
  readonly bytes: number;
};

/** A shard is there, and so many are not yet. */
export type Waiting = { readonly kind: "waiting"; readonly missing: number };

/** What was asked has been done, and there is nothing more to say. */
export type TransferDone = { readonly kind: "done" };

/** A refusal of a transfer. */
export type TransferRefused = Refused<TransferRefusal>;

/** What is answered to a block that goes at once. */
export type SendReply = Sent | NothingSent | TransferRefused;

/** What is answered to one that goes shard by shard. */
export type BeginReply = Begun | NothingSent | TransferRefused;

/** What is answered to what either is done or is not. */
export type DoneReply = TransferDone | TransferRefused;

/** A block at a worker, for audits: `arriving` is a place that is kept for it and cannot be read. */
export type PlacedBlock = {
  readonly block: number;
  readonly worker: number;
  readonly state: "here" | "leaving" | "arriving";
  /** How many of its shards are there. */
  readonly shards: number;
  readonly pins: number;
};

/**
 * Which worker holds which block, and the ways from one to another. A worker holds a block, and it can be read there, exactly when
 * every shard is there. `copy` and `move` happen at once and say how long it takes; `begin` and `arrive` are the same in steps: the target
 * keeps a place, each shard goes to its namesake, and with the last one the block can be read at the target and, if it moves, no
 * longer at the source. Until then it is read at its source alone. Whatever is refused has changed nothing.
 *
 * A worker that there is not is refused, for racks lose workers; a block that is no whole number of 0 … 2^32 − 2 is a `SpecViolation`.
 */
export type Transfers = {
  readonly shape: TransferShape;
  readonly workerCount: number;
  /** The block comes into being at a worker: it has been computed there. */
  store(worker: number, block: number): DoneReply;
  drop(worker: number, block: number): DoneReply;
  /** Keeps a block where it is until it has been unpinned as often. */
  pin(worker: number, block: number): DoneReply;
  unpin(worker: number, block: number): DoneReply;
  /** The worker is lost with its blocks and pins, and every transfer from or to it is aborted. It may be used again, empty. */
  lose(worker: number): DoneReply;
  copy(block: number, from: number, to: number): SendReply;
  move(block: number, from: number, to: number): SendReply;
  begin(manner: Manner, block: number, from: number, to: number): BeginReply;
  /** One shard is there. With the last one the transfer is over. */
  arrive(transfer: number, shard: number): Sent | Waiting | TransferRefused;
  /** Gives the target's place back; the source stays as it was. */
  abort(transfer: number): DoneReply;
  /** Whether the block can be read at the worker. */
  holds(worker: number, block: number): boolean;
  /** Where the block can be read, ascending. */
  holders(block: number): readonly number[];
  /** The places taken at a worker, those kept for arriving blocks included. */
  used(worker: number): number;
  /** Every place taken, by block and worker. For audits: takes time in proportion to their number. */
  contents(): readonly PlacedBlock[];
};

/** Makes transfers between workers that hold nothing. Throws an `InputError` (SPEC-3) when the degree does not divide a domain. */
export type CreateTransfers = (shape: TransferShape) => Transfers;

/** The one answer to what has been done: hot loops allocate nothing. */
export const DONE: TransferDone = Object.freeze({ kind: "done" });

/** The one answer to a transfer from a worker to itself. */
export const NOTHING: NothingSent = Object.freeze({ kind: "nothing", ns: 0, bytes: 0 });

const REFUSALS = {
  "unknown-worker": refused("unknown-worker"),
  "source-lacks-it": refused("source-lacks-it"),
  pinned: refused("pinned"),
  leaving: refused("leaving"),
  "target-has-it": refused("target-has-it"),
  "on-its-way": refused("on-its-way"),
  "target-full": refused("target-full"),
  "not-pinned": refused("not-pinned"),
  "no-such-transfer": refused("no-such-transfer"),
  "no-such-shard": refused("no-such-shard"),
  "already-arrived": refused("already-arrived"),
} as const satisfies Record<TransferRefusal, TransferRefused>;

/** The one refusal of each reason. */
export const declined = (because: TransferRefusal): TransferRefused => REFUSALS[because];

/** Throws unless the number can name a block. */
export const checkBlock = (block: number): void =>
  assert(block >>> 0 === block && block < 2 ** 32 - 1, "a block must be 0 … 2^32 − 2", block);

/** Throws unless blocks have bytes and workers have room; says how many workers there are. */
export const checkShape = ({ profile, tp, blockBytes, capacityBlocks }: TransferShape): number => {
  const isCount = (value: number): boolean => Number.isSafeInteger(value) && value >= 1;
  assert(isCount(blockBytes), "a block must have 1 byte or more", blockBytes);
  assert(
    isCount(capacityBlocks) && capacityBlocks < 2 ** 32,
    "a worker must have room for 1 … 2^32 − 1 blocks",
    capacityBlocks,
  );
  return workers(profile, tp).length;
};
