import type { BlockPool } from "./pool.ts";
import { NO_SLOT } from "./slots.ts";

/** What must be true of a pool between any two calls, by id. */
const POOL_INVARIANTS = {
  "pool/counts":
    "free, filling, active and cached are as counted one by one, and add up to the capacity",
  "pool/slots": "every slot is free or found under its own name, never both, never twice",
  "pool/users": "a block has as many users as requests and pins that hold it",
  "pool/chains": "a block's parent is present, has at least its users, and can be read if it can",
  "pool/recency":
    "exactly the cached blocks stand in the order of eviction, each before its parent",
} as const satisfies Record<string, string>;

/** The id of an invariant of a pool. */
export type PoolInvariant = keyof typeof POOL_INVARIANTS;

/** Recomputes everything from a pool's raw memory, in time proportional to its capacity, and returns what is broken. */
export const auditPool = (pool: BlockPool): readonly PoolInvariant[] => {
  const broken: readonly [PoolInvariant, boolean][] = [
    ["pool/counts", !countsAreRight(pool)],
    ["pool/slots", !slotsAreRight(pool)],
    ["pool/users", !usersAreRight(pool)],
    ["pool/chains", !chainsAreRight(pool)],
    ["pool/recency", !recencyIsRight(pool)],
  ];
  return broken.filter(([, isBroken]) => isBroken).map(([invariant]) => invariant);
};

/** The slots from one on, by `next`, until `end`; stops after more than there are, so that a broken list ends too. */
const follow = (from: number, end: number, next: Int32Array): readonly number[] => {
  const found: number[] = [];
  for (let slot = from; slot !== end && found.length <= next.length; slot = next[slot] as number) {
    found.push(slot);
  }
  return found;
};

const countsAreRight = (pool: BlockPool): boolean => {
  const use = Array.from(pool.slots.table.slots(), (slot) => pool.slots.uses[slot] as number);
  const unnamed = [...pool.holdings.values()].reduce((sum, held) => sum + held.unnamed, 0);
  const filling = use.filter((use) => (use & 1) === 0).length;
  const cached = use.filter((use) => use === 1).length;
  const counts = pool.counts();
  return (
    counts.filling === filling &&
    counts.cached === cached &&
    counts.active === use.length - filling - cached + unnamed &&
    counts.free === pool.capacity - use.length - unnamed &&
    counts.free >= 0
  );
};

const slotsAreRight = (pool: BlockPool): boolean => {
  const { slots } = pool;
  const present = pool.slots.table.slots();
  const all = [...follow(slots.free, NO_SLOT, slots.newer), ...present];
  const everyOnce = all.length === pool.capacity && new Set(all).size === all.length;
  return (
    everyOnce &&
    slots.used === present.length &&
    present.every((slot) => slots.table.find(slots.names[slot] as number) === slot)
  );
};

const usersAreRight = (pool: BlockPool): boolean => {
  const { slots } = pool;
  const users = new Uint32Array(pool.capacity);
  for (const { leaf } of pool.holdings.values()) {
    for (const slot of follow(leaf, NO_SLOT, slots.parents)) users[slot] = (users[slot] ?? 0) + 1;
  }
  for (const name of pool.pins) {
    const leaf = slots.table.find(name);
    for (const slot of follow(leaf, NO_SLOT, slots.parents)) users[slot] = (users[slot] ?? 0) + 1;
  }
  return pool.slots.table
    .slots()
    .every((slot) => (slots.uses[slot] as number) >>> 1 === users[slot]);
};

const chainsAreRight = (pool: BlockPool): boolean => {
  const { parents, uses } = pool.slots;
  const present = pool.slots.table.slots();
  const isPresent = new Set(present);
  return present.every((slot) => {
    const parent = parents[slot] as number;
    if (parent === NO_SLOT) return true;
    const [use, above] = [uses[slot] as number, uses[parent] as number];
    return isPresent.has(parent) && above >>> 1 >= use >>> 1 && (above & 1) >= (use & 1);
  });
};

const recencyIsRight = (pool: BlockPool): boolean => {
  const { newer, older, parents, ring, uses } = pool.slots;
  const order = follow(newer[ring] as number, ring, newer);
  const back = follow(older[ring] as number, ring, older);
  const place = new Map(order.map((slot, index) => [slot, index]));
  const cached = pool.slots.table.slots().filter((slot) => uses[slot] === 1);
  return (
    place.size === order.length &&
    order.length === cached.length &&
    cached.every((slot) => place.has(slot)) &&
    order.every((slot, index) => back[order.length - 1 - index] === slot) &&
    order.every((slot, index) => (place.get(parents[slot] as number) ?? order.length) > index)
  );
};
