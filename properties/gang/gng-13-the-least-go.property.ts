import { ascending, byEach, type Compare, descending } from "#base";
import { expectSame, property } from "#verify";
import { freed, isPossible, subsets } from "./brute-force.ts";
import { gangCases, SMALL_RACKS } from "./histories.ts";
import { mutants } from "./mutants.ts";
import {
  atEveryStep,
  type Known,
  placedIn,
  requestOf,
  type Step,
  someStep,
  watched,
} from "./steps.ts";
import { fastGangs } from "./subjects.ts";

/** Every priority that a history may speak of, from the highest. */
const PRIORITIES = [2, 1, 0] as const;

const fewerOf = (priority: number): Compare<readonly Known[]> =>
  ascending((gangs) => gangs.filter((gang) => gang.priority === priority).length);

/** Between sets with as many of each priority: the first that differs, from the most precious on, is younger. */
const younger: Compare<readonly Known[]> = (left, right) => {
  const precious = byEach<Known>(
    descending(({ priority }) => priority),
    ascending(({ age }) => age),
  );
  const [a, b] = [left.toSorted(precious), right.toSorted(precious)];
  const differences = a.map((gang, index) => (b[index]?.age ?? 0) - gang.age);
  return differences.find((difference) => difference !== 0) ?? 0;
};

const smallestLoss = byEach<readonly Known[]>(...PRIORITIES.map(fewerOf), younger);

/** The smallest loss of all sets of gangs below that make room, found by trying them all. */
const leastLoss = ({ shape, before, call }: Step): readonly Known[] => {
  const { groups, priority = 0, topology } = requestOf(call) ?? { groups: [] };
  const below = before.gangs.filter((gang) => gang.priority < priority);
  const sets = subsets(below).toSorted(smallestLoss);
  return (
    sets.find((set) => isPossible(shape, freed(before.free, set), groups, [topology?.required])) ??
    []
  );
};

const highest = (gangs: readonly Known[]): number =>
  Math.max(-1, ...gangs.map(({ priority }) => priority));

export default property({
  id: "GNG-13",
  part: "gang",
  statement:
    "the highest priority that is preempted is as low as can be; and for one group, of all sets of gangs that make room, the one goes that has fewest of the highest priority, then of the next, then the youngest",
  given: gangCases(SMALL_RACKS),
  subject: fastGangs,
  scripts: watched,
  holds: atEveryStep((step) => {
    const placed = placedIn(step.reply);
    if (placed === undefined || placed.preempted.length === 0) return undefined;
    const least = leastLoss(step);
    const gone = step.before.gangs.filter(({ owner }) => placed.preempted.includes(owner));
    if (placed.groups.length > 1) {
      return expectSame(step, highest(least), highest(gone), "highest priority that went");
    }
    const expendable = byEach<Known>(
      ascending(({ priority }) => priority),
      descending(({ age }) => age),
    );
    const owners = least.toSorted(expendable).map(({ owner }) => owner);
    return expectSame(step, owners, placed.preempted, "who went, the most expendable first");
  }),
  witnesses: {
    "a choice between gangs of two priorities": someStep((step) => {
      const placed = placedIn(step.reply);
      const priority = requestOf(step.call)?.priority ?? 0;
      const below = step.before.gangs.filter((gang) => gang.priority < priority);
      return (
        (placed?.preempted.length ?? 0) > 0 && new Set(below.map((gang) => gang.priority)).size > 1
      );
    }),
    "a choice between gangs of one priority": someStep(
      (step) =>
        placedIn(step.reply)?.preempted.length === 1 &&
        step.before.gangs.filter(({ priority }) => priority === 0).length > 1,
    ),
  },
  mutants: mutants(
    "preempts the oldest among equals",
    "preempts the highest below it first",
    "preempts everybody below",
    "preempts the oldest first, and spares nobody",
    "preempts the lowest first, and spares nobody",
  ),
});
