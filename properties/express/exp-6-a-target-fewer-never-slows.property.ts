import { finding, property, values } from "#verify";
import { planners } from "./planning-mutants.ts";
import { NONE, planIn } from "./reading.ts";
import { type Move, planning, reference, someMove } from "./requests.ts";

const DIRECT = { relays: false };
const withoutLast = (move: Move): Move => ({ ...move, targets: move.targets.slice(0, -1) });

export default property({
  id: "EXP-6",
  part: "express",
  statement:
    "a direct plan with targets fewer is over no later; one in which targets pass on may be, because a target is a way too",
  given: values(someMove),
  subject: reference,
  scripts: (move) => [[planning(move, DIRECT), planning(withoutLast(move), DIRECT)]],
  holds(_, [[before, after] = NONE]) {
    const [many, few] = [before && planIn(before), after && planIn(after)];
    if (few === undefined || many === undefined) return undefined;
    return few.finishNs <= many.finishNs ? undefined : finding(1, many.finishNs, few.finishNs);
  },
  witnesses: {
    "targets fewer that make it sooner": (_, [[before, after] = NONE]) => {
      const [many, few] = [before && planIn(before), after && planIn(after)];
      return few !== undefined && many !== undefined && few.finishNs < many.finishNs;
    },
    "targets fewer that make no difference": (_, [[before, after] = NONE]) => {
      const [many, few] = [before && planIn(before), after && planIn(after)];
      return few !== undefined && few.finishNs === many?.finishNs;
    },
  },
  mutants: planners(
    "passes on though it was not to",
    "says it takes the last transfer",
    "lets sources take turns over all targets",
  ),
});
