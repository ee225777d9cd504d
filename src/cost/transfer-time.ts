import {
  type Bytes,
  type BytesPerSecond,
  bytes,
  bytesPerSecond,
  inSeconds,
  type Nanos,
  nanos,
  timeToMove,
} from "#base";
import { type Distance, type Gpu, hops, linkAt, type Profile } from "#spec";
import { requireNotNegative, requirePositive, requireWhole } from "./require.ts";

/** How long a transfer takes, and its two parts. */
export type TransferTime = {
  /** The sum of the parts. */
  readonly total: Nanos;
  readonly latency: Nanos;
  readonly moving: Nanos;
};

/** The same in seconds, not rounded. */
export type TransferSeconds = {
  readonly total: number;
  readonly latency: number;
  readonly moving: number;
};

/**
 * What a GPU sends at, one way, over all its NVLinks: its NVLink figure ÷ the directions that the figure adds up. Throws an `InputError` (SPEC-6)
 * when a profile supposes none.
 */
export const nvlinkOneWay = (profile: Profile, gpu: Gpu): BytesPerSecond =>
  bytesPerSecond(
    gpu.nvlink.value /
      requirePositive("the directions of an NVLink figure", profile.nvlinkDirections.value),
  );

const checkTransfer = (size: number, shards: number): void => {
  requireNotNegative("the bytes of a transfer", size);
  requireWhole("the shards of a transfer", shards);
};

/**
 * The seconds, not rounded, that `size` bytes take from one worker to another, spread evenly over `shards` pairs of GPUs that all send at once:
 * `size ÷ shards ÷ rate + hops · latency`, rate and hops by distance. Within one GPU nothing crosses a link and it takes no time. Other
 * transfers on the same links are not counted. Throws an `InputError` (SPEC-6).
 */
export const transferSeconds = (
  profile: Profile,
  far: Distance,
  size: number,
  shards: number,
): TransferSeconds => {
  checkTransfer(size, shards);
  const moving = far === 0 ? 0 : size / shards / linkAt(profile, far).rate.value;
  const latency = hops(profile, far) * inSeconds(profile.hopLatency.value);
  return { total: moving + latency, latency, moving };
};

/**
 * `transferSeconds` as a replay charges it: the last shard is a whole number of bytes, the time a whole number of nanoseconds, and both round
 * up. Throws an `InputError` (SPEC-6).
 */
export const transferTime = (
  profile: Profile,
  far: Distance,
  size: Bytes,
  shards: number,
): TransferTime => {
  checkTransfer(size, shards);
  const shard = bytes(Math.ceil(size / shards));
  const moving = far === 0 ? nanos(0) : timeToMove(shard, linkAt(profile, far).rate.value);
  const latency = nanos(hops(profile, far) * profile.hopLatency.value);
  return { total: nanos(latency + moving), latency, moving };
};
