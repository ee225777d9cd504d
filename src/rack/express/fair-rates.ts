import type { Links } from "./contract.ts";
import type { Flow } from "./execution.ts";
import { HAIR, linkPerNano } from "./links.ts";

/** What flows share: how much of it is left, and the weights of those whose rates are not yet known. */
type Shared = { left: number; weight: number };

type Filling = { readonly flow: number; readonly weight: number; readonly uses: readonly Shared[] };

/** What each flow goes through: its sender's egress, its receiver's ingress, and the link between them. */
const fillings = (flows: readonly Flow[], links: Links): readonly Filling[] => {
  const shared = new Map<number, Shared>();
  const gpus = links.distances.length;
  const use = (key: number, perNano: number, weight: number): Shared => {
    const known = shared.get(key);
    if (known === undefined) {
      const made = { left: perNano, weight };
      shared.set(key, made);
      return made;
    }
    known.weight += weight;
    return known;
  };
  return flows.map(({ src, dst, weight }, flow) => ({
    flow,
    weight,
    uses: [
      use(src, links.egress / 1e9, weight),
      use(gpus + dst, links.ingress / 1e9, weight),
      use((2 + src) * gpus + dst, linkPerNano(links, src, dst), weight),
    ],
  }));
};

const levelOf = ({ left, weight }: Shared): number => left / weight;

/** The least level at which something that one of these goes through is full. */
const lowestLevel = (open: readonly Filling[]): number => {
  let lowest = Number.POSITIVE_INFINITY;
  for (const { uses } of open) {
    for (const shared of uses) lowest = Math.min(lowest, levelOf(shared));
  }
  return lowest;
};

/**
 * Rates in bytes a nanosecond, max-min fair by weight: all flows rise together, each by its weight, until something that they share is full; those
 * that go through it stay, and the others rise on (progressive filling). So no flow can have more without taking from one that has no more for its
 * weight. Cost: the flows, times the number of different levels.
 */
export const fairRates = (flows: readonly Flow[], links: Links): Float64Array => {
  const rates = new Float64Array(flows.length);
  let open = fillings(flows, links);
  while (open.length > 0) {
    const level = lowestLevel(open);
    const isFull = (shared: Shared): boolean => levelOf(shared) <= level * (1 + HAIR);
    const full = open.map(({ uses }) => uses.some(isFull));
    for (const [index, { flow, weight, uses }] of open.entries()) {
      if (full[index] !== true) continue;
      rates[flow] = level * weight;
      for (const shared of uses) {
        shared.left -= level * weight;
        shared.weight -= weight;
      }
    }
    open = open.filter((_, index) => full[index] !== true);
  }
  return rates;
};
