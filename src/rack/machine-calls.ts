import { assert, type Refused, unreachable } from "#base";
import type {
  Deployed,
  DeployRequest,
  Hardware,
  HardwareLost,
  Swapping,
  SwapRequest,
} from "./fleet-contract.ts";
import type { RackMachine } from "./machine.ts";
import type {
  Fetching,
  MachineDone,
  MachineEvent,
  MachineShape,
  RequestStarted,
  Routed,
  SendRequest,
} from "./machine-contract.ts";
import { type MachineSetup, shapeOf } from "./machine-setup.ts";
import type { MachineSight } from "./machine-sight.ts";
import { type Policy, parsePolicy } from "./router/index.ts";

/** What may happen to a rack. */
export type MachineAct =
  | ({ readonly kind: "deploy" } & DeployRequest)
  | { readonly kind: "undeploy"; readonly owner: number }
  | ({ readonly kind: "swap" } & SwapRequest)
  | ({ readonly kind: "lose" | "regain" } & Hardware)
  | {
      readonly kind: "route";
      readonly model: string;
      readonly blocks: readonly number[];
      readonly from?: number;
    }
  | ({ readonly kind: "send"; readonly blocks: readonly number[] } & Omit<SendRequest, "blocks">)
  | { readonly kind: "start" | "fetch" | "fill" | "release"; readonly request: number }
  | { readonly kind: "grow"; readonly request: number; readonly count: number };

/** Anything that can be put to a rack, as plain data; `create` comes first. An act with an instant lets everything happen first that is due by then. */
export type MachineCall =
  | ({ readonly kind: "create" } & MachineSetup)
  | (MachineAct & { readonly atNs?: number })
  | { readonly kind: "advance"; readonly atNs: number }
  | { readonly kind: "events" | "next" | "sight" };

/** The answers, each to its kind of call. `next` is null when nothing is under way. */
export type MachineReply =
  | { readonly kind: "created" | "advanced" }
  | { readonly kind: "sent"; readonly worker: number }
  | Deployed
  | Swapping
  | HardwareLost
  | MachineDone
  | Routed
  | RequestStarted
  | Fetching
  | Refused
  | MachineSight
  | readonly MachineEvent[]
  | number
  | null;

/** Makes a rack of a shape, of parts made for a policy and a seed. */
export type CreateMachine = (shape: MachineShape, policy: Policy, seed: number) => RackMachine;

/** Puts a rack behind calls of plain JSON. A question before `create` is a defect of the caller and throws. */
export const machineSubject =
  (create: CreateMachine): (() => (call: MachineCall) => MachineReply) =>
  () => {
    let machine: RackMachine | undefined;
    return (call) => {
      if (call.kind === "create") {
        machine = create(shapeOf(call), parsePolicy(call.policy), call.seed);
        return { kind: "created" };
      }
      assert(machine !== undefined, "a rack is created before it is asked", call.kind);
      if ("atNs" in call && call.atNs !== undefined) machine.advance(call.atNs);
      return answer(machine, call);
    };
  };

const answer = (
  machine: RackMachine,
  call: Exclude<MachineCall, { kind: "create" }>,
): MachineReply => {
  switch (call.kind) {
    case "advance":
      return { kind: "advanced" };
    case "deploy":
      return machine.deploy(call);
    case "undeploy":
      return machine.undeploy(call.owner);
    case "swap":
      return machine.swap(call);
    case "lose":
    case "regain":
      return machine[call.kind](call);
    case "route":
    case "send":
      return call.kind === "route" ? machine.route(call) : machine.send(call);
    case "start":
    case "fetch":
    case "fill":
    case "release":
      return machine[call.kind](call.request);
    case "grow":
      return machine.grow(call.request, call.count);
    case "events":
    case "sight":
      return machine[call.kind]();
    case "next":
      return machine.nextNs() ?? null;
    default:
      return unreachable(call);
  }
};
