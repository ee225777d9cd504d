import type { MachineCall, MachineEvent, MachineReply, MachineSight } from "#rack";
import { type Script, stepwise } from "#verify";
import { createOf, type RackAct, type RackCase } from "./setup.ts";

/** One act of a history: what was answered, what happened beside it, and what was to be seen before and after. */
export type Step = {
  readonly at: number;
  readonly call: MachineCall;
  readonly reply: MachineReply;
  readonly events: readonly MachineEvent[];
  readonly before: MachineSight;
  readonly after: MachineSight;
};

/** The acts as calls: time is told as an instant. */
export const callsOf = (history: readonly RackAct[], startNs = 0): readonly MachineCall[] => {
  let nowNs = startNs;
  return history.map((act) => {
    if (act.kind !== "wait") return act;
    nowNs += act.ns;
    return { kind: "advance", atNs: nowNs };
  });
};

/** The history on a new rack. */
export const played = (given: RackCase): readonly MachineCall[] => [
  createOf(given),
  ...callsOf(given.history),
];

/** What is asked after every act. */
const QUESTIONS: readonly MachineCall[] = [{ kind: "events" }, { kind: "sight" }];

/** The same, and after every act what happened and what is there. */
export const watched = (given: RackCase): readonly Script<MachineCall>[] => [
  played(given).flatMap((call) => [call, ...QUESTIONS]),
];

const read = (given: RackCase, replies: readonly MachineReply[]): readonly Step[] => {
  const stride = QUESTIONS.length + 1;
  const steps: Step[] = [];
  const calls = played(given);
  for (let index = 1; (index + 1) * stride <= replies.length; index += 1) {
    const at = index * stride;
    steps.push({
      at,
      call: calls[index] as MachineCall,
      reply: replies[at] as MachineReply,
      events: replies[at + 1] as readonly MachineEvent[],
      before: replies[at - 1] as MachineSight,
      after: replies[at + 2] as MachineSight,
    });
  }
  return steps;
};

/** The steps of a watched history, with their obligation and witness. */
export const { stepsOf, atEveryStep, someStep } = stepwise(read);

/** The answer, when it is of this kind. */
export const answered = <Kind extends string>(
  reply: MachineReply | undefined,
  kind: Kind,
): Extract<MachineReply, { readonly kind: Kind }> | undefined =>
  typeof reply === "object" && reply !== null && "kind" in reply && reply.kind === kind
    ? (reply as Extract<MachineReply, { readonly kind: Kind }>)
    : undefined;

/** Why something was refused. */
export const refusalIn = (reply: MachineReply | undefined): string | undefined =>
  answered(reply, "refused")?.because;

/** Whether something of this kind happened in a step. */
export const happened =
  (kind: MachineEvent["kind"]) =>
  ({ events }: Step): boolean =>
    events.some((event) => event.kind === kind);
