import fc from "fast-check";
import type { PoolCall } from "#rack";
import { type Given, histories, oneOfValues, sequences } from "#verify";

/** A pool of a few blocks, and what happens to it. */
export type PoolCase = { readonly capacity: number; readonly history: readonly PoolCall[] };

type Chain = readonly number[];

/** The whole prefixes of a small tree: 1 with 2 and 5 under it, 3 and 4 under 2; and 6 with 7 under it. */
export const CHAINS: readonly [Chain, ...Chain[]] = [
  [1],
  [1, 2],
  [1, 2, 3],
  [1, 2, 4],
  [1, 5],
  [6],
  [6, 7],
];

/** What no caller should ask for: a name twice, 1 under 2, 2 without 1, 2 under a stranger, nothing at all. */
const ODD_CHAINS: readonly [Chain, ...Chain[]] = [[], [2], [1, 1], [2, 1], [6, 6], [8, 2]];

/** Every request that a history may speak of; the last one only visits. */
export const REQUESTS = [0, 1, 2, 9] as const;

export const admit = (request: number, blocks: readonly number[], unnamed = 0): PoolCall => ({
  kind: "admit",
  request,
  blocks,
  unnamed,
});
export const fill = (request: number): PoolCall => ({ kind: "fill", request });
export const release = (request: number): PoolCall => ({ kind: "release", request });
const grow = (request: number, count: number): PoolCall => ({ kind: "grow", request, count });
const clear: PoolCall = { kind: "clear" };

const request = oneOfValues(...REQUESTS);
const chain = oneOfValues(...CHAINS);
const admission = (blocks: fc.Arbitrary<Chain>) =>
  fc.record({
    kind: oneOfValues("admit" as const),
    request,
    blocks,
    unnamed: oneOfValues(0, 0, 0, 1, 2),
  });

/** Every call of a history, as it can be drawn, recognised and shrunk. */
const CALLS = {
  admit: admission(chain),
  fill: fc.record({ kind: oneOfValues("fill" as const), request }),
  release: fc.record({ kind: oneOfValues("release" as const), request }),
  grow: fc.record({ kind: oneOfValues("grow" as const), request, count: fc.nat(2) }),
  look: fc.record({ kind: oneOfValues("leadingRun" as const), blocks: chain }),
  clear: oneOfValues(clear),
  admitOdd: admission(oneOfValues(...ODD_CHAINS)),
};

/** A request that comes, is filled, decodes, and goes before anything else happens: what makes cached blocks. */
const visit = (blocks: Chain, grown = 0): readonly PoolCall[] => [
  admit(9, blocks),
  fill(9),
  ...(grown > 0 ? [grow(9, grown)] : []),
  release(9),
];

/** A request that comes and goes without having been filled. */
const abort = (blocks: Chain): readonly PoolCall[] => [admit(9, blocks), release(9)];

/** What happens next, given the requests that may be there: one call or a few. */
type Letter = (live: readonly number[]) => readonly PoolCall[];

/** Of the requests that are there the one that was drawn; request 0 when there is none. */
const picked = (live: readonly number[], pick: number): number => live[pick % live.length] ?? 0;

/** The requests that are not there. */
const absent = (live: readonly number[]): readonly number[] =>
  [0, 1, 2].filter((request) => !live.includes(request));

const pick = fc.nat(2);
const ofPicked = (calls: (request: number) => readonly PoolCall[]): fc.Arbitrary<Letter> =>
  pick.map((pick) => (live) => calls(picked(live, pick)));

const letters: Readonly<Record<string, fc.Arbitrary<Letter>>> = {
  start: CALLS.admit.map((call) => (live) => [{ ...call, request: absent(live)[0] ?? 0 }]),
  meet: chain.map((blocks) => (live) => absent(live).map((request) => admit(request, blocks))),
  abort: chain.map((blocks) => () => abort(blocks)),
  fill: ofPicked((request) => [fill(request)]),
  leave: ofPicked((request) => [release(request)]),
  finish: ofPicked((request) => [fill(request), release(request)]),
  decode: fc.tuple(pick, fc.nat(2)).map(([pick, count]) => (live) => [
    grow(picked(live, pick), count),
  ]),
  visit: fc.tuple(chain, oneOfValues(0, 0, 1, 2)).map(
    ([blocks, grown]) =>
      () =>
        visit(blocks, grown),
  ),
  look: CALLS.look.map((call) => () => [call]),
  clear: CALLS.clear.map((call) => () => [call]),
  anything: fc.oneof(...Object.values<fc.Arbitrary<PoolCall>>(CALLS)).map((call) => () => [call]),
};

/** Writes out what the letters mean, each for the requests that are there when it is its turn. */
const spelled = (letters: readonly Letter[]): readonly PoolCall[] => {
  let live: readonly number[] = [];
  return letters.flatMap((letter) => {
    const calls = letter(live);
    live = calls.reduce(liveAfter, live);
    return calls;
  });
};

/** Whoever came and has not left; that some were refused does not matter here. */
const liveAfter = (live: readonly number[], call: PoolCall): readonly number[] => {
  if (call.kind === "admit") return [...live.filter((one) => one !== call.request), call.request];
  return call.kind === "release" ? live.filter((one) => one !== call.request) : live;
};

const drawnLetters = histories<Letter>({
  operations: letters,
  small: { alphabet: [], depth: 0 },
  maxLength: 40,
});

const plainHistory = histories<PoolCall>({
  operations: CALLS,
  small: { alphabet: [], depth: 0 },
  maxLength: 50,
});

const drawnHistory = drawnLetters.arbitrary.map(spelled);

/** The letters of the small scope: visitors that leave blocks behind or none, and two requests that meet. */
const SMALL_LETTERS: readonly (readonly PoolCall[])[] = [
  visit([1, 2]),
  visit([6], 2),
  abort([1, 2, 3]),
  [admit(0, [1, 2])],
  [admit(1, [1, 2, 3])],
  [admit(1, [6, 7])],
  [fill(0)],
  [release(0)],
  [release(1)],
  [admit(2, [2])],
  [{ kind: "leadingRun", blocks: [1, 2] }, clear, ...visit([1])],
];

/** Every sequence of up to 3 letters, which are 1,464, on pools of 2 and of 3 blocks. */
function* smallCases(): Generator<PoolCase> {
  for (const letters of sequences(SMALL_LETTERS, 3)) {
    for (const capacity of [2, 3]) yield { capacity, history: letters.flat() };
  }
}

/** Blocks that are pinned: every one of the tree, and one that nobody has. */
const pinned = oneOfValues(1, 2, 3, 4, 5, 6, 7, 8);
const PINS = {
  pin: fc.record({ kind: oneOfValues("pin" as const), block: pinned }),
  unpin: fc.record({ kind: oneOfValues("unpin" as const), block: pinned }),
};

const pinningLetters = histories<Letter>({
  operations: {
    ...letters,
    pin: PINS.pin.map((call) => () => [call]),
    unpin: PINS.unpin.map((call) => () => [call]),
    keep: chain.map((blocks) => () => [
      ...visit(blocks),
      { kind: "pin", block: blocks.at(-1) as number },
    ]),
  },
  small: { alphabet: [], depth: 0 },
  maxLength: 40,
});

const plainPinning = histories<PoolCall>({
  operations: { ...CALLS, ...PINS },
  small: { alphabet: [], depth: 0 },
  maxLength: 50,
});

/** The letters of the small scope with pins. */
const PINNING_LETTERS: readonly (readonly PoolCall[])[] = [
  visit([1, 2]),
  visit([6, 7]),
  [{ kind: "pin", block: 2 }],
  [{ kind: "pin", block: 1 }],
  [{ kind: "unpin", block: 2 }],
  [{ kind: "unpin", block: 1 }],
  [clear],
];

/** Every sequence of up to 4 letters, which are 2,801, on a pool of 3 blocks. */
function* smallPinnings(): Generator<PoolCase> {
  for (const letters of sequences(PINNING_LETTERS, 4))
    yield { capacity: 3, history: letters.flat() };
}

const capacity = fc.integer({ min: 1, max: 6 });

/** Histories of a small pool in which blocks are pinned and unpinned too; the small scope has 2,801. */
export const pinningCases = (): Given<PoolCase> => ({
  arbitrary: fc.record({ capacity, history: pinningLetters.arbitrary.map(spelled) }),
  plain: fc.record({ capacity, history: plainPinning.plain }),
  small: smallPinnings,
});

/** Histories of a small pool; the small scope has 2,928. */
export const poolCases = (): Given<PoolCase> => ({
  arbitrary: fc.record({ capacity, history: drawnHistory }),
  plain: fc.record({ capacity, history: plainHistory.plain }),
  small: smallCases,
});

/** The same, and 9 other names for the blocks 0 … 8. */
export const renamedPoolCases = (
  names: fc.Arbitrary<readonly number[]>,
): Given<PoolCase & { readonly names: readonly number[] }> => ({
  arbitrary: fc.record({ capacity, history: drawnHistory, names }),
  plain: fc.record({ capacity, history: plainHistory.plain, names }),
});
