/**
 * Quantities with units. A quantity is a plain number at run time and a type of its own to the compiler, so that
 * gigabytes cannot be passed for gigabits. Only the constructors of this file make one.
 */
import { assert } from "./assert.ts";

declare const unit: unique symbol;

/** A number whose unit the compiler knows. It costs nothing at run time. */
export type Quantity<Unit extends string> = number & { readonly [unit]: Unit };

/** A size in bytes; whole unless it comes out of a format with less than a byte a value. */
export type Bytes = Quantity<"bytes">;
/** A rate in bytes a second. */
export type BytesPerSecond = Quantity<"bytes/second">;
/** An amount of work in floating-point operations. */
export type Flops = Quantity<"flop">;
/** A rate of work in floating-point operations a second. */
export type FlopsPerSecond = Quantity<"flop/second">;
/** An instant or a span of virtual time: whole nanoseconds, from the start of the window. */
export type Nanos = Quantity<"nanoseconds">;

/** The largest span of virtual time: 2^53 − 1 ns, a little over 104 days. */
export const NANOS_MAX = Number.MAX_SAFE_INTEGER;

const notNegative = (count: number, what: string): number => {
  assert(count >= 0 && Number.isFinite(count), `${what} must be finite and not negative`, count);
  return count;
};

/** A count of bytes. Throws on a negative or infinite count. */
export const bytes = (count: number): Bytes => notNegative(count, "a size") as Bytes;
/** Decimal, as vendors print cache sizes: 1 MB is 10^6 bytes. */
export const megabytes = (count: number): Bytes => bytes(count * 1e6);
/** Decimal, as vendors print capacity: 1 GB is 10^9 bytes. */
export const gigabytes = (count: number): Bytes => bytes(count * 1e9);
/** Binary, only where a source names it so: 1 GiB is 2^30 bytes. */
export const gibibytes = (count: number): Bytes => bytes(count * 2 ** 30);

/** A rate in bytes a second. Throws on a negative or infinite rate. */
export const bytesPerSecond = (count: number): BytesPerSecond =>
  notNegative(count, "a rate") as BytesPerSecond;
/** Decimal, as vendors print bandwidth: 1 TB/s is 10^12 bytes a second. */
export const terabytesPerSecond = (count: number): BytesPerSecond => bytesPerSecond(count * 1e12);

/** An amount of work in floating-point operations. */
export const flops = (count: number): Flops => notNegative(count, "an amount of work") as Flops;
/** A rate of work in floating-point operations a second. Throws on a negative or infinite rate. */
export const flopsPerSecond = (count: number): FlopsPerSecond =>
  notNegative(count, "a rate of work") as FlopsPerSecond;
/** A rate of work, as vendors print it: 1 TFLOPS is 10^12 operations a second. */
export const teraflops = (count: number): FlopsPerSecond => flopsPerSecond(count * 1e12);

/**
 * An instant or a span, from whole nanoseconds. Throws outside 0 … 2^53 − 1, where numbers stop being exact: a longer
 * trace is read through a window.
 */
export const nanos = (count: number): Nanos => {
  assert(
    Number.isSafeInteger(count) && count >= 0,
    "time must be whole nanoseconds below 2^53",
    count,
  );
  return count as Nanos;
};
/** A span from seconds. Rounds up: nothing finishes early. */
export const fromSeconds = (seconds: number): Nanos => nanos(Math.ceil(seconds * 1e9));
/** A span from milliseconds. Rounds up: nothing finishes early. */
export const fromMilliseconds = (milliseconds: number): Nanos =>
  nanos(Math.ceil(milliseconds * 1e6));
/** The same span in seconds, for people and for rates; not exact beyond 2^53 ns. */
export const inSeconds = (span: Nanos): number => span / 1e9;

/** How long `size` takes at `rate`. Rounds up: nothing finishes early. */
export const timeToMove = (size: Bytes, rate: BytesPerSecond): Nanos => fromSeconds(size / rate);
/** How long `work` takes at `rate`. Rounds up: nothing finishes early. */
export const timeToCompute = (work: Flops, rate: FlopsPerSecond): Nanos => fromSeconds(work / rate);

/** The later of two instants, or the longer of two spans. */
export const later = (left: Nanos, right: Nanos): Nanos => (left > right ? left : right);
/** The sum of spans, or an instant moved by spans. Throws when it leaves the window. */
export const plus = (start: Nanos, ...spans: readonly Nanos[]): Nanos =>
  nanos(spans.reduce<number>((sum, span) => sum + span, start));
