import type { Knot } from "./quantiles.ts";
import type { Shape } from "./shape.ts";

const MICROSECOND_NS = 1000;

const microseconds = (knots: readonly Knot[]): readonly Knot[] =>
  knots.map(([share, value]) => [share, value * MICROSECOND_NS] as const);

/** Code completions: long prompts, short answers, and arrivals in fits and starts. */
export const AZURE_CODE: Shape = {
  name: "azure-code",
  sources: [
    "Azure 2023 AzureLLMInferenceTrace_code.csv, measured: quantiles of gaps, prompts and answers; " +
      "prompts and answers do not correlate (-0.005)",
  ],
  kind: "independent",
  arrivals: {
    kind: "gaps",
    gridNs: MICROSECOND_NS,
    gapNs: microseconds([
      [0, 6],
      [0.01, 22],
      [0.05, 88],
      [0.1, 209],
      [0.15, 885],
      [0.25, 2077],
      [0.35, 5345],
      [0.4, 15_117],
      [0.45, 38_222],
      [0.5, 63_784],
      [0.55, 89_551],
      [0.7, 100_130],
      [0.75, 103_998],
      [0.8, 160_092],
      [0.9, 273_039],
      [0.95, 400_846],
      [0.98, 798_791],
      [0.99, 2_205_167],
      [0.995, 10_124_387],
      [0.999, 82_752_159],
      [1, 217_168_952],
    ]),
  },
  inputTokens: [
    [0, 3],
    [0.001, 7],
    [0.01, 17],
    [0.025, 44],
    [0.1, 147],
    [0.15, 232],
    [0.2, 385],
    [0.3, 770],
    [0.4, 1075],
    [0.5, 1469],
    [0.6, 1909],
    [0.7, 2433],
    [0.8, 3193],
    [0.85, 3923],
    [0.9, 5194],
    [0.95, 7315],
    [0.97, 7435],
    [1, 7437],
  ],
  outputTokens: [
    [0, 6],
    [0.08, 6],
    [0.15, 7],
    [0.3, 9],
    [0.4, 11],
    [0.5, 13],
    [0.6, 16],
    [0.7, 20],
    [0.8, 29],
    [0.85, 39],
    [0.9, 55],
    [0.95, 90],
    [0.98, 172],
    [0.99, 252],
    [0.995, 361],
    [0.999, 831],
    [1, 1899],
  ],
};

/**
 * Prompts of the Azure 2023 conversation trace: mean 1,155, median 1,020, 95 % at most 4,083. What
 * lies between is chosen.
 */
export const CHAT_INPUT_TOKENS: readonly Knot[] = [
  [0, 3],
  [0.1, 120],
  [0.3, 500],
  [0.5, 1020],
  [0.8, 1480],
  [0.9, 2600],
  [0.95, 4083],
  [1, 4100],
];

/** Answers of the same trace: mean 211, median 129, 95 % at most 451. What lies between is chosen. */
export const CHAT_OUTPUT_TOKENS: readonly Knot[] = [
  [0, 3],
  [0.25, 60],
  [0.5, 129],
  [0.55, 250],
  [0.8, 375],
  [0.95, 451],
  [1, 1000],
];

/** Chat without anything to tell one conversation from another. */
export const AZURE_CONVERSATION: Shape = {
  name: "azure-conversation",
  sources: [
    "Azure 2023 AzureLLMInferenceTrace_conv.csv, the trace of Splitwise (ISCA 2024), as others " +
      "measured it: 19,366 requests in 58 min; prompts mean 1,155, median 1,020, p95 4,083; " +
      "answers mean 211, median 129, p95 451",
    "chosen: the quantiles between, and Poisson arrivals",
  ],
  kind: "independent",
  arrivals: { kind: "poisson", meanNs: 179_700_000, gridNs: MICROSECOND_NS },
  inputTokens: CHAT_INPUT_TOKENS,
  outputTokens: CHAT_OUTPUT_TOKENS,
};
