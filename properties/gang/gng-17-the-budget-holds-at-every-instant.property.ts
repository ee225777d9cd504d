import { expectSame, expectTrue, property } from "#verify";
import { gangCases } from "./histories.ts";
import { mutants } from "./mutants.ts";
import { atEveryStep, placedIn, type Step, someStep, watched } from "./steps.ts";
import { fastGangs } from "./subjects.ts";

/** Who holds which GPUs after each announcement of a step, by what was announced alone. */
const instants = ({ told, before }: Step): readonly ReadonlyMap<number, readonly number[]>[] => {
  const held = new Map(before.gangs.map(({ owner, groups }) => [owner, groups.flat()]));
  return told.map((announcement) => {
    const [event, owner, what] = announcement;
    if (event === "placed") held.set(owner, what.flat());
    else held.delete(owner);
    return new Map(held);
  });
};

export default property({
  id: "GNG-17",
  part: "gang",
  statement:
    "what is announced adds up at every instant: no GPU is given to a gang before the one that had it was ended, and in the end those who were announced have gangs and no others",
  given: gangCases(),
  subject: fastGangs,
  scripts: watched,
  holds: atEveryStep((step) => {
    for (const held of instants(step)) {
      const gpus = [...held.values()].flat();
      const twice = gpus.find((gpu, index) => gpus.indexOf(gpu) !== index);
      if (twice !== undefined) return expectTrue(step, false, "each GPU given once", twice);
    }
    const owners = [...(instants(step).at(-1)?.keys() ?? step.before.owners)];
    return expectSame(step, owners, step.after.owners, "owners, as announced");
  }),
  witnesses: {
    "a newcomer that takes a preempted gang's GPUs": someStep(
      ({ reply }) => (placedIn(reply)?.preempted.length ?? 0) > 0,
    ),
    "a loss that ends two gangs": someStep(
      ({ told }) => told.filter(([, , why]) => why === "lost").length > 1,
    ),
    "a release": someStep(({ told }) => told[0]?.[2] === "released"),
  },
  mutants: mutants(
    "exceeds the budget for an instant: places before it ends",
    "tells nobody of the gangs that a loss ends",
    "announces a gang before it knows that it fits",
  ),
});
