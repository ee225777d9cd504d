import type { ReuseDistances } from "../statistics/reuse-distances.ts";
import type { TraceStatistics } from "../statistics.ts";
import type { ShapeName } from "./shapes.ts";

/** What a trace shows of itself to a target: its statistics and its reuse distances. */
export type Measured = {
  readonly statistics: TraceStatistics;
  readonly reuse: ReuseDistances;
};

/**
 * The figures that targets speak of, each with how it is read off a trace. A figure that the trace
 * has not is null.
 */
const FIGURES = {
  "span, seconds": ({ statistics }) => (statistics.span_ns ?? 0) / 1e9,
  "distinct timestamps": ({ statistics }) => statistics.distinct_timestamps,
  "input tokens, mean": ({ statistics }) => statistics.input_tokens.mean,
  "input tokens, p50": ({ statistics }) => statistics.input_tokens.p50,
  "input tokens, p90": ({ statistics }) => statistics.input_tokens.p90,
  "input tokens, p99": ({ statistics }) => statistics.input_tokens.p99,
  "input tokens, max": ({ statistics }) => statistics.input_tokens.max,
  "output tokens, mean": ({ statistics }) => statistics.output_tokens.mean,
  "output tokens, p50": ({ statistics }) => statistics.output_tokens.p50,
  "output tokens, p99": ({ statistics }) => statistics.output_tokens.p99,
  "output tokens, max": ({ statistics }) => statistics.output_tokens.max,
  "block references": ({ statistics }) => statistics.block_refs,
  "distinct blocks": ({ statistics }) => statistics.distinct_blocks,
  "ideal prefix hit": ({ statistics }) => statistics.ideal_prefix_hit,
  "LRU hit at 1,000 blocks": ({ statistics }) => statistics.lru_hit?.[0]?.hit ?? null,
  "LRU hit at 5,000 blocks": ({ statistics }) => statistics.lru_hit?.[1]?.hit ?? null,
  "LRU hit at 10,000 blocks": ({ statistics }) => statistics.lru_hit?.[2]?.hit ?? null,
  "LRU hit at 20,000 blocks": ({ statistics }) => statistics.lru_hit?.[3]?.hit ?? null,
  "LRU hit at 50,000 blocks": ({ statistics }) => statistics.lru_hit?.[4]?.hit ?? null,
  "reuse distance, p50": ({ reuse }) => reuse.p50,
  "reuse distance, p90": ({ reuse }) => reuse.p90,
} as const satisfies Record<string, (measured: Measured) => number | null>;

/** The name of such a figure. */
type FigureName = keyof typeof FIGURES;

/** One figure that a generated trace has to come near. */
type Target = {
  readonly figure: FigureName;
  readonly target: number;
  /** How far off it may be, as a share of the target. It covers the spread from seed to seed. */
  readonly tolerance: number;
};

/** The figures of a public trace, for a generated trace of as many requests. */
export type TargetTable = {
  readonly shape: ShapeName;
  readonly requests: number;
  readonly sources: readonly string[];
  readonly targets: readonly Target[];
};

const near = (figure: FigureName, target: number, tolerance: number): Target => ({
  figure,
  target,
  tolerance,
});

/**
 * What is published of the public traces, and how near a generated one must come. A figure without
 * a source is not here.
 */
export const TARGETS: readonly TargetTable[] = [
  {
    shape: "mooncake-conversation",
    requests: 12_031,
    sources: ["Mooncake FAST'25 conversation_trace.jsonl, measured by `traceStatistics`"],
    targets: [
      near("span, seconds", 3537, 0.08),
      near("distinct timestamps", 1180, 0.08),
      near("input tokens, mean", 12_035, 0.08),
      near("input tokens, p50", 6909, 0.07),
      near("input tokens, p90", 27_367, 0.1),
      near("input tokens, p99", 85_401, 0.18),
      near("input tokens, max", 126_195, 0.02),
      near("output tokens, mean", 342.6, 0.04),
      near("output tokens, p50", 350, 0.03),
      near("output tokens, p99", 1120, 0.12),
      near("output tokens, max", 2000, 0),
      near("block references", 288_500, 0.08),
      near("distinct blocks", 182_790, 0.08),
      near("ideal prefix hit", 0.366, 0.06),
      near("LRU hit at 1,000 blocks", 0.044, 0.15),
      near("LRU hit at 5,000 blocks", 0.11, 0.12),
      near("LRU hit at 10,000 blocks", 0.211, 0.08),
      near("LRU hit at 20,000 blocks", 0.287, 0.08),
      near("LRU hit at 50,000 blocks", 0.355, 0.07),
      near("reuse distance, p50", 8356, 0.12),
      near("reuse distance, p90", 31_589, 0.18),
    ],
  },
  {
    shape: "mooncake-toolagent",
    requests: 23_608,
    sources: [
      "Mooncake FAST25-release/README.md: the means",
      "toolagent_trace.jsonl as others measured it: medians, 183,300 distinct blocks, 55.3 % reused",
    ],
    targets: [
      near("input tokens, mean", 8596, 0.07),
      near("input tokens, p50", 6346, 0.02),
      near("output tokens, mean", 182, 0.05),
      near("output tokens, p50", 30, 0.1),
      near("distinct blocks", 183_300, 0.08),
      near("ideal prefix hit", 0.553, 0.05),
    ],
  },
  {
    shape: "azure-code",
    requests: 8819,
    sources: ["Azure 2023 AzureLLMInferenceTrace_code.csv, measured by `traceStatistics`"],
    targets: [
      near("span, seconds", 3436, 0.4),
      near("input tokens, mean", 2048, 0.05),
      near("input tokens, p50", 1469, 0.07),
      near("input tokens, p99", 7436, 0.01),
      near("input tokens, max", 7437, 0.001),
      near("output tokens, mean", 27.88, 0.12),
      near("output tokens, p50", 13, 0.08),
      near("output tokens, p99", 252, 0.25),
      near("output tokens, max", 1899, 0.3),
    ],
  },
  {
    shape: "azure-conversation",
    requests: 19_366,
    sources: [
      "Azure 2023 AzureLLMInferenceTrace_conv.csv, the trace of Splitwise (ISCA 2024), as others " +
        "measured it",
    ],
    targets: [
      near("span, seconds", 3480, 0.04),
      near("input tokens, mean", 1155, 0.04),
      near("input tokens, p50", 1020, 0.06),
      near("output tokens, mean", 211, 0.04),
      near("output tokens, p50", 129, 0.06),
    ],
  },
];

/** A figure of a trace beside its target. */
export type TargetResult = Target & {
  readonly found: number | null;
  readonly isNear: boolean;
};

/** Holds a measured trace against the targets of its table, one after the other. */
export const compareWithTargets = (
  { targets }: TargetTable,
  measured: Measured,
): readonly TargetResult[] =>
  targets.map((entry) => {
    const found = FIGURES[entry.figure](measured);
    const isNear =
      found !== null && Math.abs(found - entry.target) <= entry.tolerance * entry.target;
    return { ...entry, found, isNear };
  });
