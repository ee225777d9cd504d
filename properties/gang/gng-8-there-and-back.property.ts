import type { GangCall } from "#rack";
import { firstDifference, property } from "#verify";
import { type GangCase, gangCases } from "./histories.ts";
import { mutants } from "./mutants.ts";
import { isKind, placedIn, played, QUESTIONS } from "./steps.ts";
import { fastGangs } from "./subjects.ts";

const VISITOR = 99;

const STATE: readonly GangCall[] = [
  ...QUESTIONS,
  { kind: "fits", groups: [4, 1] },
  { kind: "fits", groups: [2, 2], required: "different-domains" },
];

/** What comes and goes without ending anybody: a gang of one group, a gang of two, and a GPU that nobody has. */
const visits = (groups: readonly number[]): readonly GangCall[] => [
  { kind: "place", owner: VISITOR, groups },
  { kind: "release", owner: VISITOR },
];

/** Everything announced is asked away first. */
const script = (given: GangCase): readonly GangCall[] => [
  ...played(given),
  { kind: "announcements" },
  ...STATE,
  ...visits([2]),
  ...visits([1, 2]),
  ...visits([1, 1, 4]),
  { kind: "announcements" },
  ...STATE,
];

export default property({
  id: "GNG-8",
  part: "gang",
  statement: "a gang that is placed and released leaves the rack as it was, whatever it was",
  given: gangCases(),
  subject: fastGangs,
  scripts: (given) => [script(given)],
  holds(_, [replies = []]) {
    const after = replies.slice(-STATE.length);
    const before = replies.slice(-2 * STATE.length - 7, -STATE.length - 7);
    return firstDifference(before, after);
  },
  witnesses: {
    "a gang of several groups that came and went": (_, [replies = []]) =>
      (placedIn(replies.at(-STATE.length - 3))?.groups.length ?? 0) > 1,
    "a rack with others on it": (_, [replies = []]) =>
      (replies.at(-STATE.length + 1) as readonly number[]).length > 0 &&
      isKind(replies.at(-STATE.length - 6), "released"),
  },
  mutants: mutants(
    "never frees: a bump pointer (document)",
    "frees only the first group",
    "keeps the groups that fit when one does not",
    "keeps what it tried when asked whether it fits",
  ),
});
