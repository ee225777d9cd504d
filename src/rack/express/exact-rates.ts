import type { Links, Transfer } from "./contract.ts";
import {
  dividedBy,
  type Fraction,
  fraction,
  isAtMost,
  minus,
  plus,
  smallest,
  times,
} from "./fraction.ts";
import { farApart } from "./links.ts";

const ZERO = fraction(0);
const perNano = (rate: number): Fraction => fraction(rate, 1_000_000_000);

/** What a transfer goes through, by name, and how much of that there is. */
const throughs = (links: Links, transfer: Transfer): readonly (readonly [string, number])[] => [
  [`from ${transfer.src}`, links.egress],
  [`to ${transfer.dst}`, links.ingress],
  [
    `${transfer.src} to ${transfer.dst}`,
    links.rates[farApart(links, transfer.src, transfer.dst)] as number,
  ],
];

/**
 * Progressive filling by its definition, in exact fractions of bytes a nanosecond: all rise by their weights until something is full; those that go
 * through it stay; again.
 */
export const exactRates = <One extends { readonly transfer: Transfer }>(
  active: readonly One[],
  links: Links,
  weightOf: (transfer: Transfer) => Fraction,
): ReadonlyMap<One, Fraction> => {
  const rates = new Map<One, Fraction>();
  const on = (name: string): readonly One[] =>
    active.filter(({ transfer }) => throughs(links, transfer).some(([other]) => other === name));
  const levelOf = ([name, rate]: readonly [string, number]): Fraction => {
    const taken = on(name).reduce((sum, one) => plus(sum, rates.get(one) ?? ZERO), ZERO);
    const rising = on(name).filter((one) => !rates.has(one));
    const weight = rising.reduce((sum, { transfer }) => plus(sum, weightOf(transfer)), ZERO);
    return dividedBy(minus(perNano(rate), taken), weight);
  };
  while (rates.size < active.length) {
    const rising = active.filter((one) => !rates.has(one));
    const levels = rising.map(({ transfer }) => smallest(throughs(links, transfer).map(levelOf)));
    const lowest = smallest(levels);
    for (const [index, one] of rising.entries()) {
      if (isAtMost(levels[index] as Fraction, lowest)) {
        rates.set(one, times(lowest, weightOf(one.transfer)));
      }
    }
  }
  return rates;
};
