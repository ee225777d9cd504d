import { NANOS_MAX, unreachable } from "#base";
import { adversarialGapNs } from "./adversarial.ts";
import type { Arrivals } from "./arrivals.ts";
import { meanOf } from "./quantiles.ts";
import type { ConversationShape, Shape } from "./shape.ts";

/**
 * How much longer than the longest possible trace one must be on average to be refused unmade. A trace of 104 days has more than a million
 * gaps, so that its length strays from the mean by less than a hundredth.
 */
const MARGIN = 1.25;

/** The mean gap between arrivals, in nanoseconds. */
const arrivalGapNs = (arrivals: Arrivals): number => {
  if (arrivals.kind === "poisson") return arrivals.meanNs;
  if (arrivals.kind === "gaps") return meanOf(arrivals.gapNs);
  const size = meanOf(arrivals.size);
  return (arrivals.silenceMeanNs + (size - 1) * arrivals.insideMeanNs) / size;
};

/** The mean number of turns of a conversation that no context window ends; followed by a last share of 1, infinity. */
const turnsOf = (followed: readonly number[]): number => {
  const last = followed.at(-1);
  if (last === undefined) return 1;
  let turns = 1;
  let reached = 1;
  for (const share of followed) {
    reached *= share;
    turns += reached;
  }
  return turns + (reached * last) / (1 - last);
};

/** The mean gap between the requests of conversations, or less: context windows end some of them early. */
const conversationGapNs = ({ arrivals, openings }: ConversationShape): number =>
  arrivalGapNs(arrivals) /
  openings.reduce((turns, { share, followed }) => turns + share * turnsOf(followed), 0);

const gapNs = (shape: Shape): number => {
  switch (shape.kind) {
    case "independent":
      return arrivalGapNs(shape.arrivals);
    case "conversations":
      return conversationGapNs(shape);
    case "adversarial":
      return adversarialGapNs(shape);
    default:
      return unreachable(shape);
  }
};

/**
 * As many requests as a trace of the shape can have, or more: one with more than these would certainly be longer than 104 days, so that
 * making it could only fail. It is told from the shape's mean gaps, with a margin.
 */
export const requestsMax = (shape: Shape): number =>
  Math.floor((MARGIN * NANOS_MAX) / gapNs(shape));
