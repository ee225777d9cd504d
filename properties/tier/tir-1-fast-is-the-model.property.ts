import { SwitchTier, type TierCall, TierModel, type TierReply } from "#rack";
import { agreesWith, property, type Script } from "#verify";
import { create, type TierCase, tierCases } from "./cases.ts";
import { mutants, subjectOf } from "./mutants.ts";

/** What is asked when the history is over. What it was like in between, shorter histories tell. */
const CODA: readonly TierCall[] = [
  { kind: "contents" },
  { kind: "candidates" },
  { kind: "usedBytes" },
];

const scripts = (given: TierCase): readonly Script<TierCall>[] => [
  [create(given), ...given.history, ...CODA],
];

const someReply =
  (isIt: (reply: { readonly kind: string; readonly evicted?: readonly number[] }) => boolean) =>
  (_: TierCase, [replies = []]: readonly (readonly TierReply[])[]): boolean =>
    replies.some((reply) => typeof reply === "object" && "kind" in reply && isIt(reply));

export default property<TierCase, TierCall, TierReply>({
  id: "TIR-1",
  part: "tier",
  statement: "a tier answers every history as the plain model does, and holds the same at the end",
  given: tierCases,
  subject: subjectOf(SwitchTier),
  scripts,
  holds: agreesWith(subjectOf(TierModel), scripts),

  witnesses: {
    "a promotion that evicts": someReply(({ evicted }) => (evicted?.length ?? 0) > 0),
    "a hit": someReply(({ kind }) => kind === "hit"),
    "what was evicted, promoted again": (_, [replies = []]) => {
      const gone = replies.flatMap((reply) =>
        typeof reply === "object" && "evicted" in reply ? reply.evicted : [],
      );
      return new Set(gone).size < gone.length;
    },
  },

  mutants: mutants(
    "starts the count at one after a promotion",
    "evicts the most recent",
    "counts what is evicted as used",
    "keeps the version that was read first",
    "counts a miss as a read",
  ),
});
