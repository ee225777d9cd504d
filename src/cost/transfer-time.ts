import { assert, type Bytes, bytes, type Nanos, nanos, timeToMove } from "#base";
import { type Distance, hops, linkAt, type Profile } from "#spec";

/** How long a transfer takes, and its two parts. */
export type TransferTime = {
  /** The sum of the parts. */
  readonly total: Nanos;
  readonly latency: Nanos;
  readonly moving: Nanos;
};

/**
 * How long `size` bytes take from one worker to another, spread evenly over `shards` pairs of GPUs that all send at once:
 * `size ÷ shards ÷ rate + hops · latency`, rate and hops by distance. The last shard's bytes and the time both round up. Within one GPU nothing
 * crosses a link and it takes no time. Other transfers on the same links are not counted.
 */
export const transferTime = (
  profile: Profile,
  far: Distance,
  size: Bytes,
  shards: number,
): TransferTime => {
  assert(
    Number.isInteger(shards) && shards >= 1,
    "a transfer has a whole number of shards",
    shards,
  );
  if (far === 0) return { total: nanos(0), latency: nanos(0), moving: nanos(0) };
  const moving = timeToMove(bytes(Math.ceil(size / shards)), linkAt(profile, far).rate.value);
  const latency = nanos(hops(profile, far) * profile.hopLatency.value);
  return { total: nanos(latency + moving), latency, moving };
};
