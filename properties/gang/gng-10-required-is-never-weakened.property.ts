import { expectTrue, property } from "#verify";
import { isAsWished } from "./brute-force.ts";
import { gangCases, RACKS } from "./histories.ts";
import { mutants } from "./mutants.ts";
import { atEveryStep, placedIn, requestOf, type Step, someStep, watched } from "./steps.ts";
import { fastGangs } from "./subjects.ts";

const requiredOf = ({ call }: Step) => requestOf(call)?.topology?.required;

export default property({
  id: "GNG-10",
  part: "gang",
  statement:
    "a gang that is placed lies as its topology requires, every group of it, whatever else is preferred and whoever had to go",
  given: gangCases(RACKS),
  subject: fastGangs,
  scripts: watched,
  holds: atEveryStep((step) => {
    const placed = placedIn(step.reply);
    if (placed === undefined) return undefined;
    const isMet = isAsWished(step.shape, placed.groups, requiredOf(step));
    return expectTrue(step, isMet, JSON.stringify(requiredOf(step)), placed.groups);
  }),
  witnesses: {
    "three groups in one domain": someStep(
      (step) => requiredOf(step) === "same-domain" && placedIn(step.reply)?.groups.length === 3,
    ),
    "three groups in different domains": someStep(
      (step) =>
        requiredOf(step) === "different-domains" && placedIn(step.reply)?.groups.length === 3,
    ),
    "several groups near a GPU": someStep(
      (step) =>
        typeof requiredOf(step) === "object" && (placedIn(step.reply)?.groups.length ?? 0) > 1,
    ),
    "a required topology for which others had to go": someStep(
      (step) => requiredOf(step) !== undefined && (placedIn(step.reply)?.preempted.length ?? 0) > 0,
    ),
    "a preference given up for what is required": someStep(
      (step) => requiredOf(step) !== undefined && placedIn(step.reply)?.weakened === true,
    ),
  },
  mutants: mutants(
    "weakens a required topology when a gang spans several groups",
    "keeps to a required topology for two groups, and lets the third lie anywhere",
    "takes near for a hint, though it is required",
    "weakens a required topology rather than refuse",
    "puts what is preferred above what is required",
  ),
});
