import { expectSame, property } from "#verify";
import { rackCases } from "./histories.ts";
import { mutants } from "./mutants.ts";
import { blockBytesOf, capacityOf, type Seen, tpOf, weightBytesOf, workerAt } from "./reading.ts";
import { FIGURES } from "./setup.ts";
import { answered, atEveryStep, refusalIn, type Step, someStep, watched } from "./steps.ts";
import { fastRack } from "./subjects.ts";

const place = ({ worker, owner, gpus }: Seen) => ({ worker, owner, gpus });

/** The weights of a kind on each of its GPUs, the largest shard for all. */
const shard = (kind: string): number => Math.ceil(weightBytesOf(kind) / tpOf(kind));

/** How many blocks must be kept free of KV for other weights beside a kind's: tried one after another. */
const roomFor = (kind: string, other: string): number => {
  const { hbmBytes, workspaceBytes } = FIGURES;
  const left = hbmBytes - workspaceBytes - shard(kind) - shard(other);
  let blocks = 0;
  while (((capacityOf(kind) - blocks) * blockBytesOf(kind)) / tpOf(kind) > left) blocks += 1;
  return blocks;
};

/** What a swap that begins has done to a worker: room is kept, and as much evicted as that takes. */
const begun = (before: Seen, after: Seen) => {
  const blocks = roomFor(before.running, after.swap?.running ?? before.running);
  const evicted = Math.max(0, blocks - before.counts.free);
  return {
    expected: {
      running: before.running,
      serving: true,
      blocks,
      readable: before.readable.length - evicted,
      requests: before.requests,
    },
    found: {
      running: after.running,
      serving: after.serving,
      blocks: after.swap?.blocks,
      readable: after.readable.length,
      requests: after.requests,
    },
  };
};

/** The workers whose model changed in a step, before and after. */
const changed = ({ before, after, events }: Step): readonly (readonly [Seen, Seen])[] =>
  events.flatMap((event) => {
    if (event.kind !== "serving") return [];
    const [was, is] = [workerAt(before, event.worker), workerAt(after, event.worker)];
    return was?.swap && is ? [[was, is] as const] : [];
  });

/** Why a swap must be refused; nothing when it must not. Judged for swaps of one worker. */
const due = ({ call, before }: Step): string | undefined => {
  if (call.kind !== "swap" || !("worker" in call)) return undefined;
  const worker = workerAt(before, call.worker);
  if (worker === undefined) return "unknown-worker";
  if (!worker.serving || worker.swap !== null) return "busy";
  const { model, weightFormat, kvFormat } = call;
  const kind = `${model}/${weightFormat}/${kvFormat}/tp${worker.gpus.length}`;
  if (worker.running.startsWith(`${model}/${weightFormat}/`)) return "same-weights";
  if (capacityOf(kind) < 1) return "does-not-fit";
  const blocks = roomFor(worker.running, kind);
  if (blocks > capacityOf(worker.running)) return "no-room";
  const { free, cached } = worker.counts;
  return blocks > free + cached ? "kv-in-use" : undefined;
};

export default property({
  id: "RCK-13",
  part: "rack",
  statement:
    "a swap changes no worker's GPUs or owner; it is refused exactly when both models never fit, or not beside what is held; when it begins, no more is evicted than the new weights need; when the new model is there, the old one's blocks and requests are gone and nothing else",
  given: rackCases(),
  subject: fastRack,
  scripts: watched,
  holds: atEveryStep((step) => {
    const { call, reply, before, after, events } = step;
    const swapping = answered(reply, "swapping");
    if (call.kind === "swap") {
      const found =
        expectSame(step, before.workers.map(place), after.workers.map(place), "workers") ??
        ("worker" in call
          ? expectSame(step, due(step), refusalIn(reply), "refused for")
          : undefined);
      if (found) return found;
    }
    for (const number of swapping?.workers ?? []) {
      const [was, is] = [workerAt(before, number), workerAt(after, number)];
      if (!was || !is) continue;
      const { expected, found } = begun(was, is);
      const difference = expectSame(step, expected, found, `worker ${number}`);
      if (difference) return difference;
    }
    const ended = events.flatMap((event) =>
      event.kind === "request-ended" && event.because === "swapped" ? [event.request] : [],
    );
    const gone = changed(step).flatMap(([was]) => was.requests);
    return (
      expectSame(step, gone.toSorted(), ended.toSorted(), "requests of the old model") ??
      expectSame(
        step,
        changed(step).map(([was]) => [place(was), was.swap?.running, [], [], null]),
        changed(step).map(([, is]) => [place(is), is.running, is.readable, is.requests, is.swap]),
        "workers with a new model",
      )
    );
  }),
  witnesses: {
    "a swap that evicts": someStep(
      ({ reply, before, after }) =>
        answered(reply, "swapping") !== undefined && after.listed.length < before.listed.length,
    ),
    "a new model in a request's way": someStep(({ events }) =>
      events.some((event) => event.kind === "request-ended" && event.because === "swapped"),
    ),
    "a swap of several workers": someStep(
      ({ reply }) => (answered(reply, "swapping")?.workers.length ?? 0) > 1,
    ),
    "two models that never fit side by side": someStep(
      ({ reply }) => refusalIn(reply) === "no-room",
    ),
    "blocks that are held": someStep(({ reply }) => refusalIn(reply) === "kv-in-use"),
  },
  mutants: mutants(
    "drops the old model when the swap begins",
    "keeps no room for the new weights",
    "keeps a block too few for the new weights",
    "keeps the requests of the old model",
    "moves a swapped worker to another owner",
  ),
});
