import { expectSame, property } from "#verify";
import { freed, isPossible } from "./brute-force.ts";
import { gangCases, SMALL_RACKS } from "./histories.ts";
import { mutants } from "./mutants.ts";
import {
  atEveryStep,
  placedIn,
  refusalIn,
  requestOf,
  type Step,
  someStep,
  watched,
} from "./steps.ts";
import { fastGangs } from "./subjects.ts";

/** What must be answered: placed, or why not. */
const dueTo = (step: Step): string | undefined => {
  const { shape, before, call } = step;
  const request = requestOf(call);
  if (request === undefined) return undefined;
  const { owner, groups, priority = 0, topology } = request;
  if (before.owners.includes(owner)) return "owner-known";
  if (groups.length === 0) return "no-groups";
  const isSize = (size: number): boolean =>
    [1, 2, 4, 8].includes(size) && shape.gpusPerDomain % size === 0;
  if (!groups.every(isSize)) return "bad-group";
  const below = before.gangs.filter((gang) => gang.priority < priority);
  const inReach = freed(before.free, below);
  if (isPossible(shape, inReach, groups, [topology?.required])) return "placed";
  return isPossible(shape, inReach, groups) ? "topology" : "no-room";
};

const meets = (answer: string) => someStep((step) => dueTo(step) === answer);

export default property({
  id: "GNG-18",
  part: "gang",
  statement:
    "no gang waits for one of lower priority: it is refused only when it would not fit without all of those either, and the reason is the first that is true",
  given: gangCases(SMALL_RACKS),
  subject: fastGangs,
  scripts: watched,
  holds: atEveryStep((step) => {
    const due = dueTo(step);
    const answer = placedIn(step.reply) ? "placed" : refusalIn(step.reply);
    return due === undefined ? undefined : expectSame(step, due, answer, "answer");
  }),
  witnesses: {
    "a gang that makes room for itself": someStep(
      ({ reply }) => (placedIn(reply)?.preempted.length ?? 0) > 0,
    ),
    "a gang refused on a rack of equals": someStep(
      ({ call, reply, before }) =>
        refusalIn(reply) === "no-room" &&
        before.gangs.some(({ priority }) => priority === (requestOf(call)?.priority ?? 0)),
    ),
    "a topology to blame": meets("topology"),
    "a size that a domain cannot hold": meets("bad-group"),
    "a gang without groups": meets("no-groups"),
  },
  mutants: mutants(
    "never preempts",
    "preempts equals",
    "gives up when the youngest gang below makes no room by itself",
    "blames the topology for want of room",
    "takes a group of any size",
    "weakens a required topology rather than refuse",
  ),
});
