import type { GangCall, GangWish } from "#rack";
import { finding, property } from "#verify";
import { type GangCase, gangCases, SMALL_RACKS } from "./histories.ts";
import { mutants } from "./mutants.ts";
import { isKind, played } from "./steps.ts";
import { fastGangs } from "./subjects.ts";

const WISHES: readonly (GangWish | undefined)[] = [
  undefined,
  "same-domain",
  "different-domains",
  { near: 2 },
];

const asking = (groups: readonly number[], required: GangWish | undefined): GangCall =>
  required === undefined ? { kind: "fits", groups } : { kind: "fits", groups, required };

/** Whether gangs of several forms fit, wherever they may lie. */
const FITS: readonly GangCall[] = [[2], [4], [1, 2], [2, 4]].flatMap((groups) =>
  WISHES.map((required) => asking(groups, required)),
);

/** What gives GPUs back. */
const RETURNS: readonly GangCall[] = [
  ...[0, 3].map((owner): GangCall => ({ kind: "release", owner })),
  { kind: "regainDomain", domain: 0 },
];

const STRIDE = FITS.length + 1;

export default property({
  id: "GNG-15",
  part: "gang",
  statement:
    "a GPU that comes free, released or regained, never takes a place from a gang that had one",
  given: gangCases(SMALL_RACKS, 1),
  subject: fastGangs,
  scripts: (given: GangCase): readonly (readonly GangCall[])[] => [
    [...played(given), ...FITS, ...RETURNS.flatMap((call) => [call, ...FITS])],
  ],
  holds(given, [replies = []]) {
    const start = given.history.length + 1 + FITS.length;
    for (let at = start; at < replies.length; at += 1) {
      const question = (at - start) % STRIDE;
      if (question === 0) continue;
      if (replies[at - STRIDE] === true && replies[at] !== true) {
        return finding(at, "still fits", JSON.stringify(FITS[question - 1]));
      }
    }
    return undefined;
  },
  witnesses: {
    "a release after which something fits that did not": (given, [replies = []]) => {
      const start = given.history.length + 1 + FITS.length;
      return replies.some(
        (reply, at) => at > start && reply === true && replies[at - STRIDE] === false,
      );
    },
    "a GPU regained": (_, [replies = []]) =>
      replies.slice(-RETURNS.length * STRIDE).some((reply) => isKind(reply, "regained")),
  },
  mutants: mutants(
    "looks into one domain only, the one with the most free GPUs (document)",
    "keeps away from a domain of which a GPU has come back",
    "keeps what it tried when asked whether it fits",
  ),
});
