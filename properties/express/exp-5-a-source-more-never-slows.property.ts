import fc from "fast-check";
import { finding, property, values } from "#verify";
import { planners } from "./planning-mutants.ts";
import { NONE, planIn } from "./reading.ts";
import {
  broadcastMove,
  GPUS,
  type Group,
  type Move,
  planning,
  reference,
  someMove,
} from "./requests.ts";

type Case = { readonly move: Move; readonly more: Group };

const withMore = ({ move, more }: Case): Move => ({ ...move, sources: [...move.sources, more] });

export default property<
  Case,
  Parameters<ReturnType<typeof reference>>[0],
  ReturnType<ReturnType<typeof reference>>
>({
  id: "EXP-5",
  part: "express",
  statement: "a plan with a source more is over no later, wherever the source is, even on a target",
  given: values(
    fc.record({
      move: fc.oneof(
        { weight: 3, arbitrary: someMove },
        { weight: 1, arbitrary: broadcastMove(24, 4) },
      ),
      more: fc.record({ first: fc.nat({ max: GPUS - 1 }), count: fc.integer({ min: 1, max: 2 }) }),
    }),
  ),
  subject: reference,
  scripts: (given) => [[planning(given.move), planning(withMore(given))]],
  holds(_, [[before, after] = NONE]) {
    const [few, many] = [before && planIn(before), after && planIn(after)];
    if (few === undefined || many === undefined) return undefined;
    return many.finishNs <= few.finishNs ? undefined : finding(1, few.finishNs, many.finishNs);
  },
  witnesses: {
    "a source more that makes it sooner": (_, [[before, after] = NONE]) => {
      const [few, many] = [before && planIn(before), after && planIn(after)];
      return few !== undefined && many !== undefined && many.finishNs < few.finishNs;
    },
    "a source more on a target of a relayed plan": ({ move, more }, [[before] = NONE]) =>
      (before && planIn(before))?.strategy === "relayed" &&
      move.targets.some(({ first }) => first === more.first),
  },
  mutants: planners(
    "takes from the first source that there is",
    "takes from the nearest, however many do",
    "takes from all evenly, however slow",
    "splits a target among its sources evenly",
  ),
});
