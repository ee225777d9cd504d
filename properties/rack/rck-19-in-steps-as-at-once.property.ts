import type { MachineCall, MachineEvent, MachineReply } from "#rack";
import { firstDifference, property } from "#verify";
import { rackCases } from "./histories.ts";
import { mutants } from "./mutants.ts";
import { createOf, type RackAct, type RackCase } from "./setup.ts";
import { callsOf } from "./steps.ts";
import { fastRack } from "./subjects.ts";

/** The history with every wait cut into parts: a nanosecond, a third of the rest, and what is left. */
const inSteps = (history: readonly RackAct[]): readonly RackAct[] =>
  history.flatMap((act): readonly RackAct[] => {
    if (act.kind !== "wait" || act.ns < 3) return [act];
    const third = Math.floor(act.ns / 3);
    return [1, third, act.ns - third - 1].map((ns) => ({ kind: "wait", ns }));
  });

const script = (given: RackCase, history: readonly RackAct[]): readonly MachineCall[] => [
  createOf(given),
  ...callsOf(history).flatMap((call): readonly MachineCall[] => [call, { kind: "events" }]),
  { kind: "sight" },
];

/** What happened, in order, and how it ended; instants of waiting apart. */
const told = (replies: readonly MachineReply[]): readonly unknown[] => [
  ...replies.flatMap((reply) => (Array.isArray(reply) ? (reply as readonly MachineEvent[]) : [])),
  ...replies.filter((reply) => !Array.isArray(reply) && !isAdvanced(reply)),
];

const isAdvanced = (reply: MachineReply): boolean =>
  typeof reply === "object" && reply !== null && "kind" in reply && reply.kind === "advanced";

const events = (replies: readonly MachineReply[] = []): readonly MachineEvent[] =>
  replies.flatMap((reply) => (Array.isArray(reply) ? (reply as readonly MachineEvent[]) : []));

export default property({
  id: "RCK-19",
  part: "rack",
  statement:
    "it makes no difference in how many steps time passes: everything happens at its own instant, in the same order",
  given: rackCases(),
  subject: fastRack,
  scripts: (given) => [script(given, given.history), script(given, inSteps(given.history))],
  holds: (_, [atOnce = [], slowly = []]) => firstDifference(told(atOnce), told(slowly)),
  witnesses: {
    "several things that happen in one wait": (_, [atOnce = []]) =>
      atOnce.some(
        (reply) =>
          Array.isArray(reply) &&
          new Set((reply as readonly MachineEvent[]).map(({ atNs }) => atNs)).size > 1,
      ),
    "a copy that arrives while weights are on their way": (_, [atOnce]) => {
      const happened = events(atOnce).map(({ kind }) => kind);
      return (
        happened.includes("fetched") &&
        happened.lastIndexOf("serving") > happened.indexOf("fetched")
      );
    },
  },
  mutants: mutants(
    "tells the end of a wait for the instant of what happened in it",
    "lets one thing happen a wait",
  ),
});
