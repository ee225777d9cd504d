import fc from "fast-check";
import { type CreateDirectory, createBlockDirectory, createRouter, type Directory } from "#rack";
import { finding, property, type Subject, values } from "#verify";

/** What each worker holds of the prompt 0, 1, 2, 3, and which of them are live. */
type Case = { readonly held: readonly (readonly boolean[])[]; readonly live: readonly boolean[] };

const PROMPT = [0, 1, 2, 3];
const WORKERS = 3;

/** Tells a directory what the workers hold, and routes one request by what it answers. */
const routing =
  (create: CreateDirectory): Subject<Case, number> =>
  () =>
  ({ held, live }) => {
    const directory = create({ workers: WORKERS, tiers: 1 });
    for (const [worker, blocks] of held.entries()) {
      for (const [block, isHeld] of blocks.entries()) {
        if (isHeld) directory.stored(worker, 0, block, block);
      }
    }
    const overlapBlocks = new Uint32Array(WORKERS);
    directory.leadingRuns(PROMPT, overlapBlocks);
    return createRouter(
      { kind: "kv-aware", imbalanceBound: null },
      0,
    )({
      overlapBlocks,
      distances: new Uint8Array(WORKERS),
      loadBlocks: new Float64Array(WORKERS),
      activeRequests: new Uint32Array(WORKERS),
      live: Uint8Array.from(live, Number),
      promptBlocks: PROMPT.length,
      number: 0,
    });
  };

/** A directory that answers the router wrongly. */
const answering = (
  overlap: (directory: Directory, worker: number) => number,
): Subject<Case, number> =>
  routing((shape) => {
    const directory = createBlockDirectory(shape);
    return Object.assign(Object.create(null) as object, {
      stored: directory.stored.bind(directory),
      leadingRuns(_: ArrayLike<number>, into: Uint32Array): number {
        for (let worker = 0; worker < WORKERS; worker += 1)
          into[worker] = overlap(directory, worker);
        return Math.max(...into);
      },
    }) as unknown as Directory;
  });

const runOf = (held: readonly boolean[] = []): number => {
  const end = held.indexOf(false);
  return end === -1 ? held.length : end;
};

const BOOLEANS = [false, true] as const;

/** Every set of blocks at each of three workers, all live or the first of them lost: 2 · 2^12 = 8,192. */
function* smallCases(): Generator<Case> {
  const bits = (number: number): readonly boolean[] =>
    PROMPT.map((bit) => ((number >> bit) & 1) === 1);
  for (let number = 0; number < 4096; number += 1) {
    const held = [bits(number), bits(number >> 4), bits(number >> 8)];
    for (const first of BOOLEANS) yield { held, live: [first, true, true] };
  }
}

const some = (length: number): fc.Arbitrary<readonly boolean[]> =>
  fc.array(fc.boolean(), { minLength: length, maxLength: length });

export default property({
  id: "RTR-18",
  part: "router",
  statement:
    "a request goes to the live worker that holds the longest leading run of its blocks, the first of equals; blocks behind a gap, and blocks of the lost, count for nothing",
  given: values<Case>(
    fc.record({
      held: fc.array(some(PROMPT.length), { minLength: WORKERS, maxLength: WORKERS }),
      live: some(WORKERS),
    }),
    smallCases,
  ),
  subject: routing(createBlockDirectory),
  scripts: (given) => [[given]],
  holds({ held, live }, [[found = -1] = []]) {
    const runs = held.map((blocks, worker) => (live[worker] ? runOf(blocks) : -1));
    const longest = Math.max(...runs);
    const expected = longest === -1 ? -1 : runs.indexOf(longest);
    return expected === found ? undefined : finding(0, expected, found);
  },
  witnesses: {
    "more blocks held behind a gap than the choice holds": ({ held }, [[found = -1] = []]) =>
      held.some(
        (blocks) => blocks.filter(Boolean).length > (held[found] ?? []).filter(Boolean).length,
      ),
    "the longest run at a lost worker": ({ held, live }) =>
      held.some((blocks, worker) => !live[worker] && runOf(blocks) === PROMPT.length),
    "nobody live": ({ live }) => !live.includes(true),
  },
  mutants: {
    "counts every block that a worker holds, gaps or not": answering(
      (directory, worker) => PROMPT.filter((block) => directory.holds(worker, 0, block)).length,
    ),
    "knows only one place of each block, the last that told": answering(
      (directory, worker) =>
        PROMPT.filter((block) => directory.holders(block).at(-1)?.worker === worker).length,
    ),
    "joins the runs of several workers": answering((directory, worker) => {
      const end = PROMPT.findIndex((block) => directory.holders(block).length === 0);
      return directory.holds(worker, 0, 0) ? (end === -1 ? PROMPT.length : end) : 0;
    }),
    "counts a run from its end": answering((directory, worker) => {
      const end = PROMPT.toReversed().findIndex((block) => !directory.holds(worker, 0, block));
      return end === -1 ? PROMPT.length : end;
    }),
  },
});
