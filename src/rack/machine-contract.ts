import type { Refused } from "#base";
import type { Model, NumberFormat, Profile } from "#spec";
import type { CreateDirectory } from "./directory/index.ts";
import type { Execute, ExecutionParts, ExpressLinks } from "./express/index.ts";
import type { CreateGangs, GangRefusal, GangRequest } from "./gang/index.ts";
import type { AdmitRefusal, CreatePool } from "./pool/index.ts";
import type { Router } from "./router/index.ts";
import type { CreateTier } from "./tier/index.ts";
import type { CreateTransfers } from "./transfer/index.ts";

/** What a rack is, and what may run on it. None of it changes afterwards. */
export type MachineShape = {
  readonly profile: Profile;
  readonly models: readonly Model[];
  readonly formats: readonly NumberFormat[];
  readonly blockTokens: number;
  /** The most blocks that a worker is given, however much of its memory is left; without a bound unless told. */
  readonly capacityMost?: number | undefined;
};

/** The parts of a rack. Given, so that each can be replaced: by its model, by a mutant, by somebody else's. */
export type MachineParts = {
  readonly createGangs: CreateGangs;
  readonly createPool: CreatePool;
  readonly createDirectory: CreateDirectory;
  readonly createTier: CreateTier;
  readonly createTransfers: CreateTransfers;
  readonly router: Router;
  readonly linksOf: (profile: Profile) => ExpressLinks;
  readonly plan: ExecutionParts["plan"];
  readonly execute: Execute;
};

/** A model, the formats of its weights and of its KV. */
export type Running = {
  readonly model: string;
  readonly weightFormat: string;
  readonly kvFormat: string;
};

/** Replicas of a model that are placed together or not at all, one worker each. */
export type DeployRequest = Running &
  Pick<GangRequest, "owner" | "priority" | "topology"> & {
    /** GPUs a worker. */
    readonly tp: number;
    readonly replicas: number;
  };

/** Why nothing is deployed: first what can never be, then as the gang scheduler says. `does-not-fit`: not one block beside the weights. */
export type DeployRefusal = "does-not-fit" | GangRefusal;

/** Where the weights come from: GPUs that hold them, or the CPU memory of each GPU's own superchip. */
export type WeightSource = "gpus" | "outside";

/** A worker's number is that of its first GPU; nobody else has it while the worker lives. */
export type PlacedWorker = { readonly worker: number; readonly gpus: readonly number[] };

/** The workers are there. They serve once their weights are whole, the last of them at `dueNs` unless a source is lost. */
export type Deployed = {
  readonly kind: "deployed";
  readonly workers: readonly PlacedWorker[];
  readonly preempted: readonly number[];
  readonly weakened: boolean;
  readonly weights: WeightSource;
  readonly dueNs: number;
};

/** Another model for one worker, or for all of an owner's. */
export type SwapRequest = Running & ({ readonly owner: number } | { readonly worker: number });

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

/** What can fail: a GPU, both GPUs of a superchip, or a domain with the memory of its switch. */
export type Hardware =
  | { readonly gpu: number }
  | { readonly superchip: number }
  | { readonly domain: number };

/** Whose gangs ended, in order. */
export type HardwareLost = { readonly kind: "lost"; readonly ended: readonly number[] };

/** A worker that may be chosen, as the router sees it. */
export type Routable = {
  readonly worker: number;
  readonly overlapBlocks: number;
  readonly distance: number;
  readonly loadBlocks: number;
  readonly activeRequests: number;
};

/** What is to be routed: a prompt for a model, near where its session was. */
export type Prompt = {
  readonly model: string;
  /** Leading first; a number stands for a whole prefix. 0 … 2^24 − 1. */
  readonly blocks: ArrayLike<number>;
  /** The number of the session's last worker, dead or alive: a place. */
  readonly from?: number | undefined;
};

/** The decision, and everybody it was made among, by number. */
export type Routed = {
  readonly kind: "chosen";
  readonly worker: number;
  readonly among: readonly Routable[];
};

/** A request as it is sent: its number is free until it is released or ended. */
export type SendRequest = Prompt & {
  readonly request: number;
  /** Blocks for output. */
  readonly unnamed: number;
  /** Sends it there rather than let the router choose. */
  readonly worker?: number | undefined;
};

/** Why a request is not sent. `not-serving`: the worker that was named does not serve the model. */
export type SendRefusal = "request-known" | "no live worker" | "not-serving";

/** Where the missing leading blocks are, from whom they would be copied, and how long that takes. */
export type Elsewhere = {
  /** A worker, or the switch of the worker's own domain. */
  readonly source: { readonly worker: number } | { readonly domain: number };
  /** How many leading blocks the worker could read afterwards. */
  readonly run: number;
  /** How many of them are copied. */
  readonly blocks: number;
  readonly ns: number;
};

/** A request has its blocks. */
export type RequestStarted = {
  readonly kind: "started";
  readonly hits: number;
  readonly shared: number;
  readonly elsewhere?: Elsewhere;
};

/** A copy of the missing leading blocks is under way. */
export type Fetching = Elsewhere & { readonly kind: "fetching"; readonly dueNs: number };

/** Why nothing is fetched, in the order in which it is looked into. */
export type FetchRefusal = RequestRefusal | "nothing-missing" | "on-its-way" | "no-source";

/** Why a request cannot go on. */
export type RequestRefusal = "unknown-request" | "not-started";

/** Why a request does not start. */
export type StartRefusal = "unknown-request" | "already-started" | AdmitRefusal;

/** What was asked has been done. */
export type MachineDone = {
  readonly kind: "undeployed" | "regained" | "filled" | "grown" | "released";
};

/** What happened by itself or to somebody else than who asked, in order. */
export type MachineEvent = { readonly atNs: number } & (
  | { readonly kind: "serving"; readonly worker: number; readonly running: string }
  | { readonly kind: "ended"; readonly owner: number; readonly because: string }
  /** A source of these weights is gone; what was lacking was planned anew. */
  | { readonly kind: "replanned"; readonly worker: number; readonly dueNs: number }
  /** None of the sources is left: the weights come anew, from whoever has them now or from outside. */
  | {
      readonly kind: "reloading";
      readonly worker: number;
      readonly weights: WeightSource;
      readonly dueNs: number;
    }
  /** Nobody has the new weights any more: the old model goes on. */
  | { readonly kind: "swap-failed"; readonly worker: number }
  | { readonly kind: "request-ended"; readonly request: number; readonly because: WorkerEnd }
  | { readonly kind: "fetched"; readonly request: number; readonly blocks: number }
  /** `overtaken`: every block of it was computed meanwhile. */
  | { readonly kind: "fetch-ended"; readonly request: number; readonly because: FetchEnd }
  | { readonly kind: "promoted"; readonly domain: number; readonly block: NamedBlock }
  | { readonly kind: "evicted"; readonly domain: number; readonly block: NamedBlock }
);

/** Why a worker's blocks are gone. */
export type WorkerEnd = "worker-ended" | "swapped";

/** Why a fetch ended without its blocks. */
export type FetchEnd = "source-gone" | "target-gone" | "overtaken";

/** A block with the kind of its KV: model, format of the weights, format of the KV and degree. */
export type NamedBlock = readonly [kind: string, block: number];

/** A refusal by the machine. */
export type MachineRefusal = Refused<
  | DeployRefusal
  | SwapRefusal
  | SendRefusal
  | StartRefusal
  | FetchRefusal
  | "already-lost"
  | "not-lost"
  | "full"
>;
