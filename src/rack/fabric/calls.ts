import { assert, type Refused } from "#base";
import type {
  CreateFabric,
  Fabric,
  FabricAudit,
  FabricFlow,
  FabricLedger,
  FabricShape,
  FlowBegun,
  FlowCut,
  FlowEnd,
  FlowRefusal,
  FlowSight,
  LinkName,
} from "./contract.ts";

/** What may happen to a fabric, as plain data: the vocabulary of histories, logs and saved cases. */
export type FabricEvent =
  | ({ readonly kind: "begin"; readonly nowNs: number } & FabricFlow)
  | { readonly kind: "cancel"; readonly flow: number; readonly nowNs: number }
  | { readonly kind: "cancelOf"; readonly worker: number; readonly nowNs: number }
  | {
      readonly kind: "slow";
      readonly link: LinkName;
      readonly factor: number;
      readonly nowNs: number;
    }
  | { readonly kind: "advance"; readonly nowNs: number };

/** Anything that can be asked of a fabric; `create` comes first. */
export type FabricCall =
  | ({ readonly kind: "create" } & FabricShape)
  | FabricEvent
  | ({ readonly kind: "alone" } & Pick<FabricFlow, "source" | "distance" | "bytes" | "shards">)
  | { readonly kind: "next" | "flows" | "ledger" | "audit" };

/** The answers, each to its kind of call; `next` is null when nothing is under way. */
export type FabricReply =
  | { readonly kind: "created" | "slowed" }
  | FlowBegun
  | FlowCut
  | Refused<FlowRefusal | "not-under-way">
  | { readonly kind: "ended"; readonly flows: readonly FlowEnd[] }
  | readonly number[]
  | readonly FlowSight[]
  | FabricLedger
  | FabricAudit
  | number
  | null;

const happen = (fabric: Fabric, event: FabricEvent): FabricReply => {
  switch (event.kind) {
    case "begin": {
      const { kind: _, nowNs, ...flow } = event;
      return fabric.begin(flow, nowNs);
    }
    case "cancel":
      return fabric.cancel(event.flow, event.nowNs);
    case "cancelOf":
      return fabric.cancelOf(event.worker, event.nowNs);
    case "slow":
      fabric.slow(event.link, event.factor, event.nowNs);
      return { kind: "slowed" };
    case "advance":
      return { kind: "ended", flows: fabric.advance(event.nowNs) };
  }
};

const answer = (fabric: Fabric, call: Exclude<FabricCall, { kind: "create" }>): FabricReply => {
  switch (call.kind) {
    case "alone":
      return fabric.aloneNs(call);
    case "next": {
      const next = fabric.nextNs();
      return Number.isFinite(next) ? next : null;
    }
    case "flows":
    case "ledger":
    case "audit":
      return fabric[call.kind]();
    default:
      return happen(fabric, call);
  }
};

/** A fabric as a subject: calls and replies are plain data. */
export const fabricSubject =
  (create: CreateFabric): (() => (call: FabricCall) => FabricReply) =>
  () => {
    let fabric: Fabric | undefined;
    return (call) => {
      if (call.kind === "create") {
        const { kind: _, ...shape } = call;
        fabric = create(shape);
        return { kind: "created" };
      }
      assert(fabric !== undefined, "a fabric is created before it is asked", call.kind);
      return answer(fabric, call);
    };
  };
