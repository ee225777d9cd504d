import { ascending, assert } from "#base";
import type { Interval, Piece } from "./contract.ts";

/** Where the `index`-th of `count` equal parts begins: `⌊index · bytes ÷ count⌋`, exact for any whole size below 2^53. */
const boundary = (bytes: number, count: number, index: number): number =>
  index * Math.floor(bytes / count) + Math.floor((index * (bytes % count)) / count);

/**
 * Weights under tensor parallelism: the `i`-th GPU holds the bytes `⌊i · bytes ÷ n⌋ … ⌊(i + 1) · bytes ÷ n⌋` of `n`. The parts tile the
 * whole and differ by a byte at most; one GPU alone holds a replica. Parts are empty where there are fewer bytes than GPUs.
 */
export const shards = (bytes: number, gpus: readonly number[]): readonly Piece[] => {
  assert(Number.isSafeInteger(bytes) && bytes >= 0, "weights must be whole bytes", bytes);
  return gpus.map((gpu, index) => ({
    gpu,
    from: boundary(bytes, gpus.length, index),
    to: boundary(bytes, gpus.length, index + 1),
  }));
};

/** The same bytes as intervals in order that neither touch nor overlap. */
export const union = (intervals: readonly Interval[]): readonly Interval[] => {
  const merged: { from: number; to: number }[] = [];
  for (const { from, to } of intervals.toSorted(ascending((interval) => interval.from))) {
    const last = merged.at(-1);
    if (from === to) continue;
    if (last !== undefined && from <= last.to) last.to = Math.max(last.to, to);
    else merged.push({ from, to });
  }
  return merged;
};

/** The bytes of `whole` that are not in `taken`. Both as `union` gives them, and so is the answer. */
export const without = (
  whole: readonly Interval[],
  taken: readonly Interval[],
): readonly Interval[] => {
  const left: Interval[] = [];
  for (const { from, to } of whole) {
    let at = from;
    for (const cut of taken) {
      if (cut.to <= at) continue;
      if (cut.from >= to) break;
      if (cut.from > at) left.push({ from: at, to: cut.from });
      at = cut.to;
    }
    if (at < to) left.push({ from: at, to });
  }
  return left;
};

/** How many bytes. */
export const sizeOf = (intervals: readonly Interval[]): number =>
  intervals.reduce((sum, { from, to }) => sum + to - from, 0);

/** What each GPU has, as `union` gives it, by GPU in ascending order. */
export type Holdings = ReadonlyMap<number, readonly Interval[]>;

/** Gathers pieces by GPU; overlapping pieces of one GPU count once, empty ones not at all. */
export const byGpu = (pieces: readonly Piece[]): Holdings => {
  const gathered = new Map<number, Interval[]>();
  for (const { gpu, from, to } of pieces.toSorted(ascending((piece) => piece.gpu))) {
    const own = gathered.get(gpu);
    if (own === undefined) gathered.set(gpu, [{ from, to }]);
    else own.push({ from, to });
  }
  return new Map([...gathered].map(([gpu, intervals]) => [gpu, union(intervals)]));
};

/** The reverse: one piece for each interval of each GPU. */
export const piecesOf = (holdings: Holdings): readonly Piece[] =>
  [...holdings].flatMap(([gpu, intervals]) => intervals.map((interval) => ({ gpu, ...interval })));

/** The bytes that each GPU wants and does not have. GPUs that lack nothing are left out. */
export const missing = (wants: Holdings, has: Holdings): Holdings =>
  new Map(
    [...wants]
      .map(([gpu, wanted]) => [gpu, without(wanted, has.get(gpu) ?? [])] as const)
      .filter(([, lacked]) => lacked.length > 0),
  );

/** A run of bytes that the same GPUs have, from first to last. */
export type Held = Interval & { readonly holders: readonly number[] };

/** The weights cut wherever a holding begins or ends: in order, runs that nobody has left out. */
export const cutByHolder = (holdings: Holdings): readonly Held[] => {
  const ends = new Set<number>();
  for (const { from, to } of piecesOf(holdings)) ends.add(from).add(to);
  const cuts = Float64Array.from(ends).toSorted();
  const places = new Map(Array.from(cuts, (cut, index) => [cut, index]));
  const holders: number[][] = Array.from(cuts, () => []);
  for (const { gpu, from, to } of piecesOf(holdings)) {
    const last = places.get(to) as number;
    for (let run = places.get(from) as number; run < last; run += 1) holders[run]?.push(gpu);
  }
  return holders
    .map((gpus, run) => ({
      from: cuts[run] as number,
      to: cuts[run + 1] as number,
      holders: gpus,
    }))
    .filter((run) => run.holders.length > 0);
};
