import type { MachineEvent } from "#rack";
import { expectSame, expectTrue, type Finding, property } from "#verify";
import { rackCases } from "./histories.ts";
import { mutants } from "./mutants.ts";
import { RATES, weightBytesOf, weightsOf, workerAt } from "./reading.ts";
import type { RackCase } from "./setup.ts";
import { answered, happened, type Step, someStep, stepsOf, watched } from "./steps.ts";
import { fastRack } from "./subjects.ts";

/** What is on its way to a worker: of which kind, and until when unless something happens. */
type Expected = { readonly running: string; readonly dueNs: number };

/** What each worker serves, and what it waits for, as the answers and events say. */
type Known = { readonly serves: Map<number, string>; readonly waits: Map<number, Expected> };

/** The least nanoseconds in which a shard of the weights gets to a GPU, from wherever. */
const leastNs = (running: string, tp: number): number =>
  Math.floor((Math.floor(weightBytesOf(running) / tp) / RATES.oneWay) * 1e9);

/** The nanoseconds in which the largest shard comes from the CPU. */
const outsideNs = (running: string, tp: number): number =>
  Math.ceil((Math.ceil(weightBytesOf(running) / tp) / RATES.cpu) * 1e9);

const hear = (known: Known, event: MachineEvent): string | undefined => {
  const waiting = "worker" in event ? known.waits.get(event.worker) : undefined;
  switch (event.kind) {
    case "serving":
      known.waits.delete(event.worker);
      known.serves.set(event.worker, event.running);
      return waiting?.dueNs === event.atNs && waiting.running === event.running
        ? undefined
        : "a worker that serves when it was said to";
    case "replanned":
    case "reloading":
      if (waiting) known.waits.set(event.worker, { ...waiting, dueNs: event.dueNs });
      return waiting && event.dueNs >= event.atNs ? undefined : "an instant for one who waits";
    case "swap-failed":
      known.waits.delete(event.worker);
      return undefined;
    default:
      return undefined;
  }
};

/** Whether a kind is what a deployment or a swap asks for. */
const isAsked = ({ call }: Step, running: string): boolean =>
  (call.kind === "deploy" || call.kind === "swap") &&
  running.startsWith(`${call.model}/${call.weightFormat}/${call.kvFormat}/tp`);

/** The workers for which an act sets weights out, with where these come from. */
const setOutIn = ({ reply }: Step) => {
  const deployed = answered(reply, "deployed");
  if (deployed) {
    return { source: deployed.weights, workers: deployed.workers.map(({ worker }) => worker) };
  }
  const swapping = answered(reply, "swapping");
  return swapping && { source: swapping.weights, workers: swapping.workers };
};

/** What an act sets out for one worker: which rule that breaks, or nothing. */
const setOutFor = (
  known: Known,
  step: Step,
  number: number,
  source: string,
): string | undefined => {
  const { after } = step;
  const worker = workerAt(after, number);
  const load = after.loads.find(({ workers }) => workers.some(([waiting]) => waiting === number));
  if (worker === undefined || load === undefined) return "weights on their way to who was answered";
  const running = worker.swap?.running ?? worker.running;
  const dueNs = load.workers.find(([waiting]) => waiting === number)?.[1] ?? -1;
  const tp = worker.gpus.length;
  const spanNs = dueNs - after.nowNs;
  if (!isAsked(step, running)) return "the model and the formats asked for";
  if (load.weights !== weightsOf(running)) return "the weights of the kind asked for";
  if (spanNs < leastNs(running, tp)) return "no weights faster than the links";
  if (source === "outside" && spanNs !== outsideNs(running, tp)) return "the time from the CPU";
  known.waits.set(number, { running, dueNs });
  return undefined;
};

/** What an act sets out. */
const setOut = (known: Known, step: Step): string | undefined => {
  const { source = "", workers = [] } = setOutIn(step) ?? {};
  for (const number of workers) {
    const rule = setOutFor(known, step, number, source);
    if (rule) return rule;
  }
  return undefined;
};

/** Whether weights come from GPUs exactly when somebody has them whole. */
const isFromTheRightPlace = ({ reply, after }: Step): boolean => {
  const started = answered(reply, "deployed") ?? answered(reply, "swapping");
  if (started === undefined) return true;
  const [first] = started.workers;
  const number = typeof first === "object" ? first.worker : first;
  const target = after.workers.find(({ worker }) => worker === number);
  const weights = weightsOf(target?.swap?.running ?? target?.running ?? "");
  const holders = after.workers.filter(
    ({ serving, running }) => serving && weightsOf(running) === weights,
  );
  return (started.weights === "gpus") === holders.length > 0;
};

const judge = (known: Known, step: Step): Finding | undefined => {
  for (const event of step.events) {
    const rule = hear(known, event);
    if (rule) return expectTrue(step, false, rule, event);
  }
  const rule = setOut(known, step);
  if (rule) return expectTrue(step, false, rule, step.after.loads);
  const { after } = step;
  const there = new Set(after.workers.map(({ worker }) => worker));
  for (const number of [...known.serves.keys(), ...known.waits.keys()]) {
    if (there.has(number)) continue;
    known.serves.delete(number);
    known.waits.delete(number);
  }
  const serving = after.workers.filter((worker) => worker.serving);
  const late = [...known.waits.values()].find(({ dueNs }) => dueNs <= after.nowNs);
  return (
    expectTrue(step, isFromTheRightPlace(step), "weights from whoever has them", step.reply) ??
    expectTrue(step, late === undefined, "nobody waits beyond the instant", late ?? null) ??
    expectSame(
      step,
      [...known.serves].toSorted(([left], [right]) => left - right),
      serving.map(({ worker, running }) => [worker, running]),
      "who serves what",
    )
  );
};

/** Workers that ended and came anew in one act must be forgotten in between. */
const forgetEnded = (known: Known, { before, events }: Step): void => {
  for (const event of events) {
    if (event.kind !== "ended") continue;
    for (const { worker, owner } of before.workers) {
      if (owner !== event.owner) continue;
      known.serves.delete(worker);
      known.waits.delete(worker);
    }
  }
};

const judgeAll = (given: RackCase, replies: Parameters<typeof stepsOf>[1]): Finding | undefined => {
  const known: Known = { serves: new Map(), waits: new Map() };
  for (const step of stepsOf(given, replies)) {
    forgetEnded(known, step);
    const found = judge(known, step);
    if (found) return found;
  }
  return undefined;
};

export default property({
  id: "RCK-6",
  part: "rack",
  statement:
    "a worker serves from the very instant at which its weights are whole and not before; a swapped one serves its old model until then; weights come from GPUs that serve them if there are any, and never faster than links allow",
  given: rackCases(2),
  subject: fastRack,
  scripts: watched,
  holds: judgeAll,
  witnesses: {
    "weights from a GPU": someStep(({ reply }) => answered(reply, "deployed")?.weights === "gpus"),
    "a swap that ends well": someStep(({ events, before }) =>
      events.some(
        (event) =>
          event.kind === "serving" &&
          before.workers.some(({ worker, swap }) => worker === event.worker && swap !== null),
      ),
    ),
    "a swap that fails": someStep(happened("swap-failed")),
    "a plan made anew": someStep(happened("replanned")),
    "weights that begin anew": someStep(happened("reloading")),
  },
  mutants: mutants(
    "serves before its weights are whole",
    "ignores the format of the KV",
    "does not serve when it is alone",
    "gives up a worker that lost the source of its weights",
    "takes who is not whole for a source of weights",
    "drops the old model when the swap begins",
    "has the new model when the swap begins",
    "goes without any model when a swap fails",
  ),
});
