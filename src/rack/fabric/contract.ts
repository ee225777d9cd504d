import { assert, type Refused, refused } from "#base";
import type { Distance } from "#spec";

/** What lies between two workers, by distance. */
export type LinkName = "superchip" | "domain" | "rack";

/** What bytes go over: a link between workers, or that from a switch's memory. */
export type Way = LinkName | "switch";

/** All ways, in the order in which ledgers list them. */
export const WAYS = ["superchip", "domain", "rack", "switch"] as const satisfies readonly Way[];

/** What one GPU gets over a way when nobody else does, and how long the first byte takes. */
export type WayShape = { readonly bytesPerSecond: number; readonly latencyNs: number };

/** The links of a rack, as plain figures. */
export type FabricShape = {
  /** Workers are numbered by their first GPU. */
  readonly gpus: number;
  /** What one GPU sends and receives at, in bytes a second. */
  readonly egress: number;
  readonly ingress: number;
  readonly ways: Readonly<Record<Way, WayShape>>;
};

/** Some KV that is to go to a worker, all shards at once and alike: shard `i` to its `i`-th GPU, from the `i`-th of the source. */
export type FabricFlow = {
  /** A name of the caller's choice: a whole number that no flow under way has. */
  readonly flow: number;
  /** A worker of the same degree, or the switch of the target's domain. */
  readonly source: number | "switch";
  readonly target: number;
  /** How far apart the two workers are; of no account for a switch. */
  readonly distance: Distance;
  /** All shards together. */
  readonly bytes: number;
  readonly shards: number;
};

/** Why a flow does not begin, in the order in which it is looked into. */
export type FlowRefusal = "no-bytes" | "same-worker";

/** It is under way: its first byte arrives at `firstByteNs`, and it shares links from then on. */
export type FlowBegun = { readonly kind: "begun"; readonly firstByteNs: number };

/** It was ended before its time. */
export type FlowCut = { readonly kind: "cut" };

/** A flow whose last byte has arrived. */
export type FlowEnd = { readonly flow: number; readonly atNs: number };

/** A flow under way, as it is now. */
export type FlowSight = {
  readonly flow: number;
  readonly firstByteNs: number;
  /** Of each shard; 0 before the first byte. A whole multiple of 100 kB/s. */
  readonly bytesPerSecond: number;
};

/** What has gone over the links, of flows that are over. */
export type FabricLedger = {
  /** Bytes by way; of a flow that was cut, those that had arrived. */
  readonly moved: Readonly<Record<Way, number>>;
  /** Of those, the bytes that were moved in vain, because their flow was cut. */
  readonly cut: Readonly<Record<Way, number>>;
  /** The worker whose egress was sending for the longest, and for how long; −1 when none ever was. The lowest number in a tie. */
  readonly busiest: { readonly worker: number; readonly ns: number };
};

/** What came of watching the links: each window between two changes in which anything flowed, and every link in it. */
export type FabricAudit = {
  readonly windows: number;
  /** Of those, the ones in which some link was shared by two flows or more. */
  readonly sharedWindows: number;
  /** The most by which bytes through an egress, an ingress or a pair's link were above rate × time; 0 when none ever was. */
  readonly excessBytes: number;
};

/**
 * KV on its way between workers that share links, in virtual time. A flow goes through its source's egress, its target's ingress and the link
 * of the two; flows from a switch through the port of their target and its ingress. All that share something rise together until it
 * is full (max-min fair); shares are whole multiples of 100 kB/s, rounded down, and change at whole nanoseconds. A flow waits for its latency
 * before it shares anything, and ends at the first whole nanosecond at which its last byte is there. One that is never held back takes
 * exactly what `transferTime` says.
 *
 * Instants are whole nanoseconds and never go back; whatever is due at the instant of a call has happened. Calls at one instant may come in any
 * order. A worker that is none, a number in use, a shard of more than 450 GB and time that goes back are a `SpecViolation`.
 */
export type Fabric = {
  begin(flow: FabricFlow, nowNs: number): FlowBegun | Refused<FlowRefusal>;
  /** Ends a flow before its time; one that is over by now, or never was, is refused. */
  cancel(flow: number, nowNs: number): FlowCut | Refused<"not-under-way">;
  /** Cuts every flow from or to a worker, and says which, ascending. */
  cancelOf(worker: number, nowNs: number): readonly number[];
  /** From now on a link's rate is its own × `factor`, in (0, 1], of which at least 1 GB/s must be left; 1 undoes it. A slow domain link slows switches too. */
  slow(link: LinkName, factor: number, nowNs: number): void;
  /** When to look again: no flow ends before. The instant of an end that has not been told; Infinity when nothing is under way. */
  nextNs(): number;
  /** Lets time pass, and tells the flows that have ended since it was last asked: by instant, then by number. */
  advance(nowNs: number): readonly FlowEnd[];
  /** How long a flow would take with the links to itself, as they are now; no bytes take the latency, no distance nothing. */
  aloneNs(flow: Pick<FabricFlow, "source" | "distance" | "bytes" | "shards">): number;
  /** Who is under way, by number. Changes nothing. */
  flows(): readonly FlowSight[];
  ledger(): FabricLedger;
  audit(): FabricAudit;
};

/** Makes the idle links of a rack, at instant 0. */
export type CreateFabric = (shape: FabricShape) => Fabric;

/** The one answer to a flow of nothing: it would be over without having been anywhere. */
export const NO_BYTES: Refused<"no-bytes"> = refused("no-bytes");
/** The one answer to a flow from a worker to itself. */
export const SAME_WORKER: Refused<"same-worker"> = refused("same-worker");
/** The one answer to cutting what is not there. */
export const NOT_UNDER_WAY: Refused<"not-under-way"> = refused("not-under-way");
/** The one answer to cutting what is. */
export const CUT: FlowCut = Object.freeze({ kind: "cut" });

const isWhole = (value: number): boolean => Number.isSafeInteger(value) && value >= 0;

/** The way that a flow takes. */
export const wayOf = ({ source, distance }: Pick<FabricFlow, "source" | "distance">): Way => {
  if (source === "switch") return "switch";
  assert(distance > 0, "two workers must be at a distance of 1, 2 or 3", distance);
  return WAYS[distance - 1] as Way;
};

/** Throws unless there can be such a rack. */
export const checkShape = ({ gpus, ways }: FabricShape): void => {
  assert(isWhole(gpus) && gpus > 0, "a rack must have GPUs", gpus);
  for (const { latencyNs } of Object.values(ways))
    assert(isWhole(latencyNs), "a latency must be whole nanoseconds", latencyNs);
};

/** Throws unless the number can be that of a worker. */
export const checkWorker = (gpus: number, worker: number): void =>
  assert(isWhole(worker) && worker < gpus, `a worker must be numbered 0 … ${gpus - 1}`, worker);

/** Throws unless there can be such a flow. */
export const checkFlow = (
  gpus: number,
  { flow, source, target, bytes, shards }: FabricFlow,
): void => {
  assert(isWhole(flow), "a flow must have a whole number", flow);
  if (source !== "switch") checkWorker(gpus, source);
  checkWorker(gpus, target);
  assert(isWhole(bytes), "the bytes of a flow must be whole", bytes);
  assert(isWhole(shards) && shards > 0, "a flow must have 1 shard or more", shards);
};

/** Throws when time goes back. */
export const checkNow = (nowNs: number, beforeNs: number): void =>
  assert(
    isWhole(nowNs) && nowNs >= beforeNs,
    `an instant must be whole and ${beforeNs} or later`,
    nowNs,
  );
