import { type FlopsPerSecond, InputError, type Issue } from "#base";
import {
  type Fact,
  type FormatName,
  findFormat,
  type Gpu,
  type LayerPrecision,
  layerPrecision,
  mixedPeak,
  type PrecisionChoice,
} from "#spec";

/** A layer as a GPU runs it: the formats of its operands and results, and the peak of each matrix product. */
export type LayerConfiguration = {
  readonly precision: LayerPrecision;
  /** Queries by keys. */
  readonly qk: Fact<FlopsPerSecond>;
  /** Probabilities, which are in the format of the queries, by values. */
  readonly pv: Fact<FlopsPerSecond>;
  /** Activations by weights. */
  readonly linear: Fact<FlopsPerSecond>;
};

/** The products of a layer, and the formats of their two operands. */
const products = ({ attention, linear }: LayerPrecision) =>
  ({
    qk: [attention.q, attention.k],
    pv: [attention.q, attention.v],
    linear: [linear.weights, linear.activations],
  }) as const satisfies Record<string, readonly [Fact<FormatName>, Fact<FormatName>]>;

/** Why a GPU cannot run a product; none when it can. */
const objections = (run: () => unknown): readonly Issue[] => {
  try {
    run();
    return [];
  } catch (thrown) {
    if (thrown instanceof InputError) return thrown.issues;
    throw thrown;
  }
};

const isFirst = (issue: Issue, index: number, all: readonly Issue[]): boolean =>
  all.findIndex(({ message }) => message === issue.message) === index;

/**
 * Configures a layer for a GPU, frozen. What is not chosen is the document's: FP4 weights, FP8 keys, values, queries and activations. A product runs at
 * the peak of the wider of its operands, so that FP4 weights by FP8 activations run at the FP8 peak. Throws an `InputError` with every
 * issue: SPEC-1 for a format that there is not, SPEC-4 for one that the GPU lacks or two that do not go together.
 */
export const configureLayer = (gpu: Gpu, choice: PrecisionChoice = {}): LayerConfiguration => {
  const precision = layerPrecision(choice);
  const operands = products(precision);
  const peak = ([left, right]: readonly [Fact<FormatName>, Fact<FormatName>]) =>
    mixedPeak(gpu, findFormat(left.value), findFormat(right.value));
  const issues = Object.values(operands)
    .flatMap((pair) => objections(() => peak(pair)))
    .filter(isFirst);
  if (issues.length > 0) throw new InputError(issues);
  return Object.freeze({
    precision,
    qk: peak(operands.qk),
    pv: peak(operands.pv),
    linear: peak(operands.linear),
  });
};
