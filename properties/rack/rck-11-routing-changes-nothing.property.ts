import type { MachineCall } from "#rack";
import { expectSame, firstDifference, property, type Script } from "#verify";
import { rackCases } from "./histories.ts";
import { mutants } from "./mutants.ts";
import type { RackCase } from "./setup.ts";
import { answered, played } from "./steps.ts";
import { fastRack } from "./subjects.ts";

const END: readonly MachineCall[] = [
  { kind: "route", model: "a", blocks: [1, 2, 3] },
  { kind: "events" },
  { kind: "sight" },
];

/** The question that is put before a call: for a request that the router may choose a worker for, that very request. */
const before = (call: MachineCall): MachineCall => {
  if (call.kind !== "send") return { kind: "route", model: "a", blocks: [1, 2, 3] };
  const { model, blocks, from } = call;
  return { kind: "route", model, blocks, ...(from !== undefined && { from }) };
};

const acts = (given: RackCase): readonly MachineCall[] =>
  played(given).filter(({ kind }) => kind !== "route");

const asking = (given: RackCase): Script<MachineCall> => [
  ...acts(given).flatMap((call, index) => (index === 0 ? [call] : [before(call), call])),
  ...END,
];

export default property({
  id: "RCK-11",
  part: "rack",
  statement:
    "asking where a prompt would go changes nothing, whatever comes after, and a request that is sent goes where the question just before said",
  given: rackCases(),
  subject: fastRack,
  scripts: (given) => [[...acts(given), ...END], asking(given)],
  holds(given, [quiet = [], asked = []]) {
    const calls = acts(given);
    const answers = asked.filter((_, index) => index % 2 === 0 || index >= 2 * calls.length - 1);
    for (const [index, call] of calls.entries()) {
      const sent =
        call.kind === "send" && call.worker === undefined && answered(quiet[index], "sent");
      if (!sent) continue;
      const routed = answered(asked[2 * index - 1], "chosen")?.worker;
      const found = expectSame({ at: index }, sent.worker, routed, "where the question said");
      if (found) return found;
    }
    return firstDifference(quiet, answers);
  },
  witnesses: {
    "a request that is sent where the router says": (given, [quiet = []]) =>
      acts(given).some(
        (call, index) =>
          call.kind === "send" && call.worker === undefined && answered(quiet[index], "sent"),
      ),
    "one that is sent by turns": ({ policy }, [quiet = []]) =>
      policy === "round-robin" && quiet.filter((reply) => answered(reply, "sent")).length > 1,
    "a prompt that somebody holds": (_, [, asked = []]) =>
      asked.some((reply) =>
        (answered(reply, "chosen")?.among ?? []).some(({ overlapBlocks }) => overlapBlocks > 0),
      ),
  },
  mutants: mutants(
    "counts a question as a decision",
    "counts a question as load",
    "makes what is asked for the most recent",
  ),
});
