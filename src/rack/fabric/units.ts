import { assert, bytes, bytesPerSecond, timeToMove } from "#base";
import { type FabricShape, WAYS, type Way } from "./contract.ts";

/**
 * A unit is a ten-thousandth of a byte, so that 100 kB/s are 1 unit a nanosecond. What has yet to flow is whole units, shares are whole units a
 * nanosecond, and they change at whole nanoseconds: every sum and product is a whole number below 2^53, so nothing is ever rounded
 * but by the rule.
 */
export const UNITS_PER_BYTE = 10_000;

/** One unit a nanosecond, in bytes a second. */
export const UNIT_RATE = 1e9 / UNITS_PER_BYTE;

/** The least that a link must be left with, or a crowd of flows could get no unit each. */
const SLOWEST = 1e9;

/** Below it, a quotient of whole numbers as a double lies on the right side of every whole number. */
const UNITS_MAX = 2 ** 52;

/** A rate in whole units a nanosecond, rounded down. */
export const unitsPerNano = (rate: number): number => {
  assert(rate >= SLOWEST && rate < 1e18, "a link must carry 1 GB/s or more", rate);
  return Math.floor(rate / UNIT_RATE);
};

/** The rate of a slowed link in whole units a nanosecond: of its own such rate, rounded down. */
export const slowedPerNano = (rate: number, factor: number): number => {
  assert(factor > 0 && factor <= 1, "a factor must be above 0 and at most 1", factor);
  return unitsPerNano(unitsPerNano(rate) * UNIT_RATE * factor);
};

/** The whole part of a quotient of whole numbers below 2^52; exact. */
export const quotient = (over: number, under: number): number => Math.floor(over / under);

/** What one GPU gets over a way that is not slow, in bytes a second: no more than it receives at, nor its source sends at. */
export const aloneRate = ({ egress, ingress, ways }: FabricShape, way: Way): number =>
  way === "switch"
    ? Math.min(ingress, ways[way].bytesPerSecond)
    : Math.min(egress, ingress, ways[way].bytesPerSecond);

/** A shard: the last one is a whole number of bytes, and all are taken to be as long. */
export const shardBytes = (size: number, shards: number): number => Math.ceil(size / shards);

/** By way, what a shard of some bytes has to send, in units. */
export type Amounts = Readonly<Record<Way, (shard: number) => number>>;

/**
 * The units of a shard are its bytes, or the nearest number to them that takes alone, at the full rate, the nanoseconds that `timeToMove` says: quotients
 * of doubles can lie a hair above the whole number that they are, and such a charge is kept, at the cost of one unit.
 */
export const amountsOf = (shape: FabricShape): Amounts => {
  const amount = (way: Way) => {
    const rate = aloneRate(shape, way);
    const perNano = unitsPerNano(rate);
    return (shard: number): number => {
      const ns = timeToMove(bytes(shard), bytesPerSecond(rate));
      const units = Math.min(
        Math.max(shard * UNITS_PER_BYTE, (ns - 1) * perNano + 1),
        ns * perNano,
      );
      assert(
        shard * UNITS_PER_BYTE < UNITS_MAX && units < UNITS_MAX,
        "a shard must have at most 450 GB",
        shard,
      );
      return units;
    };
  };
  return Object.fromEntries(WAYS.map((way) => [way, amount(way)])) as Amounts;
};
