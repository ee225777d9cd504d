import type { Fabric, Router, ServingGroup } from "#rack";
import type { TraceRequest } from "#trace";
import type { Scheduling } from "./scheduler.ts";
import type { EngineWorker } from "./worker.ts";

/** A request as it comes: its place in the trace, what it asks, and its blocks at the run's size. */
export type Offered = {
  readonly number: number;
  readonly request: TraceRequest;
  readonly blocks: Uint32Array;
};

/** Where the requests of one of the trace's models go: who prefills them, and who decodes them, when that is somebody else. */
export type Route = {
  readonly group: ServingGroup;
  readonly prefill: { readonly deployment: number; readonly live: Uint8Array };
  readonly decode: { readonly deployment: number; readonly live: Uint8Array } | undefined;
};

/** What an engine goes by. */
export type EngineSettings = Scheduling & {
  /** Whether a longer run on another worker is fetched when that is quicker than computing it. */
  readonly isFetching: boolean;
  /** From arrival to end, and to the first token; a request that is later is cancelled. */
  readonly deadlineNs: number | undefined;
  readonly ttftDeadlineNs: number | undefined;
  /** When a request's user leaves, by its number, from its arrival; nothing when it stays. */
  readonly patienceNs: ((number: number) => number | undefined) | undefined;
  /** Requests under way at once, whatever the trace's arrivals; nothing when they arrive as the trace says. */
  readonly concurrency: number | undefined;
};

/** What lies in the memories of switches, and who reads it. */
export type SwitchMemories = {
  /** How much of a prompt can be read once what the switch of a worker's domain has behind the first `hits` blocks has come: `hits` when it has nothing. */
  run(worker: EngineWorker, blocks: Uint32Array, hits: number): number;
  /** A switch serves some blocks to a worker of its domain. */
  serve(worker: EngineWorker, blocks: Uint32Array): void;
  /** A worker has read some blocks that its switch did not serve. */
  count(worker: EngineWorker, blocks: Uint32Array): void;
};

/** Who is there to serve, and what goes wrong: whatever is not the requests' doing. */
export type Control = {
  /** By the number of its first GPU. */
  readonly workers: readonly (EngineWorker | undefined)[];
  /** Where a request goes; nothing when nobody serves its model. */
  routeOf(request: TraceRequest): Route | undefined;
  /** When something happens by itself; infinity when nothing does. */
  nextNs(): number;
  /** Lets it happen. */
  advance(nowNs: number): void;
  /** When faults begin and end, in order. */
  readonly faultsNs: readonly number[];
  /** The fault of that place begins or ends. */
  strike(place: number, nowNs: number): void;
  /** The memories of switches, where there are any. */
  readonly switches?: SwitchMemories;
  /** Somebody asks for a deployment that no worker serves. */
  want(deployment: number, nowNs: number): void;
  /** A worker has fewer requests than before, or holds fewer blocks. */
  relieved(worker: EngineWorker, nowNs: number): void;
};

/** What an engine drives. */
export type EngineParts = {
  readonly router: Router;
  readonly fabric: Fabric;
  readonly control: Control;
};

/** What happens to a request, in the order of the marks that stand for it in the digest. */
const ENGINE_EVENTS = [
  "arrived",
  "started",
  "prefilled",
  "moving",
  "moved",
  "preempted",
  "completed",
  "failed",
  "cancelled",
  "sent-again",
] as const;

/** The name of what happens to a request. */
export type EngineEvent = (typeof ENGINE_EVENTS)[number];

/** Its mark in the digest. */
export const MARK = Object.freeze(
  Object.fromEntries(ENGINE_EVENTS.map((event, index) => [event, index + 1])),
) as Readonly<Record<EngineEvent, number>>;
