import type { FleetEvent, FleetSight } from "#rack";
import { expectSame, expectTrue, type Finding, property } from "#verify";
import { fleetCases } from "./histories.ts";
import { betweenNs, leastNs, outsideNs, weightsOf, workerAt } from "./reading.ts";
import { answered, fromTheFirstStep, happened, type Step, someStep, watched } from "./steps.ts";
import { fleet, mutants } from "./subjects.ts";

/** What is on its way to a worker, and until when unless something happens. */
type Expected = { readonly running: string; readonly dueNs: number };

/** What each worker serves and what it waits for, as answers and events say. */
type Known = { readonly serves: Map<number, string>; readonly waits: Map<number, Expected> };

/** Whether an act places workers whose weights are there already. */
const isWarm = ({ call, reply }: Step): boolean =>
  call.kind === "deploy" && call.warm === true && answered(reply, "deployed") !== undefined;

/** A worker serves: it has waited until now, or its weights were there. */
const serve = (
  { serves, waits }: Known,
  { atNs, worker, running }: Extract<FleetEvent, { readonly running: string }>,
  step: Step,
): string | undefined => {
  const waiting = waits.get(worker);
  waits.delete(worker);
  serves.set(worker, running);
  const isDue = waiting?.dueNs === atNs && waiting.running === running;
  return isDue || (waiting === undefined && isWarm(step)) ? undefined : "serving when it is due";
};

const hear = (known: Known, event: FleetEvent, step: Step): string | undefined => {
  switch (event.kind) {
    case "serving":
    case "swapped":
      return serve(known, event, step);
    case "replanned":
    case "reloading": {
      const waiting = known.waits.get(event.worker);
      if (waiting) known.waits.set(event.worker, { ...waiting, dueNs: event.dueNs });
      return waiting && event.dueNs >= event.atNs ? undefined : "an instant for one who waits";
    }
    case "ended":
      known.serves.delete(event.worker);
      known.waits.delete(event.worker);
      return undefined;
    case "swap-failed":
      known.waits.delete(event.worker);
      return undefined;
    default:
      return undefined;
  }
};

/** By worker, until when it waits. */
const duesIn = ({ loads }: FleetSight): ReadonlyMap<number, number> =>
  new Map(loads.flatMap(({ workers }) => workers));

/** How long weights are on their way: no less than links allow, and exactly so much from outside, or from one GPU to another. */
const isRightSpan = (step: Step, number: number, running: string, dueNs: number): boolean => {
  const spanNs = dueNs - step.after.nowNs;
  const started = answered(step.reply, "deployed") ?? answered(step.reply, "swapping");
  const holders = step.after.workers.filter(
    (one) => one.serving && weightsOf(one.running) === weightsOf(running),
  );
  if (started?.weights !== (holders.length > 0 ? "gpus" : "outside")) return false;
  if (holders.length === 0) return spanNs === outsideNs(running);
  const [from] = holders;
  const isAlone = holders.length === 1 && started.workers.length === 1;
  const isOneToOne = isAlone && from?.gpus.length === 1 && running.endsWith("tp1");
  return isOneToOne
    ? spanNs === betweenNs(running, from.worker, number)
    : spanNs >= leastNs(running);
};

/** What an act sets out: to whom, and for how long. */
const setOut = (known: Known, step: Step): Finding | undefined => {
  const started = answered(step.reply, "deployed") ?? answered(step.reply, "swapping");
  if (started === undefined || isWarm(step)) return undefined;
  const dues = duesIn(step.after);
  for (const placed of started.workers) {
    const number = typeof placed === "number" ? placed : placed.worker;
    const worker = workerAt(step.after, number);
    const running = worker?.swap?.running ?? worker?.running ?? "";
    const dueNs = dues.get(number) ?? -1;
    const found = expectTrue(step, isRightSpan(step, number, running, dueNs), "the time of links", {
      number,
      dueNs,
    });
    if (found) return found;
    known.waits.set(number, { running, dueNs });
  }
  const lastNs = Math.max(...started.workers.map((one) => dues.get(numberOf(one)) ?? -1));
  return expectSame(step, lastNs, started.dueNs, "when the last is whole");
};

const numberOf = (placed: number | { readonly worker: number }): number =>
  typeof placed === "number" ? placed : placed.worker;

const byNumber = <Value>(entries: Iterable<readonly [number, Value]>) =>
  [...entries].toSorted(([left], [right]) => left - right);

export default property({
  id: "FLT-1",
  part: "fleet",
  statement:
    "a worker serves from the very instant at which its weights are whole: at once when they are warm, after what links and distance say otherwise, from GPUs that serve them if there are any",
  given: fleetCases(),
  subject: fleet,
  scripts: watched,
  holds: fromTheFirstStep(() => {
    const known: Known = { serves: new Map(), waits: new Map() };
    return (step) => {
      for (const event of step.events) {
        const rule = hear(known, event, step);
        if (rule) return expectTrue(step, false, rule, event);
      }
      const found = setOut(known, step);
      if (found) return found;
      const { workers, nowNs } = step.after;
      const waits = byNumber([...known.waits].map(([number, { dueNs }]) => [number, dueNs]));
      const serving = workers.filter((worker) => worker.serving);
      return (
        expectSame(step, waits, byNumber(duesIn(step.after)), "who waits until when") ??
        expectTrue(
          step,
          waits.every(([, dueNs]) => dueNs > nowNs),
          "nobody waits longer",
          waits,
        ) ??
        expectSame(
          step,
          byNumber(known.serves),
          serving.map(({ worker, running }) => [worker, running]),
          "who serves what",
        )
      );
    };
  }),
  witnesses: {
    "warm weights": someStep(isWarm),
    "weights from a GPU": someStep(({ reply }) => answered(reply, "deployed")?.weights === "gpus"),
    "a swap that ends well": someStep(happened("swapped")),
    "a swap that fails": someStep(happened("swap-failed")),
    "a plan made anew": someStep(happened("replanned")),
    "weights that begin anew": someStep(happened("reloading")),
  },
  mutants: mutants(
    "serves before its weights are whole",
    "does not serve when it is alone",
    "gives up a worker that lost the source of its weights",
    "takes who is not whole for a source of weights",
    "has the new model when the swap begins",
    "brings warm weights all the same",
  ),
});
