import { expectSame, property } from "#verify";
import { fleetCases } from "./histories.ts";
import { atEveryStep, refusalIn, someStep, watched } from "./steps.ts";
import { fleet, mutants } from "./subjects.ts";

const refusedFor = (because: string) => someStep((step) => refusalIn(step) === because);

export default property({
  id: "FLT-6",
  part: "fleet",
  statement: "whatever is refused has changed nothing, and nothing is told",
  given: fleetCases(),
  subject: fleet,
  scripts: watched,
  holds: atEveryStep((step) =>
    refusalIn(step) === undefined
      ? undefined
      : expectSame(
          step,
          { events: [], sight: step.before },
          { events: step.events, sight: step.after },
          "after a refusal",
        ),
  ),
  witnesses: {
    "no room for all": refusedFor("no-room"),
    "an owner who is one already": refusedFor("owner-known"),
    "weights that leave no block": refusedFor("does-not-fit"),
    "a worker that is busy": refusedFor("busy"),
    "hardware lost twice": refusedFor("already-lost"),
    "a worker that is not there": refusedFor("unknown-worker"),
  },
  mutants: mutants(
    "keeps the replicas that fit when not all do",
    "swaps the workers of an owner as far as it can",
    "ends an owner who deploys twice",
  ),
});
