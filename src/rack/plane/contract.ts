import { assert } from "#base";

/** What a plane tells a directory: the calls of it that it makes. A place is a worker there, and what a pool holds lies in tier 0. */
export type PlaneListener = {
  storedRun(
    worker: number,
    tier: number,
    blocks: Uint32Array,
    count: number,
    firstId: number,
  ): unknown;
  removedRun(
    worker: number,
    tier: number,
    blocks: Uint32Array,
    count: number,
    firstId: number,
  ): unknown;
  cleared(worker: number, id: number): unknown;
  drop(worker: number): void;
  missed(worker: number): number;
};

/** The tier that a pool's blocks lie in. */
export const POOL_TIER = 0;

/** How many places announce, numbered from 0, and how long an announcement is under way, in whole nanoseconds. */
export type PlaneShape = { readonly places: number; readonly delayNs: number };

/** What can go wrong with what is announced within a time: it is lost, it takes so much longer, or it comes twice. */
export type PlaneFault = {
  readonly how: "drop" | "delay" | "duplicate";
  /** Whose announcements; null: everybody's. */
  readonly place: number | null;
  /** Up to this instant, which is no longer within. */
  readonly untilNs: number;
  /** How much longer, of a `delay`; where several are in force the longest counts. */
  readonly delayNs?: number;
};

/**
 * The way from pools to a directory. What a place announces at an instant its directory hears `delayNs` later, in the order in which
 * the place announced it, with ids that count up for each place, one for each block; of different places in no promised order. Without
 * delay and faults it passes in the same call.
 *
 * A place announces what a pool does: `stored` of blocks that it does not hold, `removed` of blocks that it holds. Instants never go
 * back, and every call with one first delivers what is due by then. A place out of range, an instant before the last or a fault that
 * cannot be is the caller's contradiction: a `SpecViolation`.
 */
export type Plane = {
  readonly shape: PlaneShape;
  /** The first `count` of `names` can be read at a place from now on. The array is not kept. */
  stored(place: number, names: Uint32Array, count: number, nowNs: number): void;
  /** The same of what can be read there no longer. */
  removed(place: number, names: Uint32Array, count: number, nowNs: number): void;
  /** Nothing can be read there any more; so far it was the first `count` of `names`, in any order. One event, with one id. */
  cleared(place: number, names: Uint32Array, count: number, nowNs: number): void;
  /** The place is gone: what it announced and is under way is lost, and the directory drops it. Its ids go on where they were. */
  reset(place: number): void;
  /** From now on until the fault's end announcements suffer it. What is lost uses up its ids all the same, so that it shows as a gap. */
  fault(fault: PlaneFault, nowNs: number): void;
  /** When the next announcement arrives; infinity when none is under way. */
  nextNs(): number;
  /** Delivers what is due by now. */
  advance(nowNs: number): void;
  /**
   * Heals a place by a snapshot: the directory drops it and is told anew, at once, all that can be read there: the first `count` of
   * `names`. Its ids go on above the last one used. What was under way is in the snapshot, and is not delivered.
   */
  resync(place: number, names: Uint32Array, count: number): void;
  /** The places of which the directory has missed an event, ascending: those to heal. A loss shows when the next event has arrived. */
  gaps(): readonly number[];
  /** How many of a place's events are under way: one for each block, one for a clear. */
  lag(place: number): number;
  /** How many of a place's events were lost since its last snapshot or reset. */
  lost(place: number): number;
  /**
   * How many listings more the place has announced than the directory has: those it will gain by what is under way less those it will
   * lose, and what losses have left wrong until a snapshot.
   */
  lagNet(place: number): number;
};

/** Makes a plane on which nothing is under way. */
export type CreatePlane = (shape: PlaneShape, listener: PlaneListener) => Plane;

const isInstant = (value: number): boolean => Number.isSafeInteger(value) && value >= 0;

/** Throws unless there can be a plane of this shape. */
export const checkShape = ({ places, delayNs }: PlaneShape): void => {
  assert(Number.isInteger(places) && places >= 1, "a plane must have 1 place or more", places);
  assert(isInstant(delayNs), "a delay must be a whole number of nanoseconds", delayNs);
};

/** Throws unless the place is one of the shape's. */
export const checkPlace = ({ places }: PlaneShape, place: number): void =>
  assert(
    Number.isInteger(place) && place >= 0 && place < places,
    "a place must be one of the plane's",
    place,
  );

/** Throws unless the instant can follow the one before. */
export const checkInstant = (beforeNs: number, nowNs: number): void =>
  assert(isInstant(nowNs) && nowNs >= beforeNs, `time must not go back behind ${beforeNs}`, nowNs);

/** Throws unless a list has so many names. */
export const checkCount = (names: Uint32Array, count: number): void =>
  assert(
    Number.isInteger(count) && count >= 0 && count <= names.length,
    "a run must be as long as its list or shorter",
    count,
  );

/** Throws unless the fault can be. */
export const checkFault = (
  shape: PlaneShape,
  { how, place, untilNs, delayNs }: PlaneFault,
): void => {
  const isKnown = how === "drop" || how === "delay" || how === "duplicate";
  assert(isKnown, "a fault must be a drop, a delay or a duplicate", how);
  if (place !== null) checkPlace(shape, place);
  assert(isInstant(untilNs), "a fault must end at an instant", untilNs);
  const hasDelay = delayNs !== undefined && isInstant(delayNs);
  assert(hasDelay || how !== "delay", "a delay must say how much longer", delayNs);
};
