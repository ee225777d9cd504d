import { expectSame, type Finding, property } from "#verify";
import { fleetCases } from "./histories.ts";
import { trackOwners } from "./owners.ts";
import { placesFor } from "./reading.ts";
import type { FleetCase } from "./setup.ts";
import {
  answered,
  fromTheFirstStep,
  ownedIn,
  refusalIn,
  type Step,
  someStep,
  watched,
} from "./steps.ts";
import { fleet, mutants } from "./subjects.ts";

type Owners = ReturnType<typeof trackOwners>["owners"];

/** How many workers an owner is given anew, or why none. */
const due = ({ before }: Step, owner: number, owners: Owners): number | string => {
  const asked = owners.get(owner);
  if (asked === undefined) return "unknown-owner";
  const lacking = asked.wanted - ownedIn(before, owner).length;
  if (lacking === 0) return "nothing-lacking";
  return Math.min(lacking, placesFor(asked.tp, before.freeGpus)) || "no-room";
};

const judge = (step: Step, owners: Owners): Finding | undefined => {
  const { call, reply, before, after } = step;
  if (call.kind !== "redeploy") return undefined;
  const deployed = answered(reply, "deployed");
  const found = deployed?.workers.length ?? answered(reply, "refused")?.because;
  const anew = (deployed?.workers ?? []).map(({ worker }) => worker);
  const running = anew.map(() => owners.get(call.owner)?.running);
  const added = after.workers.filter(({ worker }) => anew.includes(worker));
  const others = after.workers.filter(({ worker }) => !anew.includes(worker));
  return (
    expectSame(step, due(step, call.owner, owners), found, "how many are placed again") ??
    expectSame(
      step,
      running,
      added.map((worker) => worker.running),
      "what they run",
    ) ??
    expectSame(step, before.workers, others, "everybody else")
  );
};

/** In the end hardware comes back, and two owners ask for what they lost. */
const healed = (given: FleetCase): FleetCase => [
  ...given,
  { kind: "regain", domain: 0 },
  { kind: "redeploy", owner: 0 },
  { kind: "redeploy", owner: 1 },
];

const holds = fromTheFirstStep(() => {
  const { owners, hear } = trackOwners();
  return (step) => {
    const found = judge(step, owners);
    hear(step);
    return found;
  };
});

const met = (isIt: (step: Step) => boolean) => {
  const isMet = someStep(isIt);
  return (given: FleetCase, replies: Parameters<typeof isMet>[1]): boolean =>
    isMet(healed(given), replies);
};

export default property({
  id: "FLT-4",
  part: "fleet",
  statement:
    "redeploying gives an owner back as many workers as it lacks of those that it was given and as there are places for, of its own model, and touches nobody else",
  given: fleetCases(),
  subject: fleet,
  scripts: (given) => watched(healed(given)),
  holds: (given, replies) => holds(healed(given), replies),
  witnesses: {
    "some are back beside others who stayed": met(({ call, reply, after }) => {
      const count = answered(reply, "deployed")?.workers.length ?? 0;
      return call.kind === "redeploy" && count > 0 && ownedIn(after, call.owner).length > count;
    }),
    "nothing lacks": met((step) => refusalIn(step) === "nothing-lacking"),
    "no room": met((step) => step.call.kind === "redeploy" && refusalIn(step) === "no-room"),
    "nobody is known": met(
      (step) => step.call.kind === "redeploy" && refusalIn(step) === "unknown-owner",
    ),
  },
  mutants: mutants(
    "places as many again as an owner was given",
    "forgets an owner who has lost all",
    "places one worker fewer than fit",
  ),
});
