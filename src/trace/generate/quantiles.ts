import { assert } from "#base";

/** One point of a distribution: `share` of the values are at most `value`. */
export type Knot = readonly [share: number, value: number];

/** Turns a number in [0, 1) into a value of the distribution. */
export type Quantiles = (unit: number) => number;

/** The mean of the distribution that `quantiles` draws from: between two knots, a logarithm that grows evenly has the logarithmic mean. */
export const meanOf = (knots: readonly Knot[]): number => {
  let mean = 0;
  for (const [at, [share, value]] of knots.entries()) {
    const [shareBefore, before] = knots[at - 1] ?? [0, value];
    const between = value === before ? value : (value - before) / Math.log(value / before);
    mean += (share - shareBefore) * between;
  }
  return mean;
};

/**
 * The distribution through published quantiles: between two of them the logarithm of the value
 * grows evenly. Shares ascend from 0 to 1; values ascend from more than 0.
 */
export const quantiles = (knots: readonly Knot[]): Quantiles => {
  assert(knots[0]?.[0] === 0 && knots.at(-1)?.[0] === 1, "shares must run from 0 to 1");
  const shares = Float64Array.from(knots, ([share]) => share);
  const values = Float64Array.from(knots, ([, value]) => value);
  const logs = values.map(Math.log);
  for (let at = 1; at < knots.length; at += 1) {
    const [share, log] = [shares[at] as number, logs[at] as number];
    const ascends = share > (shares[at - 1] as number) && log >= (logs[at - 1] as number);
    assert(ascends && Number.isFinite(logs[0]), "quantiles must ascend from more than 0", share);
  }
  return (unit) => {
    let low = 0;
    let high = shares.length - 1;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((shares[middle] as number) <= unit) low = middle;
      else high = middle;
    }
    const from = shares[low] as number;
    const part = (unit - from) / ((shares[high] as number) - from);
    const growth = (logs[high] as number) - (logs[low] as number);
    return (values[low] as number) * Math.exp(part * growth);
  };
};
