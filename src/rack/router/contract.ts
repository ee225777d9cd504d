import type { Refused } from "#base";

/** How requests are spread over workers: a policy is data, and `parsePolicy` reads one from its text. */
export type Policy =
  | {
      /** The longest leading run; then the nearer, the less loaded, the smaller number. Without any hit, the least loaded. */
      readonly kind: "kv-aware";
      /**
       * How many times the mean number of requests a worker may get, 1 or more: it is passed over when one more would take it above
       * ⌈bound · (requests of all live workers + 1) ÷ live workers⌉. Null for no bound.
       */
      readonly imbalanceBound: number | null;
    }
  | {
      /**
       * The smallest `prefillScale · max(0, prompt − Σ credit · overlap) + load + requestWeight · requests`, in blocks, where the sum
       * is over the tiers in which overlapping blocks lie.
       */
      readonly kind: "dynamo-cost";
      readonly prefillScale: number;
      /** What an overlapping block is worth that lies in HBM, 0 … 1. */
      readonly overlapCredit: number;
      /** The same of one that lies in host memory, and of one on disk. */
      readonly hostCredit: number;
      readonly diskCredit: number;
      /** How many blocks an active request counts as. */
      readonly requestWeight: number;
      /** 0 takes the smallest cost; above, a worker is drawn by softmax over the costs, scaled to 0 … 1 and negated. */
      readonly temperature: number;
    }
  | { readonly kind: "round-robin" | "least-loaded" | "random" };

/** The name of a policy. */
export type PolicyKind = Policy["kind"];

/** A worker as the router is told of it. */
export type Candidate = {
  readonly worker: number;
  /** The leading blocks of the prompt that it holds where they can be computed with at once. */
  readonly overlapBlocks: number;
  /** The blocks right after those that it holds in host memory, and after those the ones on disk; 0 unless told. */
  readonly hostBlocks?: number;
  readonly diskBlocks?: number;
  /** From the request's current worker: 0 the same, 1 the same superchip, 2 the same domain, 3 another domain. */
  readonly distance: number;
  /** Blocks of the requests it has. */
  readonly loadBlocks: number;
  readonly activeRequests: number;
  /** Whether it may be chosen at all. */
  readonly live: boolean;
};

/** Everything a decision depends on, beside the policy and the seed. No worker comes twice. */
export type RouterView = {
  readonly candidates: readonly Candidate[];
  readonly promptBlocks: number;
  /** Which decision this is, counted from 0: what takes turns or draws depends on it and on no hidden state. */
  readonly number: number;
};

/** The same view for the hot path: one entry a worker, at its number. */
export type RouterArrays = {
  readonly overlapBlocks: Uint32Array;
  /** Absent where there is no such tier. */
  readonly hostBlocks?: Uint32Array;
  readonly diskBlocks?: Uint32Array;
  readonly distances: Uint8Array;
  readonly loadBlocks: Float64Array;
  readonly activeRequests: Uint32Array;
  /** 1 for a worker that may be chosen, 0 for one that may not; as long as there are workers. */
  readonly live: Uint8Array;
  readonly promptBlocks: number;
  readonly number: number;
};

/** Decides on the hot path: the worker's number, or −1 when none is live. Allocates nothing, save where it draws. */
export type Router = (view: RouterArrays) => number;

/** What a worker is ranked by. `turn` and `drawn` are 0 for the one whose turn it is or who was drawn. */
export type SortKey =
  | "overlapBlocks"
  | "distance"
  | "loadBlocks"
  | "cost"
  | "turn"
  | "drawn"
  | "worker";

/** A worker that could have been chosen, with what it was ranked by, most weighty key first. */
export type Considered = {
  readonly worker: number;
  readonly keys: Readonly<Partial<Record<SortKey, number>>>;
};

/**
 * What a choice cost against an oracle that may take any live worker, the bound and the other keys aside: 0 where it could not have
 * been better in this one respect.
 */
export type Regret = {
  /** Blocks that the live worker with the longest run would have hit, beyond those that the chosen one hits. */
  readonly overlapBlocks: number;
  /** Blocks of load that the chosen worker has, beyond those of the live worker that has fewest. */
  readonly loadBlocks: number;
};

/** The choice, what it passed over in order of preference, the first key in which it beat the second, and its regret. */
export type Chosen = {
  readonly kind: "chosen";
  readonly worker: number;
  readonly because: SortKey | "only candidate";
  readonly considered: readonly Considered[];
  readonly regret: Regret;
};

/** A choice, or a refusal: nobody can serve. */
export type Decision = Chosen | Refused<"no live worker">;
