import { finding, property, values } from "#verify";
import { planners } from "./planning-mutants.ts";
import { isOn, planIn, sole } from "./reading.ts";
import { planning, reference, requestOf, someMove } from "./requests.ts";

export default property({
  id: "EXP-2",
  part: "express",
  statement:
    "whoever sends a byte is a source of it, or got it in an earlier round; rounds are numbered from 0 without a gap",
  given: values(someMove),
  subject: reference,
  scripts: (move) => [[planning(move)]],
  holds(move, replies) {
    const plan = planIn(sole(replies));
    if (plan === undefined) return undefined;
    const { sources } = requestOf(move);
    const before = (src: number, round: number, at: number): boolean =>
      plan.transfers.some(
        (one) => one.dst === src && one.round < round && one.from <= at && at < one.to,
      );
    let last = 0;
    for (const { src, round, from, to } of plan.transfers) {
      if (round !== last && round !== last + 1) return finding(0, last + 1, round, "round");
      last = round;
      for (let at = from; at < to; at += 1) {
        if (!isOn(sources, src, at) && !before(src, round, at))
          return finding(0, "a holder", src, `byte ${at} in round ${round}`);
      }
    }
    return undefined;
  },
  witnesses: {
    "a target that passes something on": (move, replies) =>
      planIn(sole(replies))?.transfers.some(
        ({ src, from }) => !isOn(requestOf(move).sources, src, from),
      ) ?? false,
    "a source that has only a part": (move, replies) =>
      planIn(sole(replies)) !== undefined && move.sources.some(({ count }) => count > 1),
  },
  mutants: planners(
    "takes from the neighbour, whatever he has",
    "passes on what has not arrived",
    "passes on the other way round",
  ),
});
