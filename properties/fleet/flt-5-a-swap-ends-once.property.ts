import type { FleetCall, FleetSight } from "#rack";
import { expectSame, expectTrue, type Finding, property } from "#verify";
import { fleetCases } from "./histories.ts";
import { runningOf } from "./owners.ts";
import { blocksToGo, capacityOf, type Seen, weightsOf, workerAt } from "./reading.ts";
import {
  answered,
  fromTheFirstStep,
  happened,
  refusalIn,
  type Step,
  someStep,
  watched,
} from "./steps.ts";
import { fleet, mutants } from "./subjects.ts";

type Swap = Extract<FleetCall, { readonly kind: "swap" }>;

/** What stands against a worker's swap. */
const objectionTo = (worker: Seen, running: string, most: number): string | undefined => {
  if (!worker.serving || worker.swap !== null) return "busy";
  if (weightsOf(worker.running) === weightsOf(running)) return "same-weights";
  if (Math.min(most, capacityOf(running)) < 1) return "does-not-fit";
  const blocks = blocksToGo(worker, running);
  if (blocks > worker.capacityBlocks) return "no-room";
  return worker.heldBlocks + blocks > worker.capacityBlocks ? "kv-in-use" : undefined;
};

/** Whom a swap is for, and what stands against it. */
const dueOf = (call: Swap, before: FleetSight) => {
  const workers = before.workers.filter((worker) =>
    "owner" in call ? worker.owner === call.owner : worker.worker === call.worker,
  );
  const unknown = "owner" in call ? "unknown-owner" : "unknown-worker";
  const running = runningOf(call, workers[0]?.gpus.length ?? 0);
  const most = call.capacityMost ?? Number.POSITIVE_INFINITY;
  const because =
    workers.length === 0
      ? unknown
      : workers
          .map((worker) => objectionTo(worker, running, most))
          .find((one) => one !== undefined);
  return { running, because, workers: workers.map(({ worker }) => worker) };
};

/** By worker, what is on its way to it. */
type Pending = Map<number, string>;

/** What is told of swaps: each ends once, and what is new serves from then on. */
const hear = (step: Step, pending: Pending): Finding | undefined => {
  for (const event of step.events) {
    if (event.kind === "swapped") {
      const found = expectSame(step, pending.get(event.worker), event.running, "swapped to");
      if (found) return found;
      pending.delete(event.worker);
    } else if (event.kind === "swap-failed") {
      const rule = "only what is under way fails";
      const found = expectTrue(step, pending.delete(event.worker), rule, event);
      if (found) return found;
    } else if (event.kind === "ended") pending.delete(event.worker);
  }
  return undefined;
};

/** A model changes by a swap that is told, and not otherwise; whoever is being swapped serves on. */
const judgeModels = (step: Step): Finding | undefined => {
  for (const { worker, running, serving, swap } of step.after.workers) {
    const told = step.events.findLast(
      (event) => "worker" in event && event.worker === worker && event.kind !== "swap-failed",
    );
    const was = workerAt(step.before, worker);
    if (told === undefined) {
      const before = { running: was?.running, serving: was?.serving };
      const found = expectSame(step, before, { running, serving }, `worker ${worker}`);
      if (found) return found;
    }
    const found = expectTrue(step, serving || swap === null, "the old model serves", worker);
    if (found) return found;
  }
  return undefined;
};

export default property({
  id: "FLT-5",
  part: "fleet",
  statement:
    "a swap is refused exactly when something stands against it, or set out and then over once: swapped, failed, or gone with its worker; a worker has one model at a time, the old one until then",
  given: fleetCases(),
  subject: fleet,
  scripts: watched,
  holds: fromTheFirstStep(() => {
    const pending: Pending = new Map();
    return (step) => {
      const found = hear(step, pending);
      if (found) return found;
      const { call, reply, before, after } = step;
      if (call.kind === "swap") {
        const due = dueOf(call, before);
        const isSwapping = answered(reply, "swapping") !== undefined;
        const why = expectSame(step, due.because, refusalIn(step), "why a swap is refused");
        if (why) return why;
        if (isSwapping) for (const worker of due.workers) pending.set(worker, due.running);
      }
      const underway = after.workers.filter(({ swap }) => swap !== null);
      return (
        expectSame(
          step,
          [...pending].toSorted(([left], [right]) => left - right),
          underway.map(({ worker, swap }) => [worker, swap?.running]),
          "swaps under way",
        ) ?? judgeModels(step)
      );
    };
  }),
  witnesses: {
    "one that ends well": someStep(happened("swapped")),
    "one that fails": someStep(happened("swap-failed")),
    "one that goes with its worker": someStep(({ events, before }) =>
      events.some(
        (event) =>
          event.kind === "ended" && (workerAt(before, event.worker)?.swap ?? null) !== null,
      ),
    ),
    "held blocks in the way": someStep((step) => refusalIn(step) === "kv-in-use"),
    "never any room": someStep((step) => refusalIn(step) === "no-room"),
    "the same weights": someStep((step) => refusalIn(step) === "same-weights"),
  },
  mutants: mutants(
    "drops the old model when the swap begins",
    "goes without any model when a swap fails",
    "gives up a swap and lets its weights come",
    "swaps a worker that holds what is in the way",
    "keeps a block too few for the new weights",
    "ignores the format of the KV",
  ),
});
