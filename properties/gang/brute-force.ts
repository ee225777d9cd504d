/** The oracle: every placement of some groups on a small rack, by trying them all. Knows no preference and no order. */
import { assert } from "#base";
import type { GangShape, GangWish } from "#rack";
import type { Known } from "./steps.ts";

type Slot = { readonly bits: number; readonly domain: number };

const SIZES = [1, 2, 4, 8] as const;

/** GPUs as bits. */
const bitsOf = (gpus: readonly number[]): number =>
  gpus.reduce((bits, gpu) => bits | (1 << gpu), 0);

const known = <Value>(memo: Map<string, Value>, key: string, work: () => Value): Value => {
  const found = memo.get(key);
  if (found !== undefined) return found;
  const made = work();
  memo.set(key, made);
  return made;
};

const slotMemo = new Map<string, readonly Slot[]>();

/** Every aligned place of a size in one domain; none when the size does not divide it. */
const slotsOf = ({ gpus, gpusPerDomain }: GangShape, size: number): readonly Slot[] =>
  known(slotMemo, `${gpus} ${gpusPerDomain} ${size}`, () => {
    assert(gpus <= 32, "brute force is for 32 GPUs at most", gpus);
    const slots: Slot[] = [];
    const isSize = SIZES.some((one) => one === size) && gpusPerDomain % size === 0;
    for (let gpu = 0; isSize && gpu < gpus; gpu += size) {
      const bits = bitsOf(Array.from({ length: size }, (_, shard) => gpu + shard));
      slots.push({ bits, domain: Math.floor(gpu / gpusPerDomain) });
    }
    return slots;
  });

const isFree = (free: number, bits: number): boolean => (free & bits) === bits;

/** How many domains are wholly free. */
const wholeDomains = ({ gpus, gpusPerDomain }: GangShape, free: number): number => {
  const all = Array.from({ length: gpusPerDomain }, (_, gpu) => gpu);
  let whole = 0;
  for (let first = 0; first < gpus; first += gpusPerDomain) {
    if (isFree(free, bitsOf(all.map((gpu) => first + gpu)))) whole += 1;
  }
  return whole;
};

/** How many groups of each size would fit, one size at a time, from 8 down to 1: more of the first is better than any of the next. */
const roomBySize = (shape: GangShape, free: number): number =>
  SIZES.reduce(
    (sum, size, level) =>
      sum + slotsOf(shape, size).filter(({ bits }) => isFree(free, bits)).length * 64 ** level,
    0,
  );

/** What a placement leaves: larger is better. Whole domains first, then room for large groups. */
const worthOf = (shape: GangShape, free: number): number =>
  wholeDomains(shape, free) * 2 ** 30 + roomBySize(shape, free);

type Search = {
  readonly shape: GangShape;
  readonly groups: readonly number[];
  readonly domains: readonly number[];
  readonly apart: boolean;
  readonly memo: Map<string, number>;
};

/** The best that is left when groups from `index` on have been placed in every possible way; −1 when there is none. */
const bestLeft = (search: Search, free: number, index: number, used: number): number => {
  const size = search.groups[index];
  if (size === undefined) return worthOf(search.shape, free);
  return known(search.memo, `${free} ${index} ${used}`, () => {
    let best = -1;
    for (const { bits, domain } of slotsOf(search.shape, size)) {
      if (!isFree(free, bits) || !search.domains.includes(domain)) continue;
      if (search.apart && (used & (1 << domain)) !== 0) continue;
      const after = search.apart ? used | (1 << domain) : used;
      best = Math.max(best, bestLeft(search, free & ~bits, index + 1, after));
    }
    return best;
  });
};

const resultMemo = new Map<string, number>();
/** Enough for a run of all properties, and no more than some megabytes. */
const RESULTS_MAX = 200_000;

/** The best that any placement leaves, by whole domains and then by room for large groups; −1 when the groups cannot be placed so. */
export const best = (
  shape: GangShape,
  free: readonly number[],
  groups: readonly number[],
  wishes: readonly (GangWish | undefined)[],
): number => {
  const { gpus, gpusPerDomain } = shape;
  const key = `${gpus} ${gpusPerDomain} ${bitsOf(free)} ${groups} ${JSON.stringify(wishes)}`;
  if (resultMemo.size > RESULTS_MAX) resultMemo.clear();
  return known(resultMemo, key, () => {
    const domains = Array.from({ length: gpus / gpusPerDomain }, (_, domain) => domain).filter(
      (domain) =>
        wishes.every(
          (wish) => typeof wish !== "object" || Math.floor(wish.near / gpusPerDomain) === domain,
        ),
    );
    const apart = wishes.includes("different-domains");
    const scopes = wishes.includes("same-domain") ? domains.map((domain) => [domain]) : [domains];
    const found = scopes.map((scope) =>
      bestLeft({ shape, groups, domains: scope, apart, memo: new Map() }, bitsOf(free), 0, 0),
    );
    return Math.max(-1, ...found);
  });
};

/** What is left when nothing is placed, by the same measure. */
export const worth = (shape: GangShape, free: readonly number[]): number =>
  worthOf(shape, bitsOf(free));

/** Of such a measure, the whole domains alone. */
export const wholeIn = (measure: number): number => Math.floor(measure / 2 ** 30);

/** Whether the groups can be placed so. */
export const isPossible = (
  shape: GangShape,
  free: readonly number[],
  groups: readonly number[],
  wishes: readonly (GangWish | undefined)[] = [],
): boolean => best(shape, free, groups, wishes) >= 0;

/** Whether groups lie as wished. */
export const isAsWished = (
  { gpusPerDomain }: GangShape,
  groups: readonly (readonly number[])[],
  wish: GangWish | undefined,
): boolean => {
  if (wish === undefined) return true;
  const domains = groups.map((group) => Math.floor((group[0] ?? -1) / gpusPerDomain));
  const different = new Set(domains).size;
  if (wish === "same-domain") return different <= 1;
  if (wish === "different-domains") return different === groups.length;
  return domains.every((domain) => domain === Math.floor(wish.near / gpusPerDomain));
};

/** Every subset of some gangs. */
export const subsets = (gangs: readonly Known[]): readonly (readonly Known[])[] =>
  Array.from({ length: 2 ** gangs.length }, (_, bits) =>
    gangs.filter((_gang, index) => (bits & (1 << index)) !== 0),
  );

/** The free GPUs and those of some gangs. */
export const freed = (free: readonly number[], gangs: readonly Known[]): readonly number[] => [
  ...free,
  ...gangs.flatMap(({ groups }) => groups.flat()),
];
