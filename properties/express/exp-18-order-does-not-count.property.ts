import type { ExpressCall, ExpressRequest, WeightPiece } from "#rack";
import { differs, property, values } from "#verify";
import { planners } from "./planning-mutants.ts";
import { NONE, planIn } from "./reading.ts";
import { linksFor, type Move, planning, reference, requestOf, someMove } from "./requests.ts";

/** The same bytes, last first, each piece in two halves that overlap by a byte. */
const inPieces = (pieces: readonly WeightPiece[]): readonly WeightPiece[] =>
  pieces.toReversed().flatMap(({ gpu, from, to }) => {
    const middle = Math.floor((from + to) / 2);
    return [
      { gpu, from: middle, to },
      { gpu, from, to: Math.min(middle + 1, to) },
    ];
  });

const otherwise = (move: Move): ExpressCall => {
  const request: ExpressRequest = requestOf(move);
  const again = {
    ...request,
    sources: inPieces(request.sources),
    targets: inPieces(request.targets),
  };
  return { kind: "plan", request: again, links: linksFor(move) };
};

export default property({
  id: "EXP-18",
  part: "express",
  statement:
    "the same bytes asked for in another order, in other pieces, or twice, are planned the same",
  given: values(someMove),
  subject: reference,
  scripts: (move) => [[planning(move), otherwise(move)]],
  holds(_, [[plan, again] = NONE]) {
    const difference = differs(plan, again);
    return difference && { at: 1, ...difference };
  },
  witnesses: {
    "two sources of the same bytes": ({ sources }, [[plan] = NONE]) =>
      plan !== undefined && planIn(plan) !== undefined && sources.length > 1,
    "two targets of the same bytes": ({ targets }, [[plan] = NONE]) =>
      plan !== undefined && planIn(plan) !== undefined && targets.length > 1,
  },
  mutants: planners(
    "takes from whoever was named first",
    "serves targets as they were named",
    "sends overlapping pieces of a target one by one",
  ),
});
