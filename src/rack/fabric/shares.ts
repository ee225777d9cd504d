import { assert } from "#base";
import { quotient } from "./units.ts";

/** Something that flows go through: an egress, an ingress, or the link of a pair. Rates are in units a nanosecond. */
export type Passage = {
  perNano: number;
  /** While shares are worked out: what is left of it, and for how many. */
  left: number;
  rising: number;
  /** In the window that is being added up: by how many flows it was used, and how many units went through. */
  users: number;
  passed: number;
  /** For how long anything went through. */
  busyNs: number;
};

/** A passage that nothing has gone through yet. */
export const passage = (perNano: number): Passage => ({
  perNano,
  left: 0,
  rising: 0,
  users: 0,
  passed: 0,
  busyNs: 0,
});

/** What a flow goes through, and its share of that. */
export type Sharing = { readonly uses: readonly Passage[]; share: number };

/**
 * Gives every flow its share, in whole units a nanosecond: all rise together, a unit at a time, until something that they go through has not one more
 * for each of them; those stay, and the others rise on (progressive filling). So nobody can have a unit more without taking it from one who
 * has no more. Cost: the flows, times the number of different shares.
 */
export const fillShares = (flows: readonly Sharing[]): void => {
  for (const { uses } of flows) {
    for (const one of uses) {
      one.left = one.perNano;
      one.rising = 0;
    }
  }
  for (const { uses } of flows) for (const one of uses) one.rising += 1;
  let rising = flows;
  while (rising.length > 0) {
    const level = raise(rising);
    assert(level >= 1, "a link must have 100 kB/s for each flow that goes through it");
    rising = rising.filter(({ share }) => share > level);
  }
};

/** Finds how high the first of them rise, takes their shares out of what they go through, and leaves the others with a higher one. */
const raise = (rising: readonly Sharing[]): number => {
  let level = Number.POSITIVE_INFINITY;
  for (const flow of rising) {
    let share = Number.POSITIVE_INFINITY;
    for (const one of flow.uses) share = Math.min(share, quotient(one.left, one.rising));
    flow.share = share;
    level = Math.min(level, share);
  }
  for (const { uses, share } of rising) {
    if (share > level) continue;
    for (const one of uses) {
      one.left -= level;
      one.rising -= 1;
    }
  }
  return level;
};
