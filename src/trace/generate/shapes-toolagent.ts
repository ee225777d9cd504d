import type { Knot } from "./quantiles.ts";
import type { Opening, Shape } from "./shape.ts";
import { onGrid, TURNS } from "./shapes-mooncake.ts";

/**
 * Tool calls behind a system prompt of 12 blocks, which is 6,144 tokens: little is added and little
 * is answered.
 */
const TOOL_CALLS: Opening = {
  share: 0.54,
  sharedBlocks: 12,
  followed: [],
  onlyTokens: [
    [0, 6145],
    [0.35, 6320],
    [0.7, 6700],
    [0.95, 7600],
    [1, 9500],
  ],
  firstTokens: [
    [0, 6145],
    [1, 9500],
  ],
  outputTokens: [
    [0, 1],
    [0.5, 12],
    [0.9, 32],
    [1, 300],
  ],
};

const agents = (share: number): Opening => ({
  share,
  sharedBlocks: 1,
  followed: [0.36, 0.46, 0.56, 0.64, 0.7],
  onlyTokens: AGENT_TOKENS,
  firstTokens: AGENT_TOKENS,
  outputTokens: AGENT_OUTPUT_TOKENS,
});

const AGENT_TOKENS: readonly Knot[] = [
  [0, 890],
  [0.3, 1600],
  [0.5, 3600],
  [0.66, 6500],
  [0.83, 13_500],
  [0.95, 29_000],
  [0.985, 60_000],
  [1, 125_546],
];

const AGENT_OUTPUT_TOKENS: readonly Knot[] = [
  [0, 1],
  [0.1, 12],
  [0.35, 60],
  [0.6, 350],
  [0.9, 620],
  [0.99, 1200],
  [1, 2000],
];

/** The tools and agents of Kimi, as in the Mooncake trace of that name. */
export const MOONCAKE_TOOLAGENT: Shape = {
  name: "mooncake-toolagent",
  sources: [
    "Mooncake FAST25-release/README.md: 23,608 requests, mean input 8,596, mean output 182; " +
      "two sample rows share 12 blocks",
    "toolagent_trace.jsonl as others measured it: median input 6,346, median output 30; three " +
      "leading blocks, with 46.3 %, 39.0 % and 14.6 % of the requests; 55.3 % of references reused",
    "turns and delays as in mooncake-conversation; all else chosen to meet the figures above",
  ],
  kind: "conversations",
  blockTokens: 512,
  arrivals: onGrid(14.9),
  openings: [TOOL_CALLS, agents(0.35), agents(0.11)],
  ...TURNS,
  namesSessions: false,
};
