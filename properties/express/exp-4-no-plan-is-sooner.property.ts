import fc from "fast-check";
import { isRefused } from "#base";
import { planModel } from "#rack";
import { differs, property, values } from "#verify";
import { planners } from "./planning-mutants.ts";
import { byteDistance, planIn, sole } from "./reading.ts";
import {
  broadcastMove,
  linksFor,
  type Move,
  planning,
  reference,
  requestOf,
  smallMoves,
  tinyMove,
} from "./requests.ts";

/** How many different GPUs hold something: with more, there are too many ways to try them all. */
const isSmall = (move: Move): boolean =>
  new Set(requestOf(move).sources.map(({ gpu }) => gpu)).size <= 4;

export default property({
  id: "EXP-4",
  part: "express",
  statement:
    "no way of choosing who sends which bytes is over sooner, and none that is over as soon has its bytes cross less distance: every way is tried",
  given: values(
    fc.oneof({ weight: 3, arbitrary: tinyMove }, { weight: 1, arbitrary: broadcastMove(3, 3) }),
    smallMoves,
  ),
  subject: reference,
  scripts: (move) => [[planning(move)]],
  holds(move, replies) {
    const reply = sole(replies);
    const plan = planIn(reply);
    if (plan === undefined || isRefused(reply) || !isSmall(move)) return undefined;
    const found = { ...planModel(requestOf(move), linksFor(move)) };
    const { kind, strategy, finishNs } = plan;
    const own = { kind, strategy, finishNs, byteDistance: byteDistance(linksFor(move), plan) };
    const difference = differs(found, own);
    return difference && { at: 0, ...difference };
  },
  witnesses: {
    "several sources of the same bytes": (move, replies) =>
      planIn(sole(replies)) !== undefined && isSmall(move) && move.sources.length > 1,
    "a relayed plan": (move, replies) =>
      planIn(sole(replies))?.strategy === "relayed" && isSmall(move),
    "bytes of one target from two sources": (_, replies) => {
      const transfers = planIn(sole(replies))?.transfers ?? [];
      return transfers.some(({ src, dst }) =>
        transfers.some((other) => other.dst === dst && other.src !== src),
      );
    },
  },
  mutants: planners(
    "takes from the first source that there is",
    "takes from the nearest, however many do",
    "takes from all evenly, however slow",
    "takes from the farthest",
    "takes numbers for places",
    "never passes on",
    "says it takes the sum of the transfers",
  ),
});
