import type { Refused } from "#base";
import type { CreateDirectory } from "./directory/index.ts";
import type { CreateFleet } from "./fleet.ts";
import type {
  DeployRefusal,
  FleetDone,
  FleetParts,
  SwapRefusal,
  WeightSource,
} from "./fleet-contract.ts";
import type { FleetShape } from "./fleet-kinds.ts";
import type { AdmitRefusal, CreatePool } from "./pool/index.ts";
import type { Router } from "./router/index.ts";
import type { CreateTier } from "./tier/index.ts";
import type { CreateTransfers } from "./transfer/index.ts";

/** What a rack is, and what may run on it. None of it changes afterwards. */
export type MachineShape = FleetShape & {
  /** The most blocks that a worker is given, however much of its memory is left; without a bound unless told. */
  readonly capacityMost?: number | undefined;
};

/** The parts of a rack. Given, so that each can be replaced: by its model, by a mutant, by somebody else's. */
export type MachineParts = FleetParts & {
  readonly createFleet: CreateFleet;
  readonly createPool: CreatePool;
  readonly createDirectory: CreateDirectory;
  readonly createTier: CreateTier;
  readonly createTransfers: CreateTransfers;
  readonly router: Router;
};

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
export type MachineDone = FleetDone<"undeployed" | "regained" | "filled" | "grown" | "released">;

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
