import { ascending } from "#base";
import { expectSame, expectTrue, type Finding, property } from "#verify";
import { fleetCases } from "./histories.ts";
import { runningOf, trackOwners } from "./owners.ts";
import { capacityOf, placesFor } from "./reading.ts";
import { FIGURES } from "./setup.ts";
import { answered, fromTheFirstStep, refusalIn, type Step, someStep, watched } from "./steps.ts";
import { fleet, mutants } from "./subjects.ts";

type Owners = ReturnType<typeof trackOwners>["owners"];

/** How many workers a deployment gets, or why none; nothing when it may end others or has a wish, which gangs know about. */
const due = ({ call, before }: Step, owners: Owners): number | string | undefined => {
  if (call.kind !== "deploy") return undefined;
  const { tp, replicas, owner, priority = 0, capacityMost = Number.POSITIVE_INFINITY } = call;
  if (![1, 2, 4].includes(tp)) return "bad-group";
  if (Math.min(capacityMost, capacityOf(runningOf(call, tp))) < 1) return "does-not-fit";
  if (owners.has(owner)) return "owner-known";
  if (replicas === 0) return "no-groups";
  const places = placesFor(tp, before.freeGpus);
  if (replicas === null) return places || "no-room";
  if (replicas <= places && !isTied(call)) return replicas;
  return priority > 0 || isTied(call) ? undefined : "no-room";
};

const isTied = (call: object): boolean =>
  "topology" in call && JSON.stringify(call.topology).includes("required");

const judge = (step: Step, owners: Owners): Finding | undefined => {
  const { call, reply } = step;
  const expected = due(step, owners);
  if (call.kind !== "deploy" || expected === undefined) return undefined;
  const found = answered(reply, "deployed")?.workers.length ?? refusalIn(step);
  return expectSame(step, expected, found, "how many are placed, or why none");
};

/** Every GPU is free, lost or one worker's; a worker's are aligned and of one domain. */
const judgePlaces = (step: Step): Finding | undefined => {
  const { workers, freeGpus, lostGpus } = step.after;
  const used = workers.flatMap(({ gpus }) => gpus);
  const everywhere = [...used, ...freeGpus, ...lostGpus].toSorted(ascending((gpu) => gpu));
  const all = Array.from({ length: FIGURES.gpus }, (_, gpu) => gpu);
  const astray = workers.find(
    ({ worker, gpus, running }) =>
      worker % gpus.length !== 0 ||
      !running.endsWith(`tp${gpus.length}`) ||
      gpus.some((gpu, shard) => gpu !== worker + shard),
  );
  return (
    expectSame(step, all, everywhere, "every GPU once") ??
    expectTrue(step, astray === undefined, "aligned groups", astray ?? null)
  );
};

export default property({
  id: "FLT-8",
  part: "fleet",
  statement:
    "every GPU is free, lost or one worker's; a deployment gets all the workers it asks for or none, and as many as there are places for when it asks for what fits",
  given: fleetCases(),
  subject: fleet,
  scripts: watched,
  holds: fromTheFirstStep(() => {
    const { owners, hear } = trackOwners();
    return (step) => {
      const found = judge(step, owners) ?? judgePlaces(step);
      hear(step);
      return found;
    };
  }),
  witnesses: {
    "as many as fit, on a rack in use": someStep(
      ({ call, reply, before }) =>
        call.kind === "deploy" &&
        call.replicas === null &&
        answered(reply, "deployed") !== undefined &&
        before.workers.length > 0,
    ),
    "some places, but too few": someStep((step) => {
      const { call, before } = step;
      return (
        call.kind === "deploy" &&
        refusalIn(step) === "no-room" &&
        placesFor(call.tp, before.freeGpus) > 0
      );
    }),
    "others ended for it": someStep(
      ({ reply }) => (answered(reply, "deployed")?.preempted.length ?? 0) > 0,
    ),
  },
  mutants: mutants(
    "opens the first of several replicas twice",
    "places one worker fewer than fit",
    "places those who stand apart as one gang",
  ),
});
