import type { MachineCall, MachineReply, MachineSight } from "#rack";
import { expectSame, type Finding, property, type Script } from "#verify";
import { rackCases } from "./histories.ts";
import { mutants } from "./mutants.ts";
import { farFrom, leading, modelOf } from "./reading.ts";
import type { RackCase } from "./setup.ts";
import { answered, played, refusalIn } from "./steps.ts";
import { fastRack } from "./subjects.ts";

type Route = Extract<MachineCall, { readonly kind: "route" }>;

const QUESTIONS: readonly Route[] = [
  { kind: "route", model: "a", blocks: [1, 2, 3, 4], from: 2 },
  { kind: "route", model: "b", blocks: [1, 2] },
  { kind: "route", model: "a", blocks: [7, 8, 9], from: 6 },
];

/** After every act a sight, and then a prompt to be routed: another each time. */
const scripts = (given: RackCase): readonly Script<MachineCall>[] => [
  played(given).flatMap((call, index) => [
    call,
    { kind: "sight" },
    QUESTIONS[index % QUESTIONS.length] as Route,
  ]),
];

/** What each request asks for: what it was sent with and what it has grown by. */
const loadsAfter = (
  loads: Map<number, number>,
  call: MachineCall,
  reply: MachineReply | undefined,
): void => {
  if (call.kind === "send" && answered(reply, "sent")) {
    loads.set(call.request, call.blocks.length + call.unnamed);
  }
  if (call.kind === "grow" && answered(reply, "grown")) {
    loads.set(call.request, (loads.get(call.request) ?? 0) + call.count);
  }
};

/** Everybody who serves the model, and what a router must be told of each. */
const due = (sight: MachineSight, { model, blocks, from }: Route, loads: Map<number, number>) =>
  sight.workers
    .filter(({ serving, running }) => serving && modelOf(running) === model)
    .map((worker) => ({
      worker: worker.worker,
      overlapBlocks: leading(blocks, worker.readable),
      distance: from === undefined ? 0 : farFrom(worker, from),
      loadBlocks: worker.requests.reduce((sum, request) => sum + (loads.get(request) ?? 0), 0),
      activeRequests: worker.requests.length,
    }));

type Told = {
  readonly sight: MachineSight;
  readonly question: Route;
  readonly reply: MachineReply;
};

const told = (given: RackCase, replies: readonly MachineReply[]): readonly Told[] =>
  played(given).map((_, index) => ({
    sight: replies[3 * index + 1] as MachineSight,
    question: QUESTIONS[index % QUESTIONS.length] as Route,
    reply: replies[3 * index + 2] as MachineReply,
  }));

const some =
  (isIt: (one: Told) => boolean) =>
  (given: RackCase, [replies = []]: readonly (readonly MachineReply[])[]): boolean =>
    told(given, replies).some(isIt);

export default property({
  id: "RCK-3",
  part: "rack",
  statement:
    "a prompt is routed among exactly the workers that serve its model, each seen with the leading run that its own pool can read, its distance and its load; and refused when there is none",
  given: rackCases(),
  subject: fastRack,
  scripts,
  holds(given, [replies = []]): Finding | undefined {
    const loads = new Map<number, number>();
    const calls = played(given);
    for (const [index, { sight, question, reply }] of told(given, replies).entries()) {
      loadsAfter(loads, calls[index] as MachineCall, replies[3 * index]);
      const at = { at: 3 * index + 2 };
      const expected = due(sight, question, loads);
      const among = answered(reply, "chosen")?.among ?? [];
      const found =
        expectSame(at, expected, among, "workers to choose among") ??
        expectSame(at, expected.length === 0, refusalIn(reply) === "no live worker", "refused");
      if (found) return found;
    }
    return undefined;
  },
  witnesses: {
    "a worker that holds what it is not asked for": some(({ sight, question }) =>
      sight.workers.some(
        ({ running, readable }) =>
          modelOf(running) !== question.model && leading(question.blocks, readable) > 0,
      ),
    ),
    "a worker that is not whole yet": some(({ sight, question }) =>
      sight.workers.some(({ serving, running }) => !serving && modelOf(running) === question.model),
    ),
    "a worker being swapped": some(({ sight }) => sight.workers.some(({ swap }) => swap !== null)),
    "two workers with runs of different length": some(({ reply }) => {
      const runs = (answered(reply, "chosen")?.among ?? []).map((one) => one.overlapBlocks);
      return new Set(runs.filter((run) => run > 0)).size > 1;
    }),
    "a worker with two requests": some(({ reply }) =>
      (answered(reply, "chosen")?.among ?? []).some((one) => one.activeRequests > 1),
    ),
  },
  mutants: mutants(
    "routes to whoever is placed",
    "routes to workers of any model",
    "routes to the new model before it is there",
    "passes over whoever is being swapped",
    "forgets the load of what is released",
    "does not count what a request grows by",
    "does not tell the directory of workers that are gone",
  ),
});
