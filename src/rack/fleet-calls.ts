import { assert, type Refused, unreachable } from "#base";
import type { CreateFleet } from "./fleet.ts";
import type {
  DeployRefusal,
  FleetDeployed,
  FleetDone,
  FleetHardware,
  FleetParts,
  FleetRequest,
  FleetSwapRequest,
  HardwareLost,
  RedeployRefusal,
  SwapCandidate,
  Swapping,
  SwapRefusal,
} from "./fleet-contract.ts";
import { FleetDesk, type FleetEvent, type FleetSight } from "./fleet-desk.ts";
import type { Running } from "./fleet-kinds.ts";
import { type FleetSetup, fleetShapeOf } from "./fleet-setup.ts";

/** What may happen to a fleet. `hold`: so many of a worker's blocks are held from now on. */
export type FleetAct =
  | ({ readonly kind: "deploy" } & FleetRequest)
  | { readonly kind: "redeploy" | "undeploy"; readonly owner: number }
  | ({ readonly kind: "swap" } & FleetSwapRequest)
  | ({ readonly kind: "lose" | "regain" } & FleetHardware)
  | { readonly kind: "hold"; readonly worker: number; readonly blocks: number };

/** Anything that can be put to a fleet, as plain data; `create` comes first. An act with an instant lets everything happen first that is due by then. */
export type FleetCall =
  | ({ readonly kind: "create" } & FleetSetup)
  | (FleetAct & { readonly atNs?: number })
  | { readonly kind: "advance"; readonly atNs: number }
  | ({ readonly kind: "candidates"; readonly tp: number } & Running)
  | { readonly kind: "events" | "next" | "sight" };

/** The answers, each to its kind of call. `next` is null when no weights are on their way. */
export type FleetReply =
  | { readonly kind: "created" | "advanced" | "held" }
  | FleetDeployed
  | FleetDone
  | Swapping
  | HardwareLost
  | Refused<DeployRefusal | RedeployRefusal | SwapRefusal | "already-lost" | "not-lost" | "full">
  | readonly SwapCandidate[]
  | FleetSight
  | readonly FleetEvent[]
  | number
  | null;

/** Puts a fleet behind calls of plain JSON, with a desk in the place of whoever drives it. A question before `create` is a defect of the caller and throws. */
export const fleetSubject =
  (create: CreateFleet, parts: FleetParts): (() => (call: FleetCall) => FleetReply) =>
  () => {
    let desk: FleetDesk | undefined;
    return (call) => {
      if (call.kind === "create") {
        desk = new FleetDesk((driver) => create(fleetShapeOf(call), parts, driver));
        return { kind: "created" };
      }
      assert(desk !== undefined, "a fleet is created before it is asked", call.kind);
      if ("atNs" in call && call.atNs !== undefined) desk.fleet.advance(call.atNs);
      return answer(desk, call);
    };
  };

const answer = (desk: FleetDesk, call: Exclude<FleetCall, { kind: "create" }>): FleetReply => {
  const { fleet } = desk;
  switch (call.kind) {
    case "advance":
      return { kind: "advanced" };
    case "deploy":
      return fleet.deploy(call);
    case "redeploy":
    case "undeploy":
      return fleet[call.kind](call.owner);
    case "swap":
      return fleet.swap(call);
    case "candidates":
      return fleet.candidates(call, call.tp);
    case "lose":
    case "regain":
      return fleet[call.kind](call);
    case "hold":
      return desk.hold(call.worker, call.blocks);
    case "events":
    case "sight":
      return desk[call.kind]();
    case "next":
      return fleet.nextNs() ?? null;
    default:
      return unreachable(call);
  }
};
