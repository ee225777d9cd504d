import type { MachineCall, MachineReply, MachineSight } from "#rack";
import { expectSame, type Finding, property } from "#verify";
import { rackCases } from "./histories.ts";
import { mutants } from "./mutants.ts";
import { capacityOf, type Seen } from "./reading.ts";
import { answered, happened, someStep, stepsOf, watched } from "./steps.ts";
import { fastRack } from "./subjects.ts";

/** What a request that was sent holds once it has started. */
type Held = { readonly blocks: readonly number[]; unnamed: number };

/** Copies outlive the request that asked for them: the run that each holds at both ends. */
type Copied = { readonly worker: number; readonly source: number; readonly run: readonly number[] };

const hear = (held: Map<number, Held>, call: MachineCall, reply: MachineReply): void => {
  if (call.kind === "send" && answered(reply, "sent")) {
    held.set(call.request, { blocks: call.blocks, unnamed: call.unnamed });
  }
  if (call.kind !== "grow" || !answered(reply, "grown")) return;
  const grown = held.get(call.request);
  if (grown) grown.unnamed += call.count;
};

/** The run of a copy that begins: so many of the leading blocks of the request that asks. */
const copied = (
  copies: Map<string, Copied>,
  call: MachineCall,
  reply: MachineReply,
  held: Map<number, Held>,
  sight: MachineSight,
): void => {
  const fetching = answered(reply, "fetching");
  if (call.kind !== "fetch" || fetching === undefined) return;
  const fetch = sight.fetches.at(-1);
  if (fetch === undefined) return;
  const run = held.get(call.request)?.blocks.slice(0, fetching.run) ?? [];
  const source = "worker" in fetching.source ? fetching.source.worker : -1;
  copies.set(nameOf(fetch), { worker: fetch.worker, source, run });
};

/** Copies have no numbers: the request, the worker and the instant tell them apart. */
const nameOf = ({ request, worker, dueNs }: MachineSight["fetches"][number]): string =>
  `${request} ${worker} ${dueNs}`;

/** The counts that a worker must have. */
const due = (
  worker: Seen,
  sight: MachineSight,
  held: Map<number, Held>,
  copies: readonly Copied[],
) => {
  const started = sight.requests
    .filter((request) => request.worker === worker.worker && request.started)
    .map(({ request }) => held.get(request) ?? { blocks: [], unnamed: 0 });
  const named = new Set([
    ...started.flatMap(({ blocks }) => blocks),
    ...copies
      .filter((copy) => copy.worker === worker.worker || copy.source === worker.worker)
      .flatMap(({ run }) => run),
  ]);
  const filling = [...named].filter((block) => !worker.readable.includes(block)).length;
  const unnamed = started.reduce((sum, request) => sum + request.unnamed, worker.swap?.blocks ?? 0);
  const cached = worker.readable.filter((block) => !named.has(block)).length;
  const active = worker.readable.length - cached + unnamed;
  return { free: capacityOf(worker.running) - filling - active - cached, filling, active, cached };
};

export default property({
  id: "RCK-10",
  part: "rack",
  statement:
    "free, filling, active and cached blocks of a worker are those that its requests, the copies from and to it and the room for new weights account for, and add up to what fits beside its weights",
  given: rackCases(2),
  subject: fastRack,
  scripts: watched,
  holds(given, replies): Finding | undefined {
    const held = new Map<number, Held>();
    const copies = new Map<string, Copied>();
    for (const step of stepsOf(given, replies)) {
      const { after } = step;
      hear(held, step.call, step.reply);
      copied(copies, step.call, step.reply, held, after);
      const underway = after.fetches.flatMap((fetch) => copies.get(nameOf(fetch)) ?? []);
      for (const worker of after.workers) {
        const found = expectSame(
          step,
          due(worker, after, held, underway),
          worker.counts,
          `blocks of worker ${worker.worker}`,
        );
        if (found) return found;
      }
    }
    return undefined;
  },
  witnesses: {
    "a full pool": someStep(({ after }) => after.workers.some(({ counts }) => counts.free === 0)),
    "room kept for new weights": someStep(({ after }) =>
      after.workers.some(({ swap }) => (swap?.blocks ?? 0) > 0),
    ),
    "a copy that holds blocks at its source": someStep(({ after }) =>
      after.fetches.some(({ source }) => "worker" in source),
    ),
    "a request that ends with its worker": someStep(happened("request-ended")),
    "a copy that outlives its request": someStep(({ after }) =>
      after.fetches.some(
        (fetch) => !after.requests.some(({ request }) => request === fetch.request),
      ),
    ),
  },
  mutants: mutants(
    "holds for good what was copied",
    "keeps the blocks of a release now and then",
    "does not give the room back when a swap fails",
    "gives a worker a block more than fit",
  ),
});
