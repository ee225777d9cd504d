import type { MachineCall, MachineReply } from "#rack";
import { differs, type Finding, property } from "#verify";
import { rackCases } from "./histories.ts";
import { mutants } from "./mutants.ts";
import { GPUS, GPUS_PER_DOMAIN, type RackAct, type RackCase } from "./setup.ts";
import { answered, callsOf, played } from "./steps.ts";
import { fastRack } from "./subjects.ts";

const moved = (gpu: number): number => (gpu + GPUS_PER_DOMAIN) % GPUS;

/** The history where nothing hangs on a number: gangs say in which domain they want to lie, and requests to whom they go. */
const settled = (given: RackCase): RackCase => ({
  ...given,
  history: given.history.map((act): RackAct => {
    if (act.kind === "deploy") {
      return { ...act, topology: { required: { near: (act.owner % 2) * GPUS_PER_DOMAIN } } };
    }
    if (act.kind !== "send" || act.worker !== undefined) return act;
    const { model, blocks, from } = act;
    return { kind: "route", model, blocks, ...(from !== undefined && { from }) };
  }),
});

/** An act with the two domains in each other's place. */
const turnedAct = (act: RackAct): RackAct => {
  switch (act.kind) {
    case "deploy":
      return { ...act, topology: { required: { near: moved((act.owner % 2) * GPUS_PER_DOMAIN) } } };
    case "lose":
    case "regain":
      if ("domain" in act) return { ...act, domain: 1 - act.domain };
      return "gpu" in act
        ? { ...act, gpu: moved(act.gpu) }
        : { ...act, superchip: (act.superchip + 2) % 4 };
    case "route":
      return act.from === undefined ? act : { ...act, from: moved(act.from) };
    case "send":
      return act.worker === undefined ? act : { ...act, worker: moved(act.worker) };
    case "swap":
      return "worker" in act ? { ...act, worker: moved(act.worker) } : act;
    default:
      return act;
  }
};

const turned = (given: RackCase): RackCase => ({
  ...given,
  history: given.history.map(turnedAct),
});

const script = (given: RackCase): readonly MachineCall[] => [
  ...played(given).flatMap((call): readonly MachineCall[] => [call, { kind: "events" }]),
  { kind: "sight" },
];

/** Keys under which GPUs, workers and domains stand. */
const NUMBERED = new Set(["worker", "gpus", "freeGpus", "lostGpus", "sources", "workers"]);

/** A reply as it would read with the domains in each other's place; lists by number stand in their new order. */
const renamed = (value: unknown, key = ""): unknown => {
  if (typeof value === "number") {
    if (key === "domain") return 1 - value;
    return NUMBERED.has(key) ? moved(value) : value;
  }
  if (typeof value === "string") {
    const [place, number] = value.split(" ");
    if (place === "worker") return `worker ${moved(Number(number))}`;
    return place === "domain" && number !== undefined ? `domain ${1 - Number(number)}` : value;
  }
  if (Array.isArray(value)) return renamedList(value, key);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, renamed(member, name)]),
  );
};

const PAIRS = new Set(["memory", "pair"]);

const renamedList = (list: readonly unknown[], key: string): unknown => {
  if (key === "switches") return list.map((item) => renamed(item)).toReversed();
  if (PAIRS.has(key) || (key === "workers" && Array.isArray(list[0]))) {
    return list.map((pair) => {
      const [gpu, ...rest] = pair as readonly [number, ...unknown[]];
      return [moved(gpu), ...rest];
    });
  }
  return list.map((item) => renamed(item, typeof item === "number" ? key : ""));
};

/** Lists whose order follows from numbers, in one order. */
const inOrder = (value: unknown): unknown => {
  if (Array.isArray(value)) {
    const items = value.map(inOrder);
    const texts = items.map((item) => JSON.stringify(item));
    return [...items.keys()]
      .toSorted((left, right) => ((texts[left] as string) < (texts[right] as string) ? -1 : 1))
      .map((index) => items[index]);
  }
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, inOrder(member)]));
};

/** What must agree: everything but whom the router took among equals. */
const essence = (reply: MachineReply): unknown => {
  const chosen = answered(reply, "chosen");
  return inOrder(chosen ? chosen.among : reply);
};

export default property({
  id: "RCK-14",
  part: "rack",
  statement:
    "with the two domains in each other's place everything happens alike in the other's place, where gangs and requests say where they go",
  given: rackCases(),
  subject: fastRack,
  scripts: (given) => [script(settled(given)), script(turned(settled(given)))],
  holds(_, [here = [], there = []]): Finding | undefined {
    for (const [at, reply] of here.entries()) {
      const mirrored = renamed(reply) as MachineReply;
      const difference = differs(essence(mirrored), essence(there[at] as MachineReply));
      if (difference) return { at, ...difference };
    }
    return undefined;
  },
  witnesses: {
    "gangs in both domains": (_, [here = []]) => {
      const workers = here.flatMap((reply) => answered(reply, "deployed")?.workers ?? []);
      return new Set(workers.map(({ worker }) => Math.floor(worker / GPUS_PER_DOMAIN))).size > 1;
    },
    "a loss": (_, [here = []]) => here.some((reply) => answered(reply, "lost")),
    "a copy between domains": (given, [here = []]) =>
      callsOf(settled(given).history).length > 0 &&
      here.some((reply) => {
        const source = answered(reply, "fetching")?.source;
        return source !== undefined && "worker" in source && source.worker >= GPUS_PER_DOMAIN;
      }),
  },
  mutants: mutants(
    "copies from the lowest number that has anything",
    "keeps the first worker of a gang that ends",
    "knows only the lowest of those who have weights",
  ),
});
