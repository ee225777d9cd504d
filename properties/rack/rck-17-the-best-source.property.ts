import { ascending, byEach, descending } from "#base";
import type { MachineCall, MachineReply, MachineSight } from "#rack";
import { expectSame, type Finding, property } from "#verify";
import { rackCases } from "./histories.ts";
import { mutants } from "./mutants.ts";
import { domainOf, farApart, leading, type Seen, workerAt } from "./reading.ts";
import { answered, refusalIn, type Step, someStep, stepsOf, watched } from "./steps.ts";
import { fastRack } from "./subjects.ts";

type Source = {
  readonly run: number;
  readonly isSwitch: boolean;
  readonly far: number;
  readonly at: number;
};

/** Everybody who has more of a prompt than a worker, best first. */
const sources = (
  sight: MachineSight,
  worker: Seen,
  blocks: readonly number[],
): readonly Source[] => {
  const missing = leading(blocks, worker.readable);
  const domain = domainOf(worker.worker);
  const shared = (sight.switches[domain] ?? [])
    .filter(([kind]) => kind === worker.running)
    .map(([, block]) => block);
  const others = sight.workers.filter((one) => one !== worker && one.running === worker.running);
  const all: readonly Source[] = [
    {
      run: missing + leading(blocks.slice(missing), shared),
      isSwitch: true,
      far: 0,
      at: domain,
    },
    ...others.map((one) => ({
      run: leading(blocks, one.readable),
      isSwitch: false,
      far: farApart(worker, one),
      at: one.worker,
    })),
  ];
  return all
    .filter(({ run }) => run > missing)
    .toSorted(
      byEach(
        descending(({ run }) => run),
        ascending(({ isSwitch }) => (isSwitch ? 0 : 1)),
        ascending(({ far }) => far),
        ascending(({ at }) => at),
      ),
    );
};

type Asked = {
  readonly worker: Seen;
  readonly blocks: readonly number[];
  readonly sight: MachineSight;
};

/** Who asks for which blocks; after a start the pools are as before, for a start reads and does not write. */
const askedIn = (
  { call, reply, before, after }: Step,
  sent: ReadonlyMap<number, readonly number[]>,
): Asked | undefined => {
  if (call.kind !== "fetch" && call.kind !== "start") return undefined;
  if (refusalIn(reply) !== undefined && refusalIn(reply) !== "no-source") return undefined;
  const sight = call.kind === "fetch" ? before : after;
  const number = sight.requests.find(({ request }) => request === call.request)?.worker ?? -1;
  const worker = workerAt(sight, number);
  return worker && { worker, blocks: sent.get(call.request) ?? [], sight };
};

const hear = (
  sent: Map<number, readonly number[]>,
  call: MachineCall,
  reply: MachineReply,
): void => {
  if (call.kind === "send" && answered(reply, "sent")) sent.set(call.request, call.blocks);
};

const found = (reply: MachineReply) => {
  const what = answered(reply, "fetching") ?? answered(reply, "started")?.elsewhere;
  return what && { source: what.source, run: what.run, blocks: what.blocks };
};

/** The switches after a start may have what it promoted; the search comes after that. */
const judge = (step: Step, sent: Map<number, readonly number[]>): Finding | undefined => {
  const asked = askedIn(step, sent);
  if (asked === undefined) return undefined;
  const { worker, blocks, sight } = asked;
  const [best] = sources(sight, worker, blocks);
  const expected = best && {
    source: best.isSwitch ? { domain: best.at } : { worker: best.at },
    run: best.run,
    blocks: best.run - leading(blocks, worker.readable),
  };
  return expectSame(step, expected, found(step.reply), "where the missing blocks are");
};

const fromSwitch = (reply: MachineReply): boolean =>
  "domain" in (answered(reply, "fetching")?.source ?? {});

export default property({
  id: "RCK-17",
  part: "rack",
  statement:
    "missing leading blocks come from whoever of the same kind has the longest run: the switch of the domain before others who have as much, then the nearest, then the lowest number; from nobody when nobody has more",
  given: rackCases(),
  subject: fastRack,
  scripts: watched,
  holds(given, replies): Finding | undefined {
    const sent = new Map<number, readonly number[]>();
    for (const step of stepsOf(given, replies)) {
      hear(sent, step.call, step.reply);
      const broken = judge(step, sent);
      if (broken) return broken;
    }
    return undefined;
  },
  witnesses: {
    "a copy from the switch": someStep(({ reply }) => fromSwitch(reply)),
    "a copy from another worker": someStep(
      ({ reply }) => answered(reply, "fetching") !== undefined && !fromSwitch(reply),
    ),
    "a copy of the rest of a run": someStep(({ reply }) => {
      const fetching = answered(reply, "fetching");
      return fetching !== undefined && fetching.blocks < fetching.run;
    }),
    "nobody who has more": someStep(({ reply }) => refusalIn(reply) === "no-source"),
    "several who have some": someStep(({ call, reply, before }) => {
      if (call.kind !== "fetch" || !answered(reply, "fetching")) return false;
      return before.workers.filter(({ readable }) => readable.includes(1)).length > 2;
    }),
  },
  mutants: mutants(
    "copies from the lowest number that has anything",
    "never asks the switch",
    "copies a block less than there is",
    "finds nothing for a worker that has something",
  ),
});
