import type { FleetCall, FleetEvent, FleetReply, FleetSight } from "#rack";
import { type Script, stepwise } from "#verify";
import { type Act, CREATE, type FleetCase } from "./setup.ts";

/** One act of a history: what was answered, what was told, and what was to be seen before and after. */
export type Step = {
  readonly at: number;
  readonly call: FleetCall;
  readonly reply: FleetReply;
  readonly events: readonly FleetEvent[];
  readonly before: FleetSight;
  readonly after: FleetSight;
};

/** The acts as calls: time is told as an instant. */
export const callsOf = (history: readonly Act[]): readonly FleetCall[] => {
  let nowNs = 0;
  return history.map((act) => {
    if (act.kind !== "wait") return act;
    nowNs += act.ns;
    return { kind: "advance", atNs: nowNs };
  });
};

/** The history on a new fleet. */
const played = (given: FleetCase): readonly FleetCall[] => [CREATE, ...callsOf(given)];

/** What is asked after every act. */
const QUESTIONS: readonly FleetCall[] = [{ kind: "events" }, { kind: "sight" }];

/** The same, and after every act what was told and what is there. */
export const watched = (given: FleetCase): readonly Script<FleetCall>[] => [
  played(given).flatMap((call) => [call, ...QUESTIONS]),
];

const read = (given: FleetCase, replies: readonly FleetReply[]): readonly Step[] => {
  const stride = QUESTIONS.length + 1;
  const steps: Step[] = [];
  const calls = played(given);
  for (let index = 1; (index + 1) * stride <= replies.length; index += 1) {
    const at = index * stride;
    steps.push({
      at,
      call: calls[index] as FleetCall,
      reply: replies[at] as FleetReply,
      events: replies[at + 1] as readonly FleetEvent[],
      before: replies[at - 1] as FleetSight,
      after: replies[at + 2] as FleetSight,
    });
  }
  return steps;
};

/** The steps of a watched history, with their obligation and witness. */
export const { fromTheFirstStep, atEveryStep, someStep } = stepwise(read);

/** The answer, when it is of this kind. */
export const answered = <Kind extends string>(
  reply: FleetReply | undefined,
  kind: Kind,
): Extract<FleetReply, { readonly kind: Kind }> | undefined =>
  typeof reply === "object" && reply !== null && "kind" in reply && reply.kind === kind
    ? (reply as Extract<FleetReply, { readonly kind: Kind }>)
    : undefined;

/** Why something was refused. */
export const refusalIn = ({ reply }: Step): string | undefined =>
  answered(reply, "refused")?.because;

/** Whether something of this kind was told in a step. */
export const happened =
  (kind: FleetEvent["kind"]) =>
  ({ events }: Step): boolean =>
    events.some((event) => event.kind === kind);

/** The workers of an owner. */
export const ownedIn = (sight: FleetSight, owner: number) =>
  sight.workers.filter((worker) => worker.owner === owner);
