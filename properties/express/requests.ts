/** The requests that the properties range over, as small plain data, and the racks that they are put to. */
import fc from "fast-check";
import {
  type ExpressCall,
  type ExpressLinks,
  type ExpressPlanOptions,
  type ExpressReply,
  type ExpressRequest,
  executePlan,
  expressSubject,
  type Loss,
  planTransfers,
  type Sharing,
  shards,
  swapState,
  type WeightPiece,
} from "#rack";
import { type Subject, sequences } from "#verify";

/** Eight GPUs: two to a superchip, four to a domain. */
export const GPUS = 8;

const far = (left: number, right: number): number => {
  if (left === right) return 0;
  if (left >> 1 === right >> 1) return 1;
  return left >> 2 === right >> 2 ? 2 : 3;
};

const places = Array.from({ length: GPUS }, (_, gpu) => gpu);
const distances = places.map((left) => places.map((right) => far(left, right)));

/** Racks of eight GPUs, by what is narrow in them. Rates in bytes a second, so small that a few bytes take time. */
export const RACKS: readonly ExpressLinks[] = [
  // As the document's, with a billionth of its bytes.
  {
    distances,
    rates: [3, 3, 2, 1].map((rate) => rate * 1e9),
    latenciesNs: [0, 1, 2, 3],
    egress: 3e9,
    ingress: 3e9,
  },
  // Wide links, narrow senders.
  {
    distances,
    rates: [9, 9, 9, 9].map((rate) => rate * 1e9),
    latenciesNs: [0, 0, 0, 0],
    egress: 1e9,
    ingress: 2e9,
  },
  // Wide links, narrow receivers, and latencies that outweigh them.
  {
    distances,
    rates: [9, 9, 9, 9].map((rate) => rate * 1e9),
    latenciesNs: [0, 5, 9, 9],
    egress: 3e9,
    ingress: 1e9,
  },
  // Narrow links.
  {
    distances,
    rates: [5, 5, 3, 2].map((rate) => rate * 1e8),
    latenciesNs: [0, 1, 1, 7],
    egress: 11e8,
    ingress: 13e8,
  },
];

/** GPUs in a row that hold one shard each, of as many as there are; one alone holds a replica. */
export type Group = { readonly first: number; readonly count: number };

/** A case: a rack, a size, who has and who wants the weights, and one odd piece. */
export type Move = {
  readonly rack: number;
  readonly bytes: number;
  readonly sources: readonly Group[];
  readonly targets: readonly Group[];
  readonly odd: readonly { readonly gpu: number; readonly from: number; readonly length: number }[];
};

const gpusOf = ({ first, count }: Group): readonly number[] =>
  Array.from({ length: count }, (_, index) => (first + index) % GPUS);

/** The parts of the weights on the GPUs of a group, by hand and without division: bytes dealt out by where they lie. */
const partsOf = (bytes: number, group: Group): readonly WeightPiece[] => {
  const gpus = gpusOf(group);
  const lies = (index: number): number =>
    Number((BigInt(index) * BigInt(bytes)) / BigInt(gpus.length));
  return gpus.map((gpu, index) => ({ gpu, from: lies(index), to: lies(index + 1) }));
};

/** The links of a case. */
export const linksFor = ({ rack }: { readonly rack: number }): ExpressLinks =>
  RACKS[rack % RACKS.length] as ExpressLinks;

/** The request of a case. */
export const requestOf = ({ bytes, sources, targets, odd }: Move): ExpressRequest => ({
  bytes,
  sources: [
    ...sources.flatMap((group) => partsOf(bytes, group)),
    ...odd.map(({ gpu, from, length }) => ({
      gpu,
      from: Math.min(from, bytes),
      to: Math.min(from + length, bytes),
    })),
  ],
  targets: targets.flatMap((group) => partsOf(bytes, group)),
});

const groups = (most: number, countMax: number): fc.Arbitrary<readonly Group[]> =>
  fc.array(
    fc.record({ first: fc.nat({ max: GPUS - 1 }), count: fc.integer({ min: 1, max: countMax }) }),
    { maxLength: most, size: "max" },
  );

const oddPiece = (bytes: number) =>
  fc.record({
    gpu: fc.nat({ max: GPUS - 1 }),
    from: fc.nat({ max: bytes }),
    length: fc.nat({ max: bytes }),
  });

const moves = (bytes: number, most: number, countMax: number): fc.Arbitrary<Move> =>
  fc.record({
    rack: fc.nat({ max: RACKS.length - 1 }),
    bytes: fc.nat({ max: bytes }),
    sources: groups(most, countMax),
    targets: groups(most, countMax),
    odd: fc.array(oddPiece(bytes), { maxLength: 1 }),
  });

/** Moves of a few dozen bytes among eight GPUs: shards to shards, replicas, what is there already, and gaps. */
export const someMove = moves(24, 3, 4);

/** Replicas to the shards of one group, of which senders have more than receivers take. */
export const spreadMove: fc.Arbitrary<Move> = fc.record({
  rack: fc.nat({ max: RACKS.length - 1 }),
  bytes: fc.integer({ min: 8, max: 24 }),
  sources: fc.array(fc.record({ first: fc.nat({ max: 3 }), count: fc.constant(1) }), {
    minLength: 1,
    maxLength: 3,
  }),
  targets: fc.array(fc.record({ first: fc.constant(4), count: fc.integer({ min: 3, max: 4 }) }), {
    minLength: 1,
    maxLength: 1,
  }),
  odd: fc.array(oddPiece(24), { maxLength: 0 }),
});

/** One replica to several. */
export const broadcastMove = (bytes: number, most: number): fc.Arbitrary<Move> =>
  fc.record({
    rack: fc.nat({ max: RACKS.length - 1 }),
    bytes: fc.integer({ min: 2, max: bytes }),
    sources: fc.array(fc.record({ first: fc.nat({ max: 3 }), count: fc.constant(1) }), {
      minLength: 1,
      maxLength: 1,
    }),
    targets: fc.array(fc.record({ first: fc.nat({ max: GPUS - 1 }), count: fc.constant(1) }), {
      minLength: 2,
      maxLength: most,
    }),
    odd: fc.array(oddPiece(bytes), { maxLength: 0 }),
  });

/** Moves of up to two FP4 copies of a large model. */
export const largeMove = moves(70_000_000_000, 2, 4);

/** Moves so small that every way of making them can be tried. */
export const tinyMove = moves(4, 2, 2);

const SMALL_GROUPS: readonly Group[] = [
  { first: 0, count: 1 },
  { first: 1, count: 1 },
  { first: 4, count: 1 },
  { first: 1, count: 2 },
];

/** Every move of two bytes on two racks, from up to two groups out of four to up to two of the same: 2 · 21 · 21 = 882. */
export function* smallMoves(): Generator<Move> {
  for (const rack of [0, 3])
    for (const sources of sequences(SMALL_GROUPS, 2))
      for (const targets of sequences(SMALL_GROUPS, 2))
        yield { rack, bytes: 2, sources, targets, odd: [] };
}

/** A move that is carried out, with losses. */
export type Course = Move & { readonly losses: readonly Loss[]; readonly sharing: Sharing };

/** Moves that are carried out, with up to two GPUs lost while they are, sharing either way. */
export const someCourse: fc.Arbitrary<Course> = fc.record({
  rack: fc.nat({ max: RACKS.length - 1 }),
  bytes: fc.nat({ max: 24 }),
  sources: groups(2, 3),
  targets: groups(2, 3),
  odd: fc.array(oddPiece(24), { maxLength: 0 }),
  losses: fc.array(fc.record({ gpu: fc.nat({ max: GPUS - 1 }), atNs: fc.nat({ max: 24 }) }), {
    maxLength: 2,
  }),
  sharing: fc.constantFrom<Sharing[]>("proportional", "even"),
});

/** The losses of a course: each of somebody who takes part. */
export const lossesOf = (course: Course): readonly Loss[] => {
  const { sources, targets } = requestOf(course);
  const gpus = [...new Set([...sources, ...targets].map(({ gpu }) => gpu))];
  return course.losses.map(({ gpu, atNs }) => ({ gpu: gpus[gpu % gpus.length] ?? gpu, atNs }));
};

/** The parts of the reference. */
export const PARTS = { shards, plan: planTransfers, execute: executePlan, swapState };

/** The reference with some of its parts broken. */
export const broken = (parts: Partial<typeof PARTS>): Subject<ExpressCall, ExpressReply> =>
  expressSubject({ ...PARTS, ...parts });

/** The reference. */
export const reference = broken({});

/** Asks for the plan of a case. */
export const planning = (move: Move, options: ExpressPlanOptions = {}): ExpressCall => ({
  kind: "plan",
  request: requestOf(move),
  links: linksFor(move),
  options,
});

/** Asks for the plan of a case and its execution, with rates. */
export const executing = (course: Move | Course): ExpressCall => ({
  kind: "execute",
  request: requestOf(course),
  links: linksFor(course),
  options: {
    withRates: true,
    ...("losses" in course && { losses: lossesOf(course), sharing: course.sharing }),
  },
});
