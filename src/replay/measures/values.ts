import { DDSketch } from "@datadog/sketches-js";
import { ascending, percentile } from "#base";
import { PERCENTILES, type Spread } from "./result.ts";

/** Sums are kept in two parts, of which the lower is below this: both are whole for whole values, so that nothing is lost and order does not matter. */
const CARRY = 2 ** 50;

const SHARES = { p50: 0.5, p90: 0.9, p95: 0.95, p99: 0.99 } as const;

const NOTHING: Spread = Object.freeze({
  count: 0,
  mean: null,
  p50: null,
  p90: null,
  p95: null,
  p99: null,
  max: null,
  exact: true,
});

/**
 * How a quantity is spread: numbers of 0 or more, each of which may count several times. So many are kept one by one; from then on a
 * sketch counts them in buckets as wide as the error allowed, in memory that does not grow with them.
 */
export class Values {
  #kept: Float64Array = new Float64Array(1024);
  /** How often each of them counts; nothing while each counts once. */
  #weights: Float64Array | undefined;
  #size = 0;
  #sketch: DDSketch | undefined;
  #count = 0;
  #sumHigh = 0;
  #sumLow = 0;
  #max = 0;

  /** Whether each value is kept. */
  get isExact(): boolean {
    return this.#sketch === undefined;
  }

  /** Counts a value once. */
  add(value: number): void {
    this.count(value, 1);
    this.sum(value);
  }

  /** Counts a value so many times, 1 or more, and leaves it to the caller to add to the sum. */
  count(value: number, times: number): void {
    this.#count += times;
    if (value > this.#max) this.#max = value;
    if (this.#count > PERCENTILES.exact_up_to && this.isExact) this.#sketchAll();
    if (this.#sketch === undefined) this.#keep(value, times);
    else this.#sketch.accept(value, times);
  }

  /** Adds to the sum of which the mean is made; up to 2^52 at once, and nothing is lost. */
  sum(total: number): void {
    const low = this.#sumLow + total;
    const carried = Math.floor(low / CARRY);
    this.#sumHigh += carried;
    this.#sumLow = low - carried * CARRY;
  }

  /** The bucket of a value, which is its own until there is a sketch: larger values have none below it. */
  bucketOf(value: number): number {
    return this.#sketch?.mapping.key(value) ?? value;
  }

  spread(): Spread {
    const count = this.#count;
    if (count === 0) return NOTHING;
    const at = this.#percentiles();
    return {
      count,
      mean: (this.#sumHigh * CARRY + this.#sumLow) / count,
      p50: at(SHARES.p50),
      p90: at(SHARES.p90),
      p95: at(SHARES.p95),
      p99: at(SHARES.p99),
      max: this.#max,
      exact: this.isExact,
    };
  }

  #keep(value: number, times: number): void {
    if (this.#size === this.#kept.length) {
      this.#kept = longer(this.#kept);
      this.#weights = this.#weights && longer(this.#weights);
    }
    if (times !== 1) this.#weights ??= new Float64Array(this.#kept.length).fill(1, 0, this.#size);
    this.#kept[this.#size] = value;
    if (this.#weights !== undefined) this.#weights[this.#size] = times;
    this.#size += 1;
  }

  #sketchAll(): void {
    const sketch = new DDSketch({ relativeAccuracy: PERCENTILES.relative_error });
    for (let index = 0; index < this.#size; index += 1) {
      sketch.accept(this.#kept[index] as number, this.#weights?.[index] ?? 1);
    }
    this.#sketch = sketch;
    this.#size = 0;
    this.#kept = new Float64Array(0);
    this.#weights = undefined;
  }

  /** What gives the value of a share, once everything has been counted. */
  #percentiles(): (share: number) => number {
    const sketch = this.#sketch;
    if (sketch !== undefined) return (share) => sketched(sketch, share);
    const kept = this.#kept.subarray(0, this.#size);
    if (this.#weights === undefined) {
      const sorted = kept.toSorted();
      return (share) => percentile(sorted, share);
    }
    return weighted(kept, this.#weights, this.#count);
  }
}

const longer = (values: Float64Array): Float64Array => {
  const twice = new Float64Array(2 * values.length);
  twice.set(values);
  return twice;
};

/** The rank of a share, from 1: the same as `percentile` of #base, the hair included. */
const rankOf = (share: number, count: number): number =>
  Math.max(1, Math.ceil(share * count - 1e-9));

/** The sketch counts ranks from 0 and takes them as a share of the last one; half a rank more keeps rounding from falling one short. */
const sketched = (sketch: DDSketch, share: number): number => {
  const rank = rankOf(share, sketch.count);
  if (rank === sketch.count) return sketch.max;
  const value = sketch.getValueAtQuantile((rank - 0.5) / (sketch.count - 1));
  return Math.min(sketch.max, Math.max(sketch.min, value));
};

const weighted = (
  values: Float64Array,
  weights: Float64Array,
  count: number,
): ((share: number) => number) => {
  const order = Uint32Array.from(values, (_, index) => index).toSorted(
    ascending((index) => values[index] as number),
  );
  const upTo = new Float64Array(order.length);
  let sum = 0;
  for (let at = 0; at < order.length; at += 1) {
    sum += weights[order[at] as number] as number;
    upTo[at] = sum;
  }
  return (share) => {
    const rank = rankOf(share, count);
    return values[order[upTo.findIndex((below) => below >= rank)] as number] as number;
  };
};
