import { expectSame, property } from "#verify";
import { gangCases, SMALL_RACKS } from "./histories.ts";
import { mutants } from "./mutants.ts";
import { atEveryStep, type Step, someStep, watched } from "./steps.ts";
import { fastGangs } from "./subjects.ts";

/** Where each GPU is, as text: free, lost, or with an owner; two of them when it is in two places. */
const places = ({ shape, after }: Step): readonly string[] => {
  const found = Array.from({ length: shape.gpus }, (): string[] => []);
  for (const gpu of after.free) found[gpu]?.push("free");
  for (const gpu of after.lost) found[gpu]?.push("lost");
  for (const gang of after.gangs) {
    for (const gpu of gang.groups.flat()) found[gpu]?.push("taken");
  }
  return found.map((names) => names.join(" and ") || "nowhere");
};

export default property({
  id: "GNG-2",
  part: "gang",
  statement:
    "every GPU is free, lost, or in one group of one gang, and whoever was placed and not ended has a gang",
  given: gangCases(SMALL_RACKS),
  subject: fastGangs,
  scripts: watched,
  holds: atEveryStep((step) => {
    const gpu = places(step).findIndex((place) => place.includes("and") || place === "nowhere");
    if (gpu !== -1) return expectSame(step, "one place", places(step)[gpu] ?? null, `GPU ${gpu}`);
    const owners = step.after.gangs.map(({ owner }) => owner);
    return expectSame(step, owners, step.after.owners, "owners");
  }),
  witnesses: {
    "GPUs of all three kinds": someStep(
      ({ after }) => after.free.length > 0 && after.lost.length > 0 && after.owners.length > 0,
    ),
    "a rack without a free GPU": someStep(({ after }) => after.free.length === 0),
    "a gang of several groups": someStep(({ after }) =>
      after.gangs.some(({ groups }) => groups.length > 1),
    ),
  },
  mutants: mutants(
    "never frees: a bump pointer (document)",
    "frees only the first group",
    "frees on a second release what somebody else has by then",
    "keeps no owners: the second gang of one overwrites the first (document)",
    "loses a GPU and leaves its gang running",
    "leaks what a preempted gang had and the newcomer does not need",
  ),
});
