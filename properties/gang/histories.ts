/** The histories that the properties of gangs range over: small racks, few owners, three priorities. */
import fc from "fast-check";
import { randomStream } from "#base";
import type { GangCall, GangRequest, GangShape, GangWish } from "#rack";
import { type Given, histories, oneOfValues, sequences } from "#verify";

/** A rack, and what happens to it. */
export type GangCase = { readonly shape: GangShape; readonly history: readonly GangCall[] };

const rack = (gpus: number, gpusPerDomain: number, gpusPerSuperchip = 2): GangShape => ({
  gpus,
  gpusPerDomain,
  gpusPerSuperchip,
});

/** Racks small enough for every placement to be tried. */
export const SMALL_RACKS: readonly [GangShape, ...GangShape[]] = [
  rack(8, 4),
  rack(16, 8),
  rack(8, 2),
  rack(8, 8),
  rack(16, 4),
];

/** Those and two whose domains are not one octet: two of them, and one and a half. */
export const RACKS: readonly [GangShape, ...GangShape[]] = [
  ...SMALL_RACKS,
  rack(32, 16, 4),
  rack(24, 12),
];

/** Those twice, and two racks of full size, the one flat, the other in domains of 8. */
export const ALL_RACKS: readonly [GangShape, ...GangShape[]] = [
  ...RACKS,
  ...RACKS,
  rack(72, 72),
  rack(72, 8),
];

/** Every owner that a history may speak of. */
export const OWNERS = [0, 1, 2, 3, 4, 5, 6, 7] as const;

const owner = oneOfValues<number>(...OWNERS);
/** Numbers that a small rack does not have are brought into it when a history is played. */
const gpu = oneOfValues<number>(0, 1, 2, 3, 5, 6, 13);
const domain = oneOfValues<number>(0, 1);
const priority = oneOfValues(0, 0, 1, 2);

const WISHES: readonly [GangWish, ...GangWish[]] = [
  "same-domain",
  "different-domains",
  "different-domains",
  { near: 0 },
  { near: 5 },
  { near: 13 },
];

const GROUPS: readonly [readonly number[], ...(readonly number[])[]] = [
  [1],
  [2],
  [4],
  [8],
  [1, 1],
  [2, 2],
  [1, 2],
  [1, 4],
  [2, 8],
  [1, 1, 2],
  [4, 1, 2],
  [2, 2, 2],
];

/** What no caller should ask for. */
const ODD_GROUPS: readonly [readonly number[], ...(readonly number[])[]] = [
  [],
  [3],
  [0],
  [1, 16],
  [-1],
];

const place = (
  groups: fc.Arbitrary<readonly number[]>,
  topology: fc.Arbitrary<NonNullable<GangRequest["topology"]>>,
) => fc.record({ kind: oneOfValues("place" as const), owner, groups, priority, topology });

const groups = oneOfValues(...GROUPS);
const wish = oneOfValues(...WISHES);
const nowhere = oneOfValues({});

/** Every call of a history, as it is drawn, recognised and shrunk. */
const CALLS = {
  place: place(groups, nowhere),
  placeOne: place(oneOfValues([1], [1], [2], [4]), nowhere),
  placeAsRequired: place(groups, fc.record({ required: wish })),
  placeAsPreferred: place(groups, fc.record({ preferred: wish })),
  placeAsWished: place(groups, fc.record({ required: wish, preferred: wish })),
  placeOdd: place(oneOfValues(...ODD_GROUPS), nowhere),
  release: fc.record({ kind: oneOfValues("release" as const), owner }),
  lose: fc.record({ kind: oneOfValues("lose" as const), gpu }),
  regain: fc.record({ kind: oneOfValues("regain" as const), gpu }),
  loseDomain: fc.record({ kind: oneOfValues("loseDomain" as const), domain }),
  regainDomain: fc.record({ kind: oneOfValues("regainDomain" as const), domain }),
  fits: fc.record({ kind: oneOfValues("fits" as const), groups, required: wish }),
};

const calls = histories<GangCall>({
  operations: CALLS,
  small: { alphabet: [], depth: 0 },
  maxLength: 30,
});

const put = (owner: number, groups: readonly number[], priority = 0): GangCall => ({
  kind: "place",
  owner,
  groups,
  priority,
});

/** Two owners, two sizes, two priorities, and each thing that can happen to a rack. */
const ALPHABET: readonly GangCall[] = [
  put(0, [1]),
  put(1, [2]),
  put(2, [1, 4]),
  { ...put(3, [2, 2], 1), topology: { required: "different-domains" } } as GangCall,
  put(4, [4, 4], 1),
  { kind: "release", owner: 0 },
  { ...put(1, [1]), topology: { preferred: { near: 3 } } } as GangCall,
  { kind: "lose", gpu: 0 },
  { kind: "regain", gpu: 0 },
];

/** A history of one length on one rack, always the same: the life of a rack over days. */
export const longHistory = (shape: GangShape, length: number): GangCase => {
  const random = randomStream(1, `gangs of ${shape.gpus}`);
  const letters = Object.values(CALLS).flatMap((arbitrary) =>
    fc.sample(arbitrary as fc.Arbitrary<GangCall>, { seed: 1, numRuns: 40 }),
  );
  return {
    shape,
    history: Array.from({ length }, () => letters[random.below(letters.length)] as GangCall),
  };
};

/**
 * Histories on some racks. The small scope has every history over the alphabet of up to so many calls, on two domains of 4 GPUs: of up to
 * 2 calls there are 91, of up to 3 there are 820.
 */
export const gangCases = (
  racks: readonly [GangShape, ...GangShape[]] = SMALL_RACKS,
  depth = 2,
  ...more: readonly GangCase[]
): Given<GangCase> => ({
  arbitrary: fc.record({ shape: oneOfValues(...racks), history: calls.arbitrary }),
  plain: fc.record({ shape: oneOfValues(...racks), history: calls.plain }),
  *small() {
    for (const history of sequences(ALPHABET, depth)) yield { shape: rack(8, 4), history };
    yield* more;
  },
});
