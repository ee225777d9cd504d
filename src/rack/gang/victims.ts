import { ascending, assert, byEach, type Compare, descending } from "#base";
import type { GangGroups, GangShape, GangWish } from "./contract.ts";

/** A gang that has a place. */
export type Gang = {
  readonly owner: number;
  readonly priority: number;
  /** Counts up with every gang that is placed: larger is younger. */
  readonly age: number;
  readonly groups: GangGroups;
};

/** What there is to choose victims from. */
export type Siege = {
  readonly shape: GangShape;
  readonly isFree: (gpu: number) => boolean;
  /** The gangs that may be ended. */
  readonly below: readonly Gang[];
  /** The gang that wants in; without these victims it does not fit, and with all of `below` gone it does. */
  readonly groups: readonly number[];
  readonly required: GangWish | undefined;
  /** Whether it fits once some gangs are gone. */
  readonly fitsWithout: (gone: readonly Gang[]) => boolean;
};

/** The most precious first: the highest priority, the oldest among equals. */
const byWorth: Compare<Gang> = byEach(
  descending(({ priority }) => priority),
  ascending(({ age }) => age),
);

/**
 * Which of two sets of gangs, both in order of worth, is the smaller loss: fewer in the highest priority that either has, then in the
 * next, and so on; with as many in each, the one whose most precious gangs are younger.
 */
const byLoss: Compare<readonly Gang[]> = (left, right) => {
  for (const [index, gang] of left.entries()) {
    const other = right[index];
    if (other === undefined) return 1;
    if (gang.priority !== other.priority) return gang.priority - other.priority;
  }
  if (left.length < right.length) return -1;
  const at = left.findIndex((gang, index) => gang !== right[index]);
  return at === -1 ? 0 : (right[at] as Gang).age - (left[at] as Gang).age;
};

/**
 * Whom to end, the most expendable first. Group by group, the largest first, the slot is found that costs least beyond what is lost already;
 * then, the most precious first, everybody is spared without whom it still fits. For one group that is the smallest loss there is. For
 * several it is a set from which nobody could be spared and whose highest priority is as low as can be: the smallest set of gangs
 * that cover several groups is set cover, which nobody knows how to find in time.
 */
export const chooseVictims = (siege: Siege): readonly Gang[] => {
  const domains = Array.from(
    { length: siege.shape.gpus / siege.shape.gpusPerDomain },
    (_, domain) => domain,
  ).filter((domain) => isAllowed(siege, domain));
  const scopes = siege.required === "same-domain" ? domains.map((domain) => [domain]) : [domains];
  const [cheapest] = scopes
    .flatMap((scope) => {
      const found = sweep(siege, scope);
      return found === undefined ? [] : [[...found].toSorted(byWorth)];
    })
    .toSorted(byLoss);
  assert(cheapest !== undefined, "a gang fits once all below it are gone");
  return spared(siege, cheapest).toReversed();
};

const isAllowed = ({ shape, required }: Siege, domain: number): boolean =>
  typeof required !== "object" || Math.floor(required.near / shape.gpusPerDomain) === domain;

/** Everybody on the cheapest slots of some domains; nothing when the groups cannot all have one. */
const sweep = (siege: Siege, scope: readonly number[]): ReadonlySet<Gang> | undefined => {
  const holder = new Map(
    siege.below.flatMap((gang) => gang.groups.flat().map((gpu) => [gpu, gang] as const)),
  );
  const [lost, used, open] = [new Set<Gang>(), new Set<number>(), new Set(scope)];
  for (const size of siege.groups.toSorted((left, right) => right - left)) {
    const slots = slotsOf(siege.shape, open, size).filter((slot) =>
      slot.every((gpu) => !used.has(gpu) && (siege.isFree(gpu) || holder.has(gpu))),
    );
    const prices = slots.map((slot) => ({ slot, price: priceOf(slot, holder, lost) }));
    const best = prices.reduce<(typeof prices)[number] | undefined>(
      (least, one) => (least === undefined || byLoss(one.price, least.price) < 0 ? one : least),
      undefined,
    );
    if (best === undefined) return undefined;
    for (const gang of best.price) lost.add(gang);
    for (const gpu of best.slot) used.add(gpu);
    if (siege.required === "different-domains")
      open.delete(Math.floor((best.slot[0] as number) / siege.shape.gpusPerDomain));
  }
  return lost;
};

/** Who would be lost by a slot beyond those that are lost already, in order of worth. */
const priceOf = (
  slot: readonly number[],
  holder: ReadonlyMap<number, Gang>,
  lost: ReadonlySet<Gang>,
): readonly Gang[] => {
  const on = new Set(slot.flatMap((gpu) => holder.get(gpu) ?? []));
  return [...on].filter((gang) => !lost.has(gang)).toSorted(byWorth);
};

const slotsOf = (
  { gpusPerDomain }: GangShape,
  domains: ReadonlySet<number>,
  size: number,
): readonly (readonly number[])[] =>
  [...domains].flatMap((domain) =>
    Array.from({ length: gpusPerDomain / size }, (_, slot) =>
      Array.from({ length: size }, (_, shard) => domain * gpusPerDomain + slot * size + shard),
    ),
  );

/** What is left of the victims, in order of worth, when each is spared who can be. */
const spared = ({ fitsWithout }: Siege, victims: readonly Gang[]): readonly Gang[] =>
  victims.reduce<readonly Gang[]>((kept, gang) => {
    const fewer = kept.filter((one) => one !== gang);
    return fitsWithout(fewer) ? fewer : kept;
  }, victims);
