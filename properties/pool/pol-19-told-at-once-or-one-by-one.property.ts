import type { PoolCall, PoolReply } from "#rack";
import { firstDifference, property } from "#verify";
import { type PoolCase, poolCases } from "./arbitraries.ts";
import { CutsRuns, TellsItsBuffer, TellsRunsBackwards, TellsRunsTwice } from "./mutants-telling.ts";
import { broken, fastPool } from "./subjects.ts";

const CODA: readonly PoolCall[] = [{ kind: "announcements" }, { kind: "contents" }];

const someReply =
  (isIt: (reply: PoolReply) => boolean) =>
  (_: PoolCase, [replies = []]: readonly (readonly PoolReply[])[]): boolean =>
    replies.some(isIt);

export default property<PoolCase, PoolCall, PoolReply>({
  id: "POL-19",
  part: "pool",
  statement:
    "whoever can be told several blocks at once is told the same, in the same order, as who is told one by one",
  given: { ...poolCases(), small: () => [] },
  subject: fastPool,
  scripts: ({ capacity, history }) =>
    [true, false].map((inRuns) => [{ kind: "create", capacity, inRuns }, ...history, ...CODA]),
  holds: (_, [inRuns = [], alone = []]) => firstDifference(alone, inRuns),

  witnesses: {
    "a fill of three blocks": someReply(
      (reply) => reply.kind === "filled" && reply.stored.length > 2,
    ),
    "two evictions for one call": someReply(
      (reply) => "evicted" in reply && reply.evicted.length > 1,
    ),
    "a clear of two blocks": someReply(
      (reply) => reply.kind === "cleared" && reply.removed.length > 1,
    ),
  },

  mutants: {
    "tells the deepest block of a run first": broken(TellsRunsBackwards),
    "leaves out the last block of a run": broken(CutsRuns),
    "tells its whole buffer": broken(TellsItsBuffer),
    "tells a run, and then each of its blocks": broken(TellsRunsTwice),
  },
});
