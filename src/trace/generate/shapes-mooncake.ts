import type { Arrivals } from "./arrivals.ts";
import type { Knot } from "./quantiles.ts";
import type { ConversationShape, Shape } from "./shape.ts";

const SECOND_NS = 1e9;

/**
 * Both Mooncake traces arrive on a grid of 3 s, about as many at each instant as a Poisson process
 * brings in that time.
 */
export const onGrid = (conversationsPerTick: number): Arrivals => ({
  kind: "poisson",
  meanNs: (3 * SECOND_NS) / conversationsPerTick,
  gridNs: 3 * SECOND_NS,
});

/**
 * A trace of an hour shows too few of the long delays, since it ends before the next turn. So the
 * delays seen are lengthened by this, which puts the LRU curve and the reuse distances where the
 * trace has them.
 */
const CUT_OFF = 1.12;

const delays = (seconds: readonly Knot[]): readonly Knot[] =>
  seconds.map(([share, value]) => [share, CUT_OFF * value * SECOND_NS] as const);

/**
 * Prompts of conversations that are never taken up again: quantiles of the public conversation
 * trace.
 */
const ONLY_TOKENS: readonly Knot[] = [
  [0, 891],
  [0.1, 899],
  [0.2, 928],
  [0.25, 1004],
  [0.3, 1245],
  [0.4, 2916],
  [0.5, 4884],
  [0.6, 6812],
  [0.7, 10_065],
  [0.8, 15_368],
  [0.9, 25_826],
  [0.95, 41_631],
  [0.98, 75_011],
  [0.99, 94_991],
  [1, 126_000],
];

/** First prompts of conversations that are: quantiles of the same trace. */
const FIRST_TOKENS: readonly Knot[] = [
  [0, 891],
  [0.01, 1033],
  [0.1, 1298],
  [0.2, 2016],
  [0.3, 3876],
  [0.5, 6893],
  [0.6, 9225],
  [0.7, 12_499],
  [0.8, 17_478],
  [0.9, 25_409],
  [0.95, 33_732],
  [0.98, 55_011],
  [0.99, 73_427],
  [1, 122_891],
];

/** Answers: quantiles of the same trace. */
const OUTPUT_TOKENS: readonly Knot[] = [
  [0, 1],
  [0.01, 3],
  [0.05, 10],
  [0.1, 24],
  [0.15, 46],
  [0.2, 100],
  [0.25, 156],
  [0.3, 213],
  [0.4, 291],
  [0.5, 350],
  [0.6, 399],
  [0.7, 447],
  [0.8, 504],
  [0.9, 597],
  [0.95, 698],
  [0.98, 893],
  [0.99, 1120],
  [0.995, 1570],
  [0.999, 2000],
  [1, 2000],
];

/**
 * How conversations go on, measured on the same trace by following each prompt to the one whose
 * blocks it continues.
 */
export const TURNS = {
  turnTokens: [
    [0, 1],
    [0.15, 3],
    [0.2, 7],
    [0.3, 11],
    [0.5, 26],
    [0.6, 52],
    [0.7, 172],
    [0.8, 695],
    [0.85, 2547],
    [0.9, 4203],
    [0.95, 6500],
    [0.98, 11_742],
    [0.99, 15_000],
    [1, 40_000],
  ],
  delayNs: delays([
    [0, 6],
    [0.05, 27],
    [0.1, 39],
    [0.2, 57],
    [0.3, 75],
    [0.4, 96],
    [0.5, 123],
    [0.6, 162],
    [0.7, 225],
    [0.8, 318],
    [0.9, 474],
    [0.95, 606],
    [0.98, 972],
    [0.99, 1458],
    [1, 3030],
  ]),
  answerNsPerToken: 0,
  takenBack: {
    share: 0.15,
    keptShare: [
      [0, 0.02],
      [0.05, 0.053],
      [0.2, 0.097],
      [0.5, 0.214],
      [0.75, 0.453],
      [0.9, 0.833],
      [1, 0.98],
    ],
    length: [
      [0, 0.2],
      [0.05, 0.5],
      [0.2, 0.72],
      [0.5, 0.99],
      [0.8, 1.16],
      [0.95, 1.73],
      [1, 3],
    ],
  },
  inputTokensMax: 126_195,
} as const satisfies Partial<ConversationShape>;

/**
 * The share of conversations that go on, by turn, counted in the first three quarters of the public
 * conversation trace.
 */
const FOLLOWED = [0.334, 0.436, 0.559, 0.644, 0.667, 0.706, 0.76] as const;

/** The conversations of Kimi, as in the Mooncake trace of that name. */
export const MOONCAKE_CONVERSATION: Shape = {
  name: "mooncake-conversation",
  sources: [
    "Mooncake FAST'25 conversation_trace.jsonl, measured: quantiles, turns, delays, shared prefixes",
    "chosen: delays 12 % longer than measured, for what the hour cuts off",
  ],
  kind: "conversations",
  blockTokens: 512,
  arrivals: onGrid(6.35),
  openings: [
    {
      share: 1,
      sharedBlocks: 1,
      followed: FOLLOWED,
      onlyTokens: ONLY_TOKENS,
      firstTokens: FIRST_TOKENS,
      outputTokens: OUTPUT_TOKENS,
    },
  ],
  ...TURNS,
  namesSessions: false,
};
