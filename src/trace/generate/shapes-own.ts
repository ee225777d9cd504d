import type { Knot } from "./quantiles.ts";
import type { Shape } from "./shape.ts";
import { CHAT_INPUT_TOKENS, CHAT_OUTPUT_TOKENS } from "./shapes-azure.ts";

const MILLISECOND_NS = 1e6;
const SECOND_NS = 1e9;

/** For shapes whose turns are never taken back. */
const NOTHING_TAKEN_BACK = {
  share: 0,
  keptShare: [
    [0, 1],
    [1, 1],
  ],
  length: [
    [0, 1],
    [1, 1],
  ],
} as const;

const ANY: readonly Knot[] = [
  [0, 1],
  [1, 1],
];

/**
 * Long conversations that name themselves: every turn is the whole prompt before it, its answer,
 * and a question.
 */
export const SESSIONS: Shape = {
  name: "sessions",
  sources: [
    "chosen: a system prompt of 2 blocks, 5 turns on average, 5 to 60 s to read and to type, " +
      "100 tokens a second",
  ],
  kind: "conversations",
  blockTokens: 512,
  arrivals: { kind: "poisson", meanNs: 2 * SECOND_NS, gridNs: MILLISECOND_NS },
  openings: [
    {
      share: 1,
      sharedBlocks: 2,
      followed: [0.8],
      onlyTokens: [
        [0, 1030],
        [0.5, 1300],
        [1, 4000],
      ],
      firstTokens: [
        [0, 1030],
        [0.5, 1300],
        [1, 4000],
      ],
      outputTokens: [
        [0, 10],
        [0.5, 300],
        [1, 2000],
      ],
    },
  ],
  turnTokens: [
    [0, 5],
    [0.5, 60],
    [1, 1500],
  ],
  delayNs: [
    [0, 5 * SECOND_NS],
    [0.5, 15 * SECOND_NS],
    [1, 60 * SECOND_NS],
  ],
  answerNsPerToken: 10 * MILLISECOND_NS,
  takenBack: NOTHING_TAKEN_BACK,
  inputTokensMax: 32_768,
  namesSessions: true,
};

/**
 * Everybody asks once, behind the same long system prompt: what drowns the one worker that holds
 * it.
 */
export const HOT_PROMPT: Shape = {
  name: "hot-prompt",
  sources: ["chosen: one system prompt of 16 blocks, which is 8,192 tokens, before every question"],
  kind: "conversations",
  blockTokens: 512,
  arrivals: { kind: "poisson", meanNs: 100 * MILLISECOND_NS, gridNs: MILLISECOND_NS },
  openings: [
    {
      share: 1,
      sharedBlocks: 16,
      followed: [],
      onlyTokens: [
        [0, 8200],
        [0.5, 8400],
        [1, 12_000],
      ],
      firstTokens: ANY,
      outputTokens: CHAT_OUTPUT_TOKENS,
    },
  ],
  turnTokens: ANY,
  delayNs: ANY,
  answerNsPerToken: 0,
  takenBack: NOTHING_TAKEN_BACK,
  inputTokensMax: 32_768,
  namesSessions: false,
};

/** Chat that comes in crowds: up to 400 requests within a second or so, then silence. */
export const BURSTS: Shape = {
  name: "bursts",
  sources: ["arrivals chosen; lengths as in azure-conversation"],
  kind: "independent",
  arrivals: {
    kind: "bursts",
    size: [
      [0, 1],
      [0.5, 20],
      [0.9, 100],
      [1, 400],
    ],
    insideMeanNs: 2 * MILLISECOND_NS,
    silenceMeanNs: 20 * SECOND_NS,
    gridNs: MILLISECOND_NS,
  },
  inputTokens: CHAT_INPUT_TOKENS,
  outputTokens: CHAT_OUTPUT_TOKENS,
};

/** Whatever is hard on a cache, a router or a clock, one kind after the other. */
export const ADVERSARIAL: Shape = {
  name: "adversarial",
  sources: ["chosen: see adversarial.ts for what each phase is after"],
  kind: "adversarial",
  blockTokens: 512,
};
