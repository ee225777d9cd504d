import type { PoolCall, PoolReply } from "#rack";
import { agreesWith, property, type Script } from "#verify";
import { type PoolCase, pinningCases } from "./arbitraries.ts";
import { EvictsMostRecent } from "./mutants-evicting.ts";
import {
  NeverUnpins,
  PinsFillingBlocks,
  PinsTheLeafOnly,
  UnpinsForAll,
} from "./mutants-pinning.ts";
import { broken, fastPool, plainPool } from "./subjects.ts";

const CODA: readonly PoolCall[] = [
  { kind: "announcements" },
  { kind: "counts" },
  { kind: "contents" },
];

const scripts = ({ capacity, history }: PoolCase): readonly Script<PoolCall>[] => [
  [{ kind: "create", capacity }, ...history, ...CODA],
];

const refusedBecause =
  (because: string) =>
  (_: PoolCase, [replies = []]: readonly (readonly PoolReply[])[]): boolean =>
    replies.some((reply) => reply.kind === "refused" && reply.because === because);

export default property<PoolCase, PoolCall, PoolReply>({
  id: "POL-16",
  part: "pool",
  statement:
    "with blocks pinned and unpinned between, a pool answers every call as the plain model does, and holds the same at the end",
  given: pinningCases(),
  subject: fastPool,
  scripts,
  holds: agreesWith(plainPool, scripts),

  witnesses: {
    "a block pinned and unpinned": (_, [replies = []]) =>
      replies.some(({ kind }) => kind === "pinned") &&
      replies.some(({ kind }) => kind === "unpinned"),
    "a block pinned twice": refusedBecause("already pinned"),
    "a pin of what cannot be read": refusedBecause("not readable"),
    "an unpin of what is not pinned": refusedBecause("not pinned"),
    "a request that does not fit": refusedBecause("full"),
  },

  mutants: {
    "holds the pinned block alone, not those before it": broken(PinsTheLeafOnly),
    "keeps what was pinned for ever": broken(NeverUnpins),
    "pins a block that is being filled": broken(PinsFillingBlocks),
    "lets go of what another pin still holds": broken(UnpinsForAll),
    "evicts the most recent": broken(EvictsMostRecent),
  },
});
