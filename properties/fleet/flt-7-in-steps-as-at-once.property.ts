import type { FleetCall, FleetEvent, FleetReply } from "#rack";
import { expectTrue, firstDifference, property } from "#verify";
import { fleetCases } from "./histories.ts";
import { type Act, CREATE, type FleetCase } from "./setup.ts";
import { callsOf } from "./steps.ts";
import { fleet, mutants } from "./subjects.ts";

/** The history with every wait cut into parts: a nanosecond, a third of the rest, and what is left. */
const inSteps = (history: FleetCase): FleetCase =>
  history.flatMap((act): readonly Act[] => {
    if (act.kind !== "wait" || act.ns < 3) return [act];
    const third = Math.floor(act.ns / 3);
    return [1, third, act.ns - third - 1].map((ns) => ({ kind: "wait", ns }));
  });

const script = (history: FleetCase): readonly FleetCall[] => [
  CREATE,
  ...callsOf(history).flatMap((call): readonly FleetCall[] => [call, { kind: "events" }]),
  { kind: "sight" },
];

const eventsIn = (replies: readonly FleetReply[]): readonly FleetEvent[] =>
  replies.flatMap((reply) => (Array.isArray(reply) ? (reply as readonly FleetEvent[]) : []));

const isAdvanced = (reply: FleetReply): boolean =>
  typeof reply === "object" && reply !== null && "kind" in reply && reply.kind === "advanced";

/** What was told, in order, and what was answered; that time has passed apart. */
const told = (replies: readonly FleetReply[]): readonly unknown[] => [
  ...eventsIn(replies),
  ...replies.filter((reply) => !Array.isArray(reply) && !isAdvanced(reply)),
];

export default property({
  id: "FLT-7",
  part: "fleet",
  statement:
    "everything is told in the order of time, each thing at its own instant, in however many steps time passes",
  given: fleetCases(),
  subject: fleet,
  scripts: (given) => [script(given), script(inSteps(given))],
  holds(_, [atOnce = [], slowly = []]) {
    const instants = eventsIn(atOnce).map(({ atNs }) => atNs);
    const isInOrder = instants.every((atNs, index) => atNs >= (instants[index - 1] ?? 0));
    return (
      expectTrue({ at: -1 }, isInOrder, "instants in order", instants) ??
      firstDifference(told(atOnce), told(slowly))
    );
  },
  witnesses: {
    "several instants in one wait": (_, [atOnce = []]) =>
      atOnce.some(
        (reply) =>
          Array.isArray(reply) &&
          new Set((reply as readonly FleetEvent[]).map(({ atNs }) => atNs)).size > 1,
      ),
  },
  mutants: mutants(
    "tells the end of a wait for the instant of what happened in it",
    "lets one thing happen a wait",
  ),
});
