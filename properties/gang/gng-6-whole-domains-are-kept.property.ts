import { expectSame, property } from "#verify";
import { best, wholeIn, worth } from "./brute-force.ts";
import { gangCases, RACKS } from "./histories.ts";
import { mutants } from "./mutants.ts";
import { atEveryStep, placedIn, requestOf, type Step, someStep, watched } from "./steps.ts";
import { fastGangs } from "./subjects.ts";

/** What was wished and had: the preference too, unless it was given up. */
const wishesOf = ({ call, reply }: Step) => {
  const { required, preferred } = requestOf(call)?.topology ?? {};
  return placedIn(reply)?.weakened ? [required] : [required, preferred];
};

const isNear = (step: Step): boolean => wishesOf(step).some((wish) => typeof wish === "object");

export default property({
  id: "GNG-6",
  part: "gang",
  statement:
    "a gang that ends nobody leaves as many whole domains free as any placement could; and where it may lie anywhere, as much room for groups of 8, then of 4, then of 2",
  given: gangCases(RACKS),
  subject: fastGangs,
  scripts: watched,
  holds: atEveryStep((step) => {
    const { shape, before, after, call, reply } = step;
    const [request, placed] = [requestOf(call), placedIn(reply)];
    if (!request || !placed || placed.preempted.length > 0) return undefined;
    const wishes = wishesOf(step);
    const most = best(shape, before.free, request.groups, wishes);
    if (wholeIn(most) !== after.whole) {
      return expectSame(step, wholeIn(most), after.whole, "whole domains free");
    }
    // Near a GPU, nearest comes before best; in different domains, the groups are placed one by one.
    if (isNear(step) || wishes.includes("different-domains")) return undefined;
    return expectSame(step, most, worth(shape, after.free), "whole domains, and room by size");
  }),
  witnesses: {
    "a choice between a whole domain and a part of one": someStep(
      ({ reply, before, after }) =>
        placedIn(reply) !== undefined && before.whole > 0 && before.whole === after.whole,
    ),
    "two groups of one domain": someStep((step) => {
      const groups = placedIn(step.reply)?.groups ?? [];
      return groups.length > 1 && wishesOf(step).includes("same-domain");
    }),
    "two groups of different domains": someStep((step) => {
      const groups = placedIn(step.reply)?.groups ?? [];
      return groups.length > 1 && wishesOf(step).includes("different-domains");
    }),
  },
  mutants: mutants(
    "takes the domain with the most free GPUs (document)",
    "takes the lowest slot",
    "opens a whole domain first",
    "breaks the largest run",
    "does not care for whole domains",
    "takes the first domain that holds all groups",
  ),
});
