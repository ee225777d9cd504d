/** The histories that the rack's properties range over: few owners, two models and a third, few blocks. */
import fc from "fast-check";
import { randomStream } from "#base";
import { type Given, histories, oneOfValues, sequences } from "#verify";
import {
  ACTS,
  blocks,
  copy,
  deploy,
  exchange,
  gpu,
  model,
  owner,
  prompt,
  request,
  share,
  up,
} from "./acts.ts";
import { scenes } from "./scenes.ts";
import type { RackAct, RackCase } from "./setup.ts";

const alone = (act: fc.Arbitrary<RackAct>): fc.Arbitrary<readonly RackAct[]> =>
  act.map((one) => [one]);

const letters = histories<readonly RackAct[]>({
  operations: {
    ...Object.fromEntries(
      Object.entries<fc.Arbitrary<RackAct>>(ACTS).map(([name, act]) => [name, alone(act)]),
    ),
    up: fc
      .tuple(owner, model, oneOfValues<number>(1, 1, 2, 4), oneOfValues<number>(1, 2, 4))
      .map((drawn) => up(...drawn)),
    prompt: fc.tuple(request, model, blocks, gpu).map((drawn) => prompt(...drawn)),
    copy: fc.tuple(request, model, blocks, gpu).map((drawn) => copy(...drawn)),
    share: fc.tuple(model, blocks).map((drawn) => share(...drawn)),
    exchange: fc.tuple(gpu, model).map((drawn) => [exchange(...drawn)]),
    blink: fc
      .oneof(ACTS.lose, ACTS.loseMore)
      .map((lost) => [lost, { ...lost, kind: "regain" } as RackAct]),
  },
  small: { alphabet: [], depth: 0 },
  maxLength: 8,
});

/** Racks that are in use, or not: four workers of one model, two models, workers of two GPUs, requests under way. */
const BEGINNINGS: readonly (readonly RackAct[])[] = [
  [],
  up(0, "a", 1, 4),
  [...up(0, "a", 1, 4), ...prompt(0, "a", [1, 2, 3], 0), ...copy(1, "a", [1, 2, 3, 4], 1)],
  [...up(0, "a", 1, 4), ...share("a", [1, 2]), ...share("a", [7])],
  [
    ...up(0, "a", 1, 2),
    ...up(1, "b", 1, 2),
    ...prompt(0, "a", [1, 2], 0),
    ...prompt(1, "b", [1, 2], 2),
  ],
  [...up(0, "a", 2, 2), ...prompt(0, "a", [1, 2, 3, 4], 0), ...up(1, "b", 1, 1)],
  [...up(0, "a", 2, 3), ...prompt(0, "a", [1, 2, 3], 0), ...copy(1, "a", [1, 2, 3], 2)],
  [...up(0, "a", 1, 1), deploy(1, "a", 1, 3)],
  [...up(0, "a", 1, 2), ...up(1, "b", 1, 1), ...prompt(0, "a", [1], 0), exchange(1, "b")],
];

const beginning = fc.oneof(
  { weight: 2, arbitrary: fc.constantFrom(...BEGINNINGS) },
  { weight: 1, arbitrary: fc.constantFrom(...scenes()) },
);

/** Two models, a prompt, and each thing that can happen to a rack. */
const ALPHABET: readonly (readonly RackAct[])[] = [
  up(0, "a", 1, 2),
  [{ ...deploy(1, "b", 2, 4), priority: 1 } as RackAct],
  [exchange(0, "b")],
  prompt(0, "a", [1, 2, 3], 0),
  copy(1, "a", [1, 2, 3, 4], 1),
  [{ kind: "lose", gpu: 0 }],
  [{ kind: "regain", domain: 0 }],
  [{ kind: "release", request: 0 }],
  [{ kind: "wait", ns: 2500 }],
];

const DEFAULTS = { policy: "kv-aware", switchBytes: 40 } as const;

/** A life of so many acts, always the same. */
export const longLife = (acts: number): RackCase => {
  const random = randomStream(1, "properties/rack/long");
  const drawn = fc.sample(letters.arbitrary, { seed: 1, numRuns: 200 }).flat();
  const history: RackAct[] = [];
  while (history.length < acts) history.push(...(drawn[random.below(drawn.length)] ?? []));
  return { ...DEFAULTS, history: history.slice(0, acts) };
};

const policy = oneOfValues("kv-aware", "kv-aware:bound=2", "least-loaded", "round-robin");
const switchBytes = oneOfValues<number>(40, 24, 1000, 0);

/**
 * Drawn histories on a rack that is empty or in use. The small scope has every sequence of up to so many of 9 letters, 10 of up to 1 and 91 of up to 2, and the
 * scenes.
 */
export const rackCases = (depth = 1, ...more: readonly RackCase[]): Given<RackCase> => ({
  arbitrary: fc.record({
    policy,
    switchBytes,
    history: fc
      .tuple(beginning, letters.arbitrary)
      .map(([beginning, drawn]) => [...beginning, ...drawn.flat()]),
  }),
  plain: fc.record({
    policy,
    switchBytes,
    history: fc.array(
      fc.oneof(
        ...Object.values<fc.Arbitrary<RackAct>>(ACTS),
        fc.record({ kind: fc.constant("wait" as const), ns: fc.nat({ max: 100_000 }) }),
      ),
      { maxLength: 3000, size: "max" },
    ),
  }),
  *small() {
    for (const drawn of sequences(ALPHABET, depth)) yield { ...DEFAULTS, history: drawn.flat() };
    for (const history of scenes()) yield { ...DEFAULTS, history };
    yield* more;
  },
});
