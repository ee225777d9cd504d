import type { PoolCall, PoolReply } from "#rack";
import { agreesWith, property, type Script } from "#verify";
import { type PoolCase, poolCases } from "./arbitraries.ts";
import {
  AcceptsRepeats,
  HitsFillingBlocks,
  NeverHitsTheLast,
  RefusesTheLastFit,
} from "./mutants-admitting.ts";
import { EvictsMostRecent, ForgetsHits } from "./mutants-evicting.ts";
import { broken, fastPool, plainPool } from "./subjects.ts";

/** What is asked when the history is over. What it was like in between, shorter histories tell. */
const CODA: readonly PoolCall[] = [
  { kind: "announcements" },
  { kind: "counts" },
  { kind: "contents" },
];

const scripts = ({ capacity, history }: PoolCase): readonly Script<PoolCall>[] => [
  [{ kind: "create", capacity }, ...history, ...CODA],
];

const someReply =
  (isIt: (reply: PoolReply) => boolean) =>
  (_: PoolCase, [replies = []]: readonly (readonly PoolReply[])[]): boolean =>
    replies.some(isIt);

export default property<PoolCase, PoolCall, PoolReply>({
  id: "POL-1",
  part: "pool",
  statement:
    "a pool answers every call of every history as the plain model does, and has announced and holds the same at the end",
  given: poolCases(),
  subject: fastPool,
  scripts,
  holds: agreesWith(plainPool, scripts),

  witnesses: {
    "a request that hits": someReply((reply) => reply.kind === "admitted" && reply.hits > 0),
    "a request that shares what another is filling": someReply(
      (reply) => reply.kind === "admitted" && reply.shared > 0,
    ),
    "two evictions for one call": someReply(
      (reply) => "evicted" in reply && reply.evicted.length > 1,
    ),
    "a chain that is refused": someReply(
      (reply) => reply.kind === "refused" && reply.because.startsWith("a block"),
    ),
  },

  mutants: {
    "evicts the most recent": broken(EvictsMostRecent),
    "forgets to make a hit recent": broken(ForgetsHits),
    "counts a block that is being filled as a hit": broken(HitsFillingBlocks),
    "never hits the last block": broken(NeverHitsTheLast),
    "refuses what would just fit": broken(RefusesTheLastFit),
    "takes a name twice": broken(AcceptsRepeats),
  },
});
