import type { ExpressCall } from "#rack";
import { executeModelWith, planTransfers } from "#rack";
import { agreesWith, property, type Script, values } from "#verify";
import { executors } from "./executing-mutants.ts";
import { executionIn, sole } from "./reading.ts";
import { broken, type Course, executing, lossesOf, reference, someCourse } from "./requests.ts";

/** Without rates, which the model does not record. */
const scripts = (course: Course): readonly Script<ExpressCall>[] => {
  const { options: _, ...call } = executing(course) as Extract<ExpressCall, { kind: "execute" }>;
  return [[{ ...call, options: { losses: lossesOf(course), sharing: course.sharing } }]];
};
const model = broken({ execute: executeModelWith(planTransfers) });

export default property({
  id: "EXP-13",
  part: "express",
  statement:
    "an execution, losses and all, is to the nanosecond and to the byte what exact fractions say",
  given: values(someCourse),
  subject: reference,
  scripts,
  holds: agreesWith(model, scripts),
  witnesses: {
    "a loss that has things planned anew": (_, replies) =>
      (executionIn(sole(replies))?.events.filter(({ kind }) => kind === "planned").length ?? 0) > 1,
    "somebody stranded": (_, replies) =>
      executionIn(sole(replies))?.events.some(({ kind }) => kind === "stranded") ?? false,
    "something cut in the middle": (_, replies) =>
      executionIn(sole(replies))?.events.some(
        (event) => event.kind === "cut" && event.arrivedTo > 0,
      ) ?? false,
  },
  mutants: executors(
    "serves first who comes first",
    "shares evenly whatever was asked",
    "counts switches for hops",
    "goes on as if nobody were lost",
    "loses nobody but the first",
    "rounds down",
  ),
});
