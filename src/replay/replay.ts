import { BlockPool, createBlockDirectory, createRouter, type RackParts } from "#rack";
import type { TraceRequest } from "#trace";
import { Engine } from "./engine.ts";
import type { HitRates, Spread, Transfers } from "./measures.ts";
import { type Plan, plan, type ReplayOptions } from "./options.ts";
import type { InvariantCount, Violation } from "./watch.ts";

/** Of which requests a run consists, by what became of them. */
export type RequestCounts = {
  /** Requests that were replayed: completed + failed. */
  readonly total: number;
  readonly completed: number;
  /** Requests that this rack could not serve, by reason in `failures`. */
  readonly failed: number;
  /** Rows that already failed where the trace was recorded: left out, and not in `total`. */
  readonly failed_at_source: number;
};

/** What a replay found: plain data, ready for JSON, a function of the trace, the options and the version alone. */
export type ReplayResult = {
  readonly options: ReplayOptions;
  readonly rack: {
    readonly workers: number;
    readonly capacity_blocks: number;
    readonly block_tokens: number;
    readonly block_bytes: number;
  };
  readonly requests: RequestCounts;
  readonly failures: Readonly<Record<string, number>>;
  readonly hits: HitRates;
  readonly queueing_ns: Spread;
  readonly ttft_ns: Spread;
  readonly tpot_ns: Spread;
  readonly e2e_ns: Spread;
  readonly imbalance: {
    readonly requests_max_over_mean: number | null;
    readonly tokens_max_over_mean: number | null;
  };
  readonly evictions: number;
  readonly transfers: Transfers;
  /** From the first arrival to the last end. */
  readonly span_ns: number;
  readonly events: number;
  /** Over every event in order: equal in two processes, or something is not determined. */
  readonly digest: string;
  readonly violations: number;
  readonly first_violations: readonly Violation[];
  readonly invariants: readonly InvariantCount[];
};

/** The rack's own parts for a plan: the fast versions. */
export const referenceParts = ({ policy, seed }: Plan): RackParts => ({
  createPool: (capacity, events) => new BlockPool(capacity, events),
  createDirectory: createBlockDirectory,
  router: createRouter(policy, seed),
});

/**
 * Replays a trace, in order of arrival, through a rack in virtual time, with every invariant watched. `blockTokens` is the trace's, null
 * when it names no blocks. Throws an `InputError` before anything runs when the options describe no possible rack.
 */
export const replay = (
  requests: Iterable<TraceRequest>,
  blockTokens: number | null,
  options: ReplayOptions,
  partsOf: (plan: Plan) => RackParts = referenceParts,
): ReplayResult => {
  const planned = plan(options, blockTokens);
  const engine = new Engine(planned, partsOf(planned));
  engine.run(requests);
  const { measures, guard } = engine;
  const invariants = guard.watch.counts();
  return {
    options,
    rack: {
      workers: planned.workers,
      capacity_blocks: planned.capacityBlocks,
      block_tokens: planned.blockTokens,
      block_bytes: planned.costs.blockBytes,
    },
    requests: {
      total: engine.total,
      completed: engine.completed,
      failed: engine.total - engine.completed,
      failed_at_source: engine.failedAtSource,
    },
    failures: Object.fromEntries(engine.failures),
    hits: measures.hitRates(),
    ...measures.latencies(),
    imbalance: measures.imbalance(),
    evictions: guard.evictions,
    transfers: measures.transfers(),
    span_ns: engine.endNs,
    events: engine.events,
    digest: engine.digest.hex(),
    violations: invariants.reduce((sum, { violated }) => sum + violated, 0),
    first_violations: guard.watch.violations(),
    invariants,
  };
};
