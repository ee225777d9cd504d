import type { Profile } from "#spec";
import type { Execute, ExecutionParts, ExpressLinks } from "./express/index.ts";
import type { KvKind, Running } from "./fleet-kinds.ts";
import type { FleetWorker } from "./fleet-worker.ts";
import type { CreateGangs, GangEvents, GangRefusal, GangRequest } from "./gang/index.ts";

/** The parts that a fleet is wired from. Given, so that each can be replaced: by its model, by a mutant, by somebody else's. */
export type FleetParts = {
  readonly createGangs: CreateGangs;
  readonly linksOf: (profile: Profile) => ExpressLinks;
  readonly plan: ExecutionParts["plan"];
  readonly execute: Execute;
};

/** Replicas of a model, one worker each. */
export type DeployRequest = Running &
  Pick<GangRequest, "owner" | "priority" | "topology"> & {
    /** GPUs a worker. */
    readonly tp: number;
    readonly replicas: number;
  };

/** The most blocks that a worker is given, however much of its memory is left; without a bound unless told. */
type Capped = { readonly capacityMost?: number | undefined };

/**
 * What a fleet is asked to run.
 *
 * `together`: one gang, placed together or not at all; it ends when any of its GPUs is lost, and its owner is free then. `apart`: a gang for each
 * worker, so that a loss ends only those it hits, and what is lost can be placed again (`redeploy`). Both are placed all or none; only
 * `apart` can ask for as many replicas as fit now (null), which ends nobody.
 */
export type FleetRequest = Capped & {
  /** The weights are there from the beginning: a rack that has been up. They come from somewhere unless told. */
  readonly warm?: boolean | undefined;
} & (
    | (DeployRequest & { readonly placed: "together" })
    | (Omit<DeployRequest, "replicas" | "topology"> & {
        readonly placed: "apart";
        readonly replicas: number | null;
      })
  );

/** Why nothing is deployed: first what can never be, then as the gang scheduler says. `does-not-fit`: not one block beside the weights. */
export type DeployRefusal = "does-not-fit" | GangRefusal;

/** Why nobody is deployed anew. */
export type RedeployRefusal = "unknown-owner" | "nothing-lacking" | "no-room";

/** Where the weights come from: GPUs that hold them, or the CPU memory of each GPU's own superchip. */
export type WeightSource = "gpus" | "outside";

/** A worker's number is that of its first GPU; nobody else has it while the worker lives. */
export type PlacedWorker = { readonly worker: number; readonly gpus: readonly number[] };

/** The workers are there. They serve once their weights are whole, the last of them at `dueNs` unless a source is lost. */
export type Deployed<Source extends string = WeightSource> = {
  readonly kind: "deployed";
  readonly workers: readonly PlacedWorker[];
  /** The owners of the gangs that were ended to make room. */
  readonly preempted: readonly number[];
  /** Whether the preferred topology was given up. */
  readonly weakened: boolean;
  readonly weights: Source;
  readonly dueNs: number;
};

/** The same of a fleet, whose weights may have been there all along. */
export type FleetDeployed = Deployed<WeightSource | "warm">;

/** Another model for one worker, or for all of an owner's. */
export type SwapRequest = Running & ({ readonly owner: number } | { readonly worker: number });

/** The same, and how many blocks each is given then. */
export type FleetSwapRequest = SwapRequest & Capped;

/**
 * Why nothing is swapped, in the order in which it is looked into, worker by worker. `no-room`: both models' weights never fit side by
 * side. `kv-in-use`: they would if blocks that are held were not.
 */
export type SwapRefusal =
  | "unknown-owner"
  | "unknown-worker"
  | "busy"
  | "same-weights"
  | "does-not-fit"
  | "no-room"
  | "kv-in-use";

/** The new weights are on their way beside the old ones, which serve until then. */
export type Swapping = {
  readonly kind: "swapping";
  readonly workers: readonly number[];
  readonly weights: WeightSource;
  readonly dueNs: number;
};

/** Who could be swapped, and how many of its blocks nobody may hold for it. */
export type SwapCandidate = { readonly worker: number; readonly blocks: number };

/** What can fail: a GPU, both GPUs of a superchip, or a domain. */
export type Hardware =
  | { readonly gpu: number }
  | { readonly superchip: number }
  | { readonly domain: number };

/** The same, or the GPUs of whoever is the worker of that number; they come back under its number. */
export type FleetHardware = Hardware | { readonly worker: number };

/** Whose gangs ended, in order; an owner with several gangs may stand there several times. */
export type HardwareLost = { readonly kind: "lost"; readonly ended: readonly number[] };

/** What was asked has been done. */
export type FleetDone<Kind extends string = "undeployed" | "regained"> = { readonly kind: Kind };

/** Why a gang ended: it was released, a GPU of it was lost, or one of higher priority took its place. */
export type GangEnd = Parameters<GangEvents["ended"]>[1];

/** A worker as whoever drives a fleet may look at it. */
export type SeenWorker = Readonly<FleetWorker>;

/**
 * Whoever drives a fleet: is told what happens in the order in which it happens, at the instant that the fleet's clock shows, and keeps the room for
 * weights among its blocks. Must not call the fleet back while it is told, but for its clock.
 */
export type FleetDriver = {
  /** A worker has its GPUs and does not serve yet. */
  opened(worker: SeenWorker): void;
  /** A worker's first weights are whole: it serves from now on. */
  serving(worker: SeenWorker): void;
  /** A worker serves another kind from now on; the one it served and all of its KV are gone, and the room that was kept too. */
  swapped(worker: SeenWorker, before: KvKind): void;
  /** Nobody has the new weights any more: the old model goes on, and the room has been given back. */
  swapFailed(worker: SeenWorker): void;
  /** A source of the weights that a worker waits for is gone; what was lacking was planned anew. */
  replanned(worker: SeenWorker, dueNs: number): void;
  /** None of the sources is left: the weights come anew, from whoever has them now or from outside. */
  reloading(worker: SeenWorker, weights: WeightSource, dueNs: number): void;
  /** A gang of an owner ends; each of its workers is told next. */
  gangEnded(owner: number, because: GangEnd): void;
  /** A worker is gone, with all that was kept at it. */
  ended(worker: SeenWorker, because: GangEnd): void;
  /** Whether so many of a worker's blocks are held by nobody. */
  hasRoom(worker: SeenWorker, blocks: number): boolean;
  /** So many of a worker's blocks, which nobody holds, are to stay empty until the swap has ended. */
  makeRoom(worker: SeenWorker, blocks: number): void;
  /** They may be used again. */
  giveRoomBack(worker: SeenWorker, blocks: number): void;
};
