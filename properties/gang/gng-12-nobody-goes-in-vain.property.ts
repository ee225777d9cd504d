import { expectSame, expectTrue, property } from "#verify";
import { freed, isPossible } from "./brute-force.ts";
import { gangCases, SMALL_RACKS } from "./histories.ts";
import { mutants } from "./mutants.ts";
import { atEveryStep, placedIn, requestOf, type Step, someStep, watched } from "./steps.ts";
import { fastGangs } from "./subjects.ts";

const victimsOf = ({ reply, before }: Step) =>
  before.gangs.filter(({ owner }) => placedIn(reply)?.preempted.includes(owner));

export default property({
  id: "GNG-12",
  part: "gang",
  statement:
    "whoever is preempted is of lower priority, goes whole, is named, and could not be spared; nobody goes for a preference",
  given: gangCases(SMALL_RACKS),
  subject: fastGangs,
  scripts: watched,
  holds: atEveryStep((step) => {
    const { shape, before, after, call } = step;
    const request = requestOf(call);
    if (request === undefined || placedIn(step.reply) === undefined) return undefined;
    const victims = victimsOf(step);
    const { owner: newcomer, priority = 0 } = request;
    const staying = before.owners.filter((owner) => !victims.some((gang) => gang.owner === owner));
    const equal = victims.find((gang) => gang.priority >= priority);
    const spare = victims.find((gang) => {
      const others = victims.filter((other) => other !== gang);
      const free = freed(before.free, others);
      return isPossible(shape, free, request.groups, [request.topology?.required]);
    });
    return (
      expectSame(step, [...staying, newcomer], after.owners, "owners") ??
      expectTrue(step, equal === undefined, "only lower priorities", equal) ??
      expectTrue(step, spare === undefined, "only whom it takes", spare)
    );
  }),
  witnesses: {
    "two gangs that had to go": someStep((step) => victimsOf(step).length > 1),
    "a gang of several groups that had to go": someStep((step) =>
      victimsOf(step).some(({ groups }) => groups.length > 1),
    ),
    "a gang of equal priority that stays": someStep((step) => {
      const priority = requestOf(step.call)?.priority ?? 0;
      return (
        victimsOf(step).length > 0 &&
        step.after.gangs.slice(0, -1).some((gang) => gang.priority === priority)
      );
    }),
  },
  mutants: mutants(
    "preempts equals",
    "preempts anybody",
    "preempts half a gang",
    "preempts everybody below",
    "preempts the oldest first, and spares nobody",
    "preempts the lowest first, and spares nobody",
    "preempts for a preference",
    "does not say whom it preempted",
  ),
});
