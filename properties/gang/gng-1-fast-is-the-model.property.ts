import type { GangCall } from "#rack";
import { agreesWith, property } from "#verify";
import { ALL_RACKS, type GangCase, gangCases, longHistory, OWNERS } from "./histories.ts";
import { mutants } from "./mutants.ts";
import { placedIn, played, QUESTIONS } from "./steps.ts";
import { fastGangs, plainGangs } from "./subjects.ts";

const MORE: readonly GangCall[] = [
  ...QUESTIONS,
  ...OWNERS.map((owner) => ({ kind: "groupsOf" as const, owner })),
  { kind: "fits", groups: [4, 2, 1] },
  { kind: "fits", groups: [2, 1], required: "different-domains" },
  { kind: "fits", groups: [2, 1], required: "same-domain" },
  { kind: "fits", groups: [2], required: { near: 5 } },
];

/** One question after each call, another each time, and all of them in the end. */
const scripts = (given: GangCase): readonly (readonly GangCall[])[] => [
  [
    ...played(given).flatMap((call, index) => [call, MORE[index % MORE.length] as GangCall]),
    ...MORE,
  ],
];

/** Of a history that was asked so, the replies to the calls themselves. */
const own = (given: GangCase, replies: readonly unknown[] = []): readonly unknown[] =>
  replies.slice(0, 2 * given.history.length + 2).filter((_, index) => index % 2 === 0);

export default property({
  id: "GNG-1",
  part: "gang",
  statement: "gangs answer every history as the model does",
  given: gangCases(
    ALL_RACKS,
    3,
    longHistory({ gpus: 16, gpusPerDomain: 8, gpusPerSuperchip: 2 }, 2000),
  ),
  subject: fastGangs,
  scripts,
  holds: agreesWith(plainGangs, scripts),
  witnesses: {
    "a domain of nine octets": ({ shape, history }) =>
      shape.gpusPerDomain === 72 && history.length > 0,
    "a domain of an octet and a half": ({ shape, history }) =>
      shape.gpusPerDomain === 12 && history.length > 0,
    "a gang that was preempted": (given, [replies]) =>
      own(given, replies).some((reply) => {
        const placed = placedIn(reply as Parameters<typeof placedIn>[0]);
        return placed !== undefined && placed.preempted.length > 0;
      }),
    "a preference given up": (given, [replies]) =>
      own(given, replies).some(
        (reply) => placedIn(reply as Parameters<typeof placedIn>[0])?.weakened,
      ),
  },
  mutants: mutants(
    "takes the highest slot",
    "answers the largest group first",
    "goes to the far end of the domain that it is to be near in",
    "takes the lowest slot",
    "preempts the oldest among equals",
    "counts free GPUs when asked whether it fits",
  ),
});
