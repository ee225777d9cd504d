import fc from "fast-check";
import type { ExpressCall, ExpressReply, WeightPiece } from "#rack";
import { differs, property, values } from "#verify";
import { planners } from "./planning-mutants.ts";
import { NONE, planIn } from "./reading.ts";
import { GPUS, linksFor, type Move, planning, reference, requestOf, someMove } from "./requests.ts";

/** A move, and a key for each GPU: its new number is its place among the keys. */
type Case = { readonly move: Move; readonly keys: readonly number[] };

const renamed = ({ keys }: Case): readonly number[] => {
  const order = keys
    .map((key, gpu) => ({ key, gpu }))
    .toSorted((a, b) => a.key - b.key || a.gpu - b.gpu);
  return keys.map((_, gpu) => order.findIndex((entry) => entry.gpu === gpu));
};

const relabelled = (given: Case): ExpressCall => {
  const [request, links, names] = [requestOf(given.move), linksFor(given.move), renamed(given)];
  const old = (name: number): number => names.indexOf(name);
  const rename = (pieces: readonly WeightPiece[]): readonly WeightPiece[] =>
    pieces.map((piece) => ({ ...piece, gpu: names[piece.gpu] as number }));
  return {
    kind: "plan",
    request: {
      ...request,
      sources: rename(request.sources),
      targets: rename(request.targets),
    },
    links: {
      ...links,
      distances: names.map((_, left) =>
        names.map((__, right) => links.distances[old(left)]?.[old(right)] as number),
      ),
    },
    options: { relays: false },
  };
};

export default property<Case, ExpressCall, ExpressReply>({
  id: "EXP-7",
  part: "express",
  statement:
    "when GPUs change their numbers and keep their distances, a direct plan is over as soon and has the same bounds",
  given: values(
    fc.record({
      move: someMove,
      keys: fc.array(fc.nat({ max: 20 }), { minLength: GPUS, maxLength: GPUS }),
    }),
  ),
  subject: reference,
  scripts: (given) => [[planning(given.move, { relays: false }), relabelled(given)]],
  holds(_, [[before, after] = NONE]) {
    const [plan, again] = [before && planIn(before), after && planIn(after)];
    if (plan === undefined || again === undefined) return undefined;
    const { linkNs: _link, ...bounds } = plan.lowerBounds;
    const { linkNs: _again, ...boundsAgain } = again.lowerBounds;
    const difference = differs(
      { finishNs: plan.finishNs, ...bounds },
      { finishNs: again.finishNs, ...boundsAgain },
    );
    return difference && { at: 1, ...difference };
  },
  witnesses: {
    "numbers that have changed": (given, [[reply] = NONE]) =>
      reply !== undefined &&
      planIn(reply) !== undefined &&
      renamed(given).some((name, gpu) => name !== gpu),
    "two sources of the same bytes": ({ move }, [[reply] = NONE]) =>
      reply !== undefined && planIn(reply) !== undefined && move.sources.length > 1,
  },
  mutants: planners(
    "takes numbers for places",
    "takes from the first source that there is",
    "takes from all evenly, however slow",
    "says it takes the last transfer",
  ),
});
