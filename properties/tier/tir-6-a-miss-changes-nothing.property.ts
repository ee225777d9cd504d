import { SwitchTier, type TierCall, type TierReply } from "#rack";
import { firstDifference, property } from "#verify";
import { create, read, type TierCase, tierCases } from "./cases.ts";
import { mutants, subjectOf } from "./mutants.ts";

/** Reads of a block that nobody has, and looks, between all events. */
const NOSY: readonly TierCall[] = [
  read(99),
  { kind: "candidates" },
  { kind: "contents" },
  { kind: "usedBytes" },
];

const STATE: readonly TierCall[] = [
  { kind: "contents" },
  { kind: "candidates" },
  { kind: "usedBytes" },
];

const isMiss = (reply: TierReply | undefined): boolean =>
  typeof reply === "object" && "kind" in reply && reply.kind === "miss";

export default property<TierCase, TierCall, TierReply>({
  id: "TIR-6",
  part: "tier",
  statement:
    "a read that misses and a look change nothing, the counts of readers included: a tier that is pestered with them answers as one that is left alone",
  given: tierCases,
  subject: subjectOf(SwitchTier),
  scripts: (given) => [
    [create(given), ...given.history, ...STATE],
    [create(given), ...given.history.flatMap((event) => [...NOSY, event]), ...STATE],
  ],

  holds({ history }, [quiet = [], pestered = []]) {
    const each = NOSY.length + 1;
    const answers = history.map((_, index) => pestered[1 + index * each + NOSY.length]);
    const end = pestered.slice(1 + history.length * each);
    return firstDifference(quiet.slice(1), [...answers, ...end]);
  },

  witnesses: {
    "a miss among the history's own reads": (_, [quiet = []]) => quiet.some(isMiss),
    "candidates at the end": (_, [quiet = []]) =>
      (quiet.at(-2) as readonly unknown[] | undefined)?.length !== 0,
    "blocks at the end": (_, [quiet = []]) =>
      (quiet.at(-3) as readonly unknown[] | undefined)?.length !== 0,
  },

  mutants: mutants("counts a miss as a read", "evicts at a miss"),
});
