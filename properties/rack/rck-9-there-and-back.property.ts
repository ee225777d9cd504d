import type { MachineCall, MachineReply } from "#rack";
import { expectSame, property } from "#verify";
import { rackCases } from "./histories.ts";
import { mutants } from "./mutants.ts";
import type { RackCase } from "./setup.ts";
import { answered, played } from "./steps.ts";
import { fastRack } from "./subjects.ts";

const VISITOR = 99;

const deploy = (tp: number, replicas: number, model = "a"): MachineCall => ({
  kind: "deploy",
  owner: VISITOR,
  model,
  weightFormat: "fp8",
  kvFormat: "fp8",
  tp,
  replicas,
  priority: -1,
});

/** Who comes and goes at once: one worker, several, a wide one, and one of another model. Nobody ends for them. */
const VISITS: readonly MachineCall[] = [
  deploy(1, 1),
  deploy(1, 3),
  deploy(4, 1),
  deploy(2, 2, "b"),
];

const LEAVE: MachineCall = { kind: "undeploy", owner: VISITOR };

const script = (given: RackCase): readonly MachineCall[] => [
  ...played(given),
  { kind: "sight" },
  ...VISITS.flatMap((visit): readonly MachineCall[] => [visit, LEAVE, { kind: "sight" }]),
];

const visited = (given: RackCase, replies: readonly MachineReply[]) => {
  const first = played(given).length;
  return VISITS.map((_, index) => {
    const [before, placed, left, after] = replies.slice(first + 3 * index, first + 3 * index + 4);
    return { at: first + 3 * index + 3, before, placed, left, after };
  });
};

export default property({
  id: "RCK-9",
  part: "rack",
  statement:
    "an owner who is deployed and undeployed at the same instant leaves the rack as it was: GPUs, blocks, weights on their way, everything",
  given: rackCases(),
  subject: fastRack,
  scripts: (given) => [script(given)],
  holds(given, [replies = []]) {
    for (const visit of visited(given, replies)) {
      const isThere = answered(visit.placed, "deployed") !== undefined;
      const found =
        expectSame(visit, isThere, answered(visit.left, "undeployed") !== undefined, "left") ??
        expectSame(visit, visit.before, visit.after, "after the visit");
      if (found) return found;
    }
    return undefined;
  },
  witnesses: {
    "a visitor with several workers": (given, [replies = []]) =>
      visited(given, replies).some(
        ({ placed }) => (answered(placed, "deployed")?.workers.length ?? 0) > 1,
      ),
    "a visitor who gets weights from others": (given, [replies = []]) =>
      visited(given, replies).some(
        ({ placed }) => answered(placed, "deployed")?.weights === "gpus",
      ),
    "a visitor who finds no room": (given, [replies = []]) =>
      visited(given, replies).some(({ placed }) => answered(placed, "refused")),
  },
  mutants: mutants(
    "takes a GPU out of service when its gang is released",
    "keeps the replicas that fit when not all do",
    "opens the first of several replicas twice",
  ),
});
