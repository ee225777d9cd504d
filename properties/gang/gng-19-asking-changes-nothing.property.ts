import type { GangCall } from "#rack";
import { firstDifference, property } from "#verify";
import { type GangCase, gangCases, OWNERS } from "./histories.ts";
import { mutants } from "./mutants.ts";
import { isKind, played } from "./steps.ts";
import { fastGangs } from "./subjects.ts";

const ASKED: readonly GangCall[] = [
  { kind: "fits", groups: [1] },
  { kind: "fits", groups: [2, 2], required: "different-domains" },
  { kind: "fits", groups: [1, 4], required: "same-domain" },
  { kind: "groupsOf", owner: 0 },
  { kind: "wholeDomainsFree" },
  { kind: "owners" },
  { kind: "freeGpus" },
  { kind: "lostGpus" },
];

const EVERYTHING: readonly GangCall[] = [
  ...ASKED,
  ...OWNERS.map((owner): GangCall => ({ kind: "groupsOf", owner })),
];

/** Every call but those that only ask. */
const acts = (given: GangCase): readonly GangCall[] =>
  played(given).filter(({ kind }) => kind !== "fits");

export default property({
  id: "GNG-19",
  part: "gang",
  statement: "asking changes nothing: a rack asked after every call answers as one that was not",
  given: gangCases(),
  subject: fastGangs,
  scripts: (given) => [
    [...acts(given), ...EVERYTHING],
    [
      ...acts(given).flatMap((call, index) => [call, ASKED[index % ASKED.length] as GangCall]),
      ...EVERYTHING,
    ],
  ],
  holds(given, [quiet = [], asked = []]) {
    const count = acts(given).length;
    const answered = asked.filter((_, index) => index >= 2 * count || index % 2 === 0);
    return firstDifference(quiet, answered);
  },
  witnesses: {
    "a gang that fits when it is asked for": (_, [, asked = []]) => asked.includes(true),
    "a gang placed after many questions": (given, [quiet = []]) =>
      quiet.slice(5, acts(given).length).some((reply) => isKind(reply, "placed")),
  },
  mutants: mutants(
    "keeps what it tried when asked whether it fits",
    "begins to look where it looked last, be it for a question",
  ),
});
