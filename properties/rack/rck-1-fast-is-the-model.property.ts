import type { MachineCall } from "#rack";
import { agreesWith, property, type Script } from "#verify";
import { rackCases } from "./histories.ts";
import { mutants } from "./mutants.ts";
import type { RackCase } from "./setup.ts";
import { answered, played } from "./steps.ts";
import { fastRack, modelRack } from "./subjects.ts";

/** What is asked on the way; everything is asked at the end. */
const ASKED: readonly MachineCall[] = [
  { kind: "events" },
  { kind: "route", model: "a", blocks: [1, 2, 3, 4] },
  { kind: "next" },
  { kind: "sight" },
];

const scripts = (given: RackCase): readonly Script<MachineCall>[] => [
  [
    ...played(given).flatMap((call, index) => [call, ASKED[index % ASKED.length] as MachineCall]),
    ...ASKED,
  ],
];

export default property({
  id: "RCK-1",
  part: "rack",
  statement:
    "a rack of the fast parts answers as one of their models, on every history: decisions, instants, what happened and what is there",
  given: rackCases(),
  subject: fastRack,
  scripts,
  holds: agreesWith(modelRack, scripts),
  witnesses: {
    "weights that come from GPUs": (_, [replies = []]) =>
      replies.some((reply) => answered(reply, "deployed")?.weights === "gpus"),
    "a swap": (_, [replies = []]) => replies.some((reply) => answered(reply, "swapping")),
    "a copy": (_, [replies = []]) => replies.some((reply) => answered(reply, "fetching")),
    "a choice among several": (_, [replies = []]) =>
      replies.some((reply) => (answered(reply, "chosen")?.among.length ?? 0) > 2),
    "a preemption": (_, [replies = []]) =>
      replies.some((reply) => (answered(reply, "deployed")?.preempted.length ?? 0) > 0),
  },
  mutants: mutants(
    "prefers the higher number among equals",
    "sees no blocks",
    "promotes at the second reader",
    "leaves plans as they are when a source is gone",
    "copies from the lowest number that has anything",
  ),
});
