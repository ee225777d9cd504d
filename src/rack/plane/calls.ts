import { assert } from "#base";
import type { CreatePlane, Plane, PlaneFault, PlaneListener } from "./contract.ts";

/** What may happen to a plane, as plain data. Instants and delays are in nanoseconds. */
export type PlaneEvent =
  | {
      readonly kind: "stored" | "removed" | "cleared";
      readonly place: number;
      readonly blocks: readonly number[];
      readonly at_ns: number;
    }
  | { readonly kind: "reset"; readonly place: number }
  | { readonly kind: "resync"; readonly place: number; readonly blocks: readonly number[] }
  | {
      readonly kind: "fault";
      readonly how: PlaneFault["how"];
      readonly place: number | null;
      readonly at_ns: number;
      readonly until_ns: number;
      readonly delay_ns?: number;
    }
  | { readonly kind: "advance"; readonly at_ns: number };

/** What may be asked of a plane, and of the directory that it tells. */
export type PlaneQuestion =
  | { readonly kind: "next" | "gaps" | "listed" }
  | { readonly kind: "lag" | "lost" | "lagNet" | "lastId"; readonly place: number };

/** Anything that can be put to a plane; `create` comes first. */
export type PlaneCall =
  | { readonly kind: "create"; readonly places: number; readonly delay_ns: number }
  | PlaneEvent
  | PlaneQuestion;

/** One line of what the directory lists. */
export type PlaneListing = { readonly worker: number; readonly block: number };

/** Null to what happens; of nothing under way, `next` is null too. */
export type PlaneReply = null | number | readonly number[] | readonly PlaneListing[];

/** A directory that a plane tells, and that can be looked into. */
type OpenListener = PlaneListener & {
  lastId(worker: number): number;
  contents(): readonly PlaneListing[];
};

/** A plane and its directory as a subject: a fresh pair at each `create`, plain data in and out. */
export const planeSubject =
  (createPlane: CreatePlane, createListener: (places: number) => OpenListener) =>
  (): ((call: PlaneCall) => PlaneReply) => {
    let pair: readonly [Plane, OpenListener] | undefined;
    return (call) => {
      if (call.kind === "create") {
        const listener = createListener(call.places);
        const shape = { places: call.places, delayNs: call.delay_ns };
        pair = [createPlane(shape, listener), listener];
        return null;
      }
      assert(pair !== undefined, "a plane is created before it is asked", call.kind);
      return answer(...pair, call);
    };
  };

const answer = (
  plane: Plane,
  listener: OpenListener,
  call: Exclude<PlaneCall, { kind: "create" }>,
): PlaneReply => {
  switch (call.kind) {
    case "next": {
      const nextNs = plane.nextNs();
      return nextNs === Number.POSITIVE_INFINITY ? null : nextNs;
    }
    case "gaps":
      return plane.gaps();
    case "listed":
      return listener.contents().map(({ worker, block }) => ({ worker, block }));
    case "lag":
    case "lost":
    case "lagNet":
      return plane[call.kind](call.place);
    case "lastId":
      return listener.lastId(call.place);
    default:
      happen(plane, call);
      return null;
  }
};

const happen = (plane: Plane, call: PlaneEvent): void => {
  switch (call.kind) {
    case "stored":
    case "removed":
    case "cleared":
      plane[call.kind](call.place, Uint32Array.from(call.blocks), call.blocks.length, call.at_ns);
      return;
    case "reset":
      plane.reset(call.place);
      return;
    case "resync":
      plane.resync(call.place, Uint32Array.from(call.blocks), call.blocks.length);
      return;
    case "fault": {
      const { how, place, at_ns, until_ns, delay_ns } = call;
      const longer = delay_ns === undefined ? {} : { delayNs: delay_ns };
      plane.fault({ how, place, untilNs: until_ns, ...longer }, at_ns);
      return;
    }
    case "advance":
      plane.advance(call.at_ns);
  }
};
