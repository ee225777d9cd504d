import { ascending } from "#base";
import type { FleetEvent } from "#rack";
import { expectSame, expectTrue, type Finding, property } from "#verify";
import { fleetCases } from "./histories.ts";
import { trackOwners } from "./owners.ts";
import { gpusOf, type Seen } from "./reading.ts";
import { answered, fromTheFirstStep, happened, type Step, someStep, watched } from "./steps.ts";
import { fleet, mutants } from "./subjects.ts";

type Owners = ReturnType<typeof trackOwners>["owners"];

const inOrder = (numbers: Iterable<number>): readonly number[] =>
  [...numbers].toSorted(ascending((number) => number));

/** Whom a loss of GPUs ends: everybody with one of them, and whose gang somebody has who is. */
const hitBy = (gpus: readonly number[], workers: readonly Seen[], owners: Owners) => {
  const isHit = (worker: Seen): boolean => worker.gpus.some((gpu) => gpus.includes(gpu));
  return workers.filter(
    (worker) =>
      isHit(worker) ||
      (owners.get(worker.owner)?.placed === "together" &&
        workers.some((other) => other.owner === worker.owner && isHit(other))),
  );
};

const endedIn = (events: readonly FleetEvent[]): readonly number[] =>
  events.flatMap((event) =>
    event.kind === "ended" && event.because === "lost" ? [event.worker] : [],
  );

const seen = (workers: readonly Seen[]) =>
  workers.map(({ worker, owner, running, serving, capacityBlocks, heldBlocks }) => ({
    ...{ worker, owner, running, serving },
    ...{ capacityBlocks, heldBlocks },
  }));

const judgeLoss = (step: Step, owners: Owners): Finding | undefined => {
  const { call, reply, events, before, after } = step;
  const lost = answered(reply, "lost");
  if (call.kind !== "lose" || lost === undefined) {
    if (call.kind === "regain") return undefined;
    return expectSame(step, before.lostGpus, after.lostGpus, "lost GPUs");
  }
  const gpus = gpusOf(call, before.workers);
  const hit = hitBy(gpus, before.workers, owners);
  const gangs = [
    ...hit.filter(({ owner }) => owners.get(owner)?.placed === "apart").map(({ owner }) => owner),
    ...new Set(
      hit.filter(({ owner }) => owners.get(owner)?.placed === "together").map(({ owner }) => owner),
    ),
  ];
  const staying = before.workers.filter((worker) => !hit.includes(worker));
  return (
    expectSame(step, inOrder(hit.map(({ worker }) => worker)), inOrder(endedIn(events)), "ended") ??
    expectSame(step, inOrder(gangs), inOrder(lost.ended), "whose gangs ended") ??
    expectSame(step, seen(staying), seen(after.workers), "everybody else") ??
    expectSame(step, inOrder(new Set([...before.lostGpus, ...gpus])), after.lostGpus, "lost GPUs")
  );
};

const judgeReturn = (step: Step): Finding | undefined => {
  const { call, reply, before, after } = step;
  if (call.kind !== "regain" || "worker" in call || !answered(reply, "regained")) return undefined;
  const back = gpusOf(call, []);
  const still = before.lostGpus.filter((gpu) => !back.includes(gpu));
  return (
    expectSame(step, still, after.lostGpus, "lost GPUs") ??
    expectSame(step, seen(before.workers), seen(after.workers), "everybody")
  );
};

/** Weights come from GPUs of somebody who serves them, or gets them too. */
const sourcesGone = ({ after }: Step): readonly number[] =>
  after.loads.flatMap(({ sources, weights }) =>
    sources.filter(
      (gpu) =>
        !after.workers.some(
          ({ gpus, running, swap }) =>
            gpus.includes(gpu) &&
            [running, swap?.running ?? ""].some((kind) => kind.startsWith(`${weights}/`)),
        ),
    ),
  );

export default property({
  id: "FLT-3",
  part: "fleet",
  statement:
    "a loss ends exactly those who have some of what is lost, and of a gang that stands together all; the others stay as they are, and nobody waits for weights from GPUs that have them no more",
  given: fleetCases(),
  subject: fleet,
  scripts: watched,
  holds: fromTheFirstStep(() => {
    const { owners, hear } = trackOwners();
    return (step) => {
      const found = judgeLoss(step, owners) ?? judgeReturn(step);
      if (found) return found;
      hear(step);
      const gone = sourcesGone(step);
      const { workers, lostGpus } = step.after;
      const onLost = workers.filter(({ gpus }) => gpus.some((gpu) => lostGpus.includes(gpu)));
      return (
        expectTrue(step, gone.length === 0, "weights from who has them", gone) ??
        expectTrue(step, onLost.length === 0, "nobody on lost GPUs", onLost)
      );
    };
  }),
  witnesses: {
    "one of several who stand apart": someStep(
      ({ reply, after }) => answered(reply, "lost") !== undefined && after.workers.length > 0,
    ),
    "a worker by its number": someStep(
      ({ call, reply }) => "worker" in call && answered(reply, "lost") !== undefined,
    ),
    "hardware that comes back": someStep(({ reply }) => answered(reply, "regained") !== undefined),
    "a source that is gone": someStep(happened("replanned")),
  },
  mutants: mutants(
    "ends everybody of an owner who loses one",
    "keeps the first worker of a gang that ends",
    "loses one GPU of a superchip",
    "takes a GPU out of service when its gang is released",
    "leaves plans as they are when a source is gone",
    "forgets who was to pass weights on",
  ),
});
