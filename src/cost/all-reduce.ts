import { type Bytes, bytes } from "#base";
import type { AllReduceRates, Model, NumberFormat, Profile } from "#spec";
import type { Deployment } from "./deployment.ts";
import { requirePositive, requireWhole } from "./require.ts";

/** What a group of GPUs spans: at most one domain, or several. */
export type Span = keyof AllReduceRates;

/**
 * One after attention and one after the feed-forward network, when both are split by columns and then by rows
 * (https://arxiv.org/abs/1909.08053, section 3).
 */
const ALL_REDUCES_PER_LAYER = 2;

/** The hidden state of `tokens` tokens in one layer: `tokens · hidden · bytes a value`. Throws an `InputError` (SPEC-6). */
export const hiddenStateBytes = (model: Model, tokens: number, format: NumberFormat): Bytes =>
  bytes(
    requirePositive("the tokens of a hidden state", tokens) *
      model.hidden.value *
      format.bytesPerValue.value,
  );

/**
 * How many times the message each GPU of a ring sends: `2 · (tp − 1) ÷ tp`, `tp − 1` shares of it while reducing and as many while
 * gathering (https://doi.org/10.1016/j.jpdc.2008.09.002). 0 for a GPU alone. Throws an `InputError` (SPEC-6).
 */
export const ringFactor = (tp: number): number => {
  requireWhole("a degree of tensor parallelism", tp);
  return (2 * (tp - 1)) / tp;
};

/**
 * The seconds, not rounded, that an all-reduce of a message of `size` bytes takes on a ring of `tp` GPUs: `ring factor · size ÷ rate`. The latency
 * of the ring's steps is not counted. Throws an `InputError` (SPEC-6).
 */
export const allReduceTime = (profile: Profile, span: Span, tp: number, size: number): number =>
  (ringFactor(tp) * requirePositive("the message of an all-reduce", size)) /
  profile.allReduceRates[span].value;

/**
 * The seconds, not rounded, that all the all-reduces of one step of `tokens` tokens take, two in each layer, one after the other; hidden states are in
 * `format`. Throws an `InputError` (SPEC-6).
 */
export const stepAllReduceTime = (
  { profile, model, tp }: Pick<Deployment, "profile" | "model" | "tp">,
  span: Span,
  tokens: number,
  format: NumberFormat,
): number =>
  ALL_REDUCES_PER_LAYER *
  model.layers.value *
  allReduceTime(profile, span, tp, hiddenStateBytes(model, tokens, format));
