import { expectSame, property } from "#verify";
import { freed, isAsWished, isPossible } from "./brute-force.ts";
import { gangCases, SMALL_RACKS } from "./histories.ts";
import { mutants } from "./mutants.ts";
import { atEveryStep, placedIn, requestOf, someStep, watched } from "./steps.ts";
import { fastGangs } from "./subjects.ts";

export default property({
  id: "GNG-11",
  part: "gang",
  statement:
    "a preference is kept whenever it is possible together with what is required, and given up only then, which the answer says",
  given: gangCases(SMALL_RACKS),
  subject: fastGangs,
  scripts: watched,
  holds: atEveryStep((step) => {
    const { shape, before, call, reply } = step;
    const [request, placed] = [requestOf(call), placedIn(reply)];
    if (request === undefined || placed === undefined) return undefined;
    const { required, preferred } = request.topology ?? {};
    const gone = before.gangs.filter(({ owner }) => placed.preempted.includes(owner));
    const free = freed(before.free, gone);
    const possible = isPossible(shape, free, request.groups, [required, preferred]);
    if (possible && !isAsWished(shape, placed.groups, preferred)) {
      return expectSame(step, JSON.stringify(preferred), placed.groups, "a possible preference");
    }
    return expectSame(step, !possible, placed.weakened, "weakened");
  }),
  witnesses: {
    "a preference kept": someStep(
      ({ call, reply }) =>
        requestOf(call)?.topology?.preferred !== undefined && placedIn(reply)?.weakened === false,
    ),
    "a preference given up": someStep(({ reply }) => placedIn(reply)?.weakened === true),
    "two wishes that no gang of several groups can have": someStep(({ call, reply }) => {
      const { required, preferred } = requestOf(call)?.topology ?? {};
      const wishes = [required, preferred];
      return (
        (placedIn(reply)?.groups.length ?? 0) > 1 &&
        !wishes.includes(undefined) &&
        required !== preferred &&
        wishes.includes("different-domains")
      );
    }),
  },
  mutants: mutants(
    "never says that it gave a preference up",
    "gives a preference up without trying",
    "says that a preference is given up when the GPU's superchip is full",
    "puts what is preferred above what is required",
  ),
});
