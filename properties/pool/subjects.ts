import {
  BlockPool,
  type Pool,
  type PoolEvents,
  PoolModel,
  type PoolSubject,
  poolSubject,
} from "#rack";

/** A class of pools as a subject. */
const subjectOf = (Class: new (capacity: number, events: PoolEvents) => Pool): PoolSubject =>
  poolSubject((capacity, events) => new Class(capacity, events));

/** The reference: the pool that a replay uses. */
export const fastPool = subjectOf(BlockPool);

/** What the reference is compared with. */
export const plainPool = subjectOf(PoolModel);

/** A mutant. */
export const broken = subjectOf;
