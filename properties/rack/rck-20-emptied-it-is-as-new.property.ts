import type { MachineCall, MachineSight } from "#rack";
import { differs, property } from "#verify";
import { longLife, rackCases } from "./histories.ts";
import { mutants } from "./mutants.ts";
import { createOf, type RackCase } from "./setup.ts";
import { answered, callsOf, played } from "./steps.ts";
import { fastRack } from "./subjects.ts";

const OWNERS = [0, 1, 2, 3] as const;

/** Everybody leaves, and every domain is lost and regained: nothing can be left. */
const EMPTYING: readonly MachineCall[] = [
  ...OWNERS.map((owner): MachineCall => ({ kind: "undeploy", owner })),
  ...[0, 1].flatMap((domain): readonly MachineCall[] => [
    { kind: "lose", domain },
    { kind: "regain", domain },
  ]),
];

const FIRST = { model: "a", weightFormat: "fp8", kvFormat: "fp8", tp: 1, replicas: 3 } as const;

/** A life that uses a bit of everything. */
const newLife = (startNs: number): readonly MachineCall[] =>
  callsOf(
    [
      { kind: "deploy", owner: 0, ...FIRST },
      { kind: "wait", ns: 5000 },
      { kind: "deploy", owner: 1, ...FIRST, tp: 2, replicas: 2, kvFormat: "fp4" },
      { kind: "send", request: 0, model: "a", blocks: [1, 2, 3], unnamed: 1, worker: 0 },
      { kind: "start", request: 0 },
      { kind: "fill", request: 0 },
      { kind: "send", request: 1, model: "a", blocks: [1, 2, 3, 4], unnamed: 0, worker: 1 },
      { kind: "start", request: 1 },
      { kind: "fetch", request: 1 },
      { kind: "swap", worker: 2, model: "c", weightFormat: "fp8", kvFormat: "fp8" },
      { kind: "wait", ns: 5000 },
      { kind: "route", model: "a", blocks: [1, 2], from: 0 },
    ],
    startNs,
  );

/** Whoever decides by turns knows how many decisions there were; nobody else does. */
const plain = (given: RackCase): RackCase =>
  given.policy === "round-robin" ? { ...given, policy: "kv-aware" } : given;

const endOf = ({ history }: RackCase): number =>
  history.reduce((sum, act) => sum + (act.kind === "wait" ? act.ns : 0), 0);

const used = (given: RackCase): readonly MachineCall[] => [
  ...played(plain(given)),
  ...EMPTYING,
  { kind: "sight" },
  ...newLife(endOf(given)),
  { kind: "sight" },
];

const fresh = (given: RackCase): readonly MachineCall[] => [
  createOf(plain(given)),
  { kind: "advance", atNs: endOf(given) },
  { kind: "sight" },
  ...newLife(endOf(given)),
  { kind: "sight" },
];

export default property({
  id: "RCK-20",
  part: "rack",
  statement:
    "a rack from which everybody has gone is as one that was never used, whatever it has lived through, 2,000 acts among others: nothing is left, and a new life goes alike",
  given: rackCases(1, longLife(2000), longLife(1999)),
  subject: fastRack,
  scripts: (given) => [used(given), fresh(given)],
  holds(given, [old = [], young = []]) {
    const first = used(given).length - newLife(0).length - 2;
    for (const [index, expected] of young.slice(2).entries()) {
      const difference = differs(expected, old[first + index]);
      if (difference) return { at: first + index, ...difference };
    }
    return undefined;
  },
  witnesses: {
    "somebody who had to leave": (given, [old = []]) =>
      old
        .slice(played(plain(given)).length)
        .some((reply) => answered(reply, "undeployed") !== undefined),
    "hardware that was lost": (_, [old = []]) =>
      old.filter((reply) => answered(reply, "lost")).length > 2,
    "blocks in the end": (_, [, young = []]) =>
      ((young.at(-1) as MachineSight | undefined)?.listed.length ?? 0) > 3,
  },
  mutants: mutants(
    "does not tell the directory of workers that are gone",
    "leaves the requests of a worker that ends",
    "gives a switch back with what it had",
    "keeps the load of requests that end with their worker",
    "keeps the first worker of a gang that ends",
  ),
});
