import { ascending } from "#base";
import type { MachineCall } from "#rack";
import { expectSame, expectTrue, property } from "#verify";
import { rackCases } from "./histories.ts";
import { mutants } from "./mutants.ts";
import { ALL_GPUS, domainOf, tpOf } from "./reading.ts";
import { answered, atEveryStep, type Step, someStep, watched } from "./steps.ts";
import { fastRack } from "./subjects.ts";

/** Who is there after an act: those before, without whoever ended, and with whoever was placed. */
const ownersDue = ({ call, reply, events, before }: Step): readonly number[] => {
  const ended = events.flatMap((event) => (event.kind === "ended" ? [event.owner] : []));
  const staying = before.owners.filter((owner) => !ended.includes(owner));
  return call.kind === "deploy" && answered(reply, "deployed") ? [...staying, call.owner] : staying;
};

const deployOf = (call: MachineCall) => (call.kind === "deploy" ? call : undefined);

export default property({
  id: "RCK-5",
  part: "rack",
  statement:
    "every GPU is free, lost or one worker's; a worker has aligned GPUs of one domain and goes with its whole gang: an owner has all of its replicas or none",
  given: rackCases(),
  subject: fastRack,
  scripts: watched,
  holds: atEveryStep((step) => {
    const { after, call, reply } = step;
    const { workers, freeGpus, lostGpus } = after;
    const used = workers.flatMap(({ gpus }) => gpus);
    const everywhere = [...used, ...freeGpus, ...lostGpus].toSorted(ascending((gpu) => gpu));
    const astray = workers.find(
      ({ worker, gpus, running }) =>
        worker !== gpus[0] ||
        worker % gpus.length !== 0 ||
        gpus.length !== tpOf(running) ||
        gpus.some((gpu, shard) => gpu !== worker + shard || domainOf(gpu) !== domainOf(worker)),
    );
    const owners = [...new Set(workers.map(({ owner }) => owner))].toSorted(
      ascending((one) => one),
    );
    const deploy = answered(reply, "deployed") && deployOf(call);
    const placed = workers.filter(({ owner }) => owner === deploy?.owner).length;
    return (
      expectSame(step, ALL_GPUS, everywhere, "free, lost and in use") ??
      expectTrue(step, astray === undefined, "a worker on aligned GPUs", astray) ??
      expectSame(step, ownersDue(step), after.owners, "owners") ??
      (call.kind === "lose" || call.kind === "regain"
        ? undefined
        : expectSame(step, step.before.lostGpus, lostGpus, "lost")) ??
      expectSame(step, after.owners.toSorted(), owners, "owners who have workers") ??
      (deploy && expectSame(step, deploy.replicas, placed, "replicas"))
    );
  }),
  witnesses: {
    "a gang that ends others": someStep(
      ({ reply }) => (answered(reply, "deployed")?.preempted.length ?? 0) > 0,
    ),
    "a loss that ends a gang of several workers": someStep(
      ({ reply, before, after }) =>
        (answered(reply, "lost")?.ended.length ?? 0) > 0 &&
        before.workers.length - after.workers.length > 1,
    ),
    "workers of two degrees": someStep(
      ({ after }) => new Set(after.workers.map(({ gpus }) => gpus.length)).size > 1,
    ),
  },
  mutants: mutants(
    "keeps the first worker of a gang that ends",
    "keeps the replicas that fit when not all do",
    "opens the first of several replicas twice",
    "takes a GPU out of service when its gang is released",
  ),
});
