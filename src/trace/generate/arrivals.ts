import type { RandomStream } from "#base";
import { type Knot, quantiles } from "./quantiles.ts";

/** When requests come. All instants are rounded down to whole multiples of `gridNs`. */
export type Arrivals =
  | {
      /** Independent of each other, `meanNs` apart on average: a Poisson process. */
      readonly kind: "poisson";
      readonly meanNs: number;
      readonly gridNs: number;
    }
  | {
      /** Independent gaps from a distribution, in nanoseconds. */
      readonly kind: "gaps";
      readonly gapNs: readonly Knot[];
      readonly gridNs: number;
    }
  | {
      /** Crowds of a random size, close together, with long silences between them. */
      readonly kind: "bursts";
      readonly size: readonly Knot[];
      readonly insideMeanNs: number;
      readonly silenceMeanNs: number;
      readonly gridNs: number;
    };

const gapsOf = (arrivals: Arrivals, random: RandomStream): (() => number) => {
  if (arrivals.kind === "poisson") return () => arrivals.meanNs * random.exponential();
  if (arrivals.kind === "gaps") {
    const gap = quantiles(arrivals.gapNs);
    return () => gap(random.unit());
  }
  const size = quantiles(arrivals.size);
  let left = Math.round(size(random.unit())) - 1;
  return () => {
    if (left > 0) {
      left -= 1;
      return arrivals.insideMeanNs * random.exponential();
    }
    left = Math.round(size(random.unit())) - 1;
    return arrivals.silenceMeanNs * random.exponential();
  };
};

/** The instants at which requests come, one a call, in nanoseconds from the first, which is 0. */
export const arrivalTimes = (arrivals: Arrivals, random: RandomStream): (() => number) => {
  const gap = gapsOf(arrivals, random);
  const { gridNs } = arrivals;
  let exact = -1;
  return () => {
    exact = exact < 0 ? 0 : exact + gap();
    return Math.floor(exact / gridNs) * gridNs;
  };
};
