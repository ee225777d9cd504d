import type { ExpressEvent, Outcome, WeightTransfer } from "#rack";
import { differs, type Finding, finding, property, values } from "#verify";
import { executors } from "./executing-mutants.ts";
import { executionIn, gpusIn, isOn, sole, transfersOf } from "./reading.ts";
import { type Course, executing, GPUS, reference, requestOf, someCourse } from "./requests.ts";

/** Sets of bytes, one a GPU, and the GPUs that are gone. */
type Rack = { readonly has: readonly Set<number>[]; readonly gone: Set<number> };

const rackOf = (course: Course): Rack => {
  const { bytes, sources } = requestOf(course);
  const all = Array.from({ length: bytes }, (_, at) => at);
  const held = (gpu: number) => new Set(all.filter((at) => isOn(sources, gpu, at)));
  return { has: Array.from({ length: GPUS }, (_, gpu) => held(gpu)), gone: new Set() };
};

/** Takes in what arrived of a transfer, unless that cannot be. */
const take = (
  { has, gone }: Rack,
  { src, dst, from }: WeightTransfer,
  to: number,
): Finding | undefined => {
  for (let at = from; at < to; at += 1) {
    if (has[dst]?.has(at) || gone.has(dst))
      return finding(0, "a byte that is lacking", at, `to GPU ${dst}`);
    if (!gone.has(src) && !has[src]?.has(at))
      return finding(0, "a byte that he has", at, `from GPU ${src}`);
    has[dst]?.add(at);
  }
  return undefined;
};

/** Plays one event, unless it cannot be. */
const happen = (
  rack: Rack,
  event: ExpressEvent,
  transfers: ReadonlyMap<number, WeightTransfer>,
): Finding | undefined => {
  if (event.kind === "lost") {
    rack.gone.add(event.gpu);
    rack.has[event.gpu]?.clear();
  }
  if (!("transfer" in event)) return undefined;
  const transfer = transfers.get(event.transfer) as WeightTransfer;
  if (event.kind !== "started")
    return take(rack, transfer, event.kind === "cut" ? event.arrivedTo : transfer.to);
  const isGone = rack.gone.has(transfer.src) || rack.gone.has(transfer.dst);
  return isGone ? finding(0, "GPUs that are there", { ...transfer }) : undefined;
};

/** Whether a target ends as what has happened lets it. */
const misjudged = (outcome: Outcome, { has, gone }: Rack, course: Course): Finding | undefined => {
  const { bytes, targets } = requestOf(course);
  const { gpu, state } = outcome;
  const lacked = Array.from({ length: bytes }, (_, at) => at).filter(
    (at) => isOn(targets, gpu, at) && !has[gpu]?.has(at),
  );
  const isNowhere = (at: number): boolean => has.every((own) => !own.has(at));
  const expected = gone.has(gpu) ? "lost" : lacked.some(isNowhere) ? "old" : "new";
  if (state !== expected || (state === "new" && lacked.length > 0))
    return finding(0, expected, { ...outcome, lacked });
  if (outcome.state !== "old" || isNowhere(outcome.gap.from)) return undefined;
  return finding(0, "bytes that nobody has", outcome.gap.from);
};

export default property({
  id: "EXP-14",
  part: "express",
  statement:
    "whatever is lost, no byte arrives twice or from somebody without it; in the end each target has all that it wants, or is lost, or lacks bytes that nobody left has",
  given: values(someCourse),
  subject: reference,
  scripts: (course) => [[executing(course)]],
  holds(course, replies) {
    const execution = executionIn(sole(replies));
    if (execution === undefined) return undefined;
    const [rack, transfers] = [rackOf(course), transfersOf(execution)];
    for (const event of execution.events) {
      const fault = happen(rack, event, transfers);
      if (fault) return fault;
    }
    const gpus = gpusIn(requestOf(course).targets);
    const told = execution.outcomes.map(({ gpu }) => gpu);
    const difference = differs(gpus, told);
    if (difference) return { at: 0, ...difference };
    for (const outcome of execution.outcomes) {
      const fault = misjudged(outcome, rack, course);
      if (fault) return fault;
    }
    return undefined;
  },
  witnesses: Object.fromEntries(
    (["new", "old", "lost"] as const).map((state) => [
      `a loss, and a target that ends ${state}`,
      (_: Course, replies: Parameters<typeof sole>[0]) => {
        const execution = executionIn(sole(replies));
        return (
          (execution?.events.some(({ kind }) => kind === "lost") ?? false) &&
          (execution?.outcomes.some((one) => one.state === state) ?? false)
        );
      },
    ]),
  ),
  mutants: executors(
    "says of a cut transfer that it is whole",
    "forgets what had arrived",
    "calls everybody whole in the end",
    "strands whoever was cut",
  ),
});
