import { SpecViolation } from "#base";
import {
  BlockPool,
  createBlockDirectory,
  createEventPlane,
  createRouter,
  FLEET_PARTS,
  fabricShapeOf,
  KvFabric,
  SwitchTier,
} from "#rack";
import type { TraceRequest } from "#trace";
import { bothEngines, bothRacks } from "./both.ts";
import { RunControl } from "./control.ts";
import type { EngineSettings } from "./engine/contract.ts";
import { Engine } from "./engine/engine.ts";
import type { RunMeasures } from "./measures/index.ts";
import { Measuring } from "./measuring.ts";
import { offered, settingsOf } from "./offered.ts";
import {
  type Plan,
  type PlannedDeployment,
  plan,
  type ReplayOptions,
  type TraceFacts,
} from "./options/index.ts";
import type { Recorder } from "./record.ts";
import type { RackParts } from "./service-contract.ts";
import { type InvariantCount, RunStopped, RunWatch, type Violation } from "./watch/index.ts";

/** A trace as it is replayed: its requests in order of arrival, and what has to be known of them before. */
export type ReplayTrace = TraceFacts & { readonly requests: Iterable<TraceRequest> };

/** A deployment as it was run. */
export type DeployedKind = {
  /** Its place in the options. */
  readonly deployment: number;
  /** `llama-70b/fp8/fp8/tp2`: model, formats of weights and KV, degree. */
  readonly kind: string;
  readonly role: string;
  readonly workers: number;
  readonly capacity_blocks: number;
  readonly block_bytes: number;
};

/** What a replay found: plain data, ready for JSON, a function of the trace, the options and the version alone. */
export type ReplayResult = RunMeasures & {
  readonly options: ReplayOptions;
  readonly rack: {
    readonly block_tokens: number;
    readonly deployments: readonly DeployedKind[];
  };
  readonly events: number;
  /** Over every event in order: equal in two processes, or something is not determined. */
  readonly digest: string;
  /** Whether it ended before its time, because an invariant was violated. */
  readonly stopped: boolean;
  readonly violations: number;
  readonly first_violations: readonly Violation[];
  readonly invariants: readonly InvariantCount[];
};

/** What a replay may be given besides a trace and options. */
export type ReplayExtras = {
  /** Keeps its rows. */
  readonly recorder?: Recorder | undefined;
  /** Other parts than the rack's own. */
  readonly partsOf?: ((plan: Plan) => RackParts) | undefined;
  /** Looks at every step instead of leaping over those in which nothing changes: comes to the same, and takes longer. */
  readonly isStepping?: boolean | undefined;
};

/** The rack's own parts for a plan: the fast versions. */
export const referenceParts = ({ policy, seed }: Plan): RackParts => ({
  ...FLEET_PARTS,
  createPool: (capacity, events) => new BlockPool(capacity, events),
  createDirectory: createBlockDirectory,
  createPlane: createEventPlane,
  createFabric: (shape) => new KvFabric(shape),
  createTier: (shape) => new SwitchTier(shape),
  router: createRouter(policy, seed),
});

/** Watches every invariant of a run. */
const watchOf = (
  { options, profile, deployments }: Plan,
  { blockTokens, maxNumSeqs, maxNumBatchedTokens }: EngineSettings,
  control: () => RunControl,
): RunWatch =>
  new RunWatch({
    blockTokens,
    maxNumSeqs,
    maxNumBatchedTokens,
    onViolation: options.on_violation,
    gpusPerDomain: profile.gpusPerDomain.value,
    rooflineOf: ({ deployment }) => (deployments[deployment] as PlannedDeployment).roofline,
    keptOf: (worker) => control().service.fleet.workerAt(worker)?.swap?.blocks ?? 0,
  });

/**
 * Goes on until everything has ended, or an invariant says that it must not; whether it did. A rack in which something is wrong may come to contradict itself:
 * what was found before that is what matters.
 */
const isStopped = (run: () => void, watch: RunWatch | undefined): boolean => {
  try {
    run();
    return false;
  } catch (thrown) {
    const isBroken = thrown instanceof SpecViolation && (watch?.violations().length ?? 0) > 0;
    if (!(thrown instanceof RunStopped) && !isBroken) throw thrown;
    return true;
  }
};

/**
 * Replays a trace through a rack in virtual time, with every invariant watched. Throws an `InputError` before anything runs when the options describe no possible
 * run of this trace.
 */
export const replay = (
  trace: ReplayTrace,
  options: ReplayOptions,
  { recorder, partsOf = referenceParts, isStepping = false }: ReplayExtras = {},
): ReplayResult => {
  const planned = plan(options, trace);
  const parts = partsOf(planned);
  const fabric = parts.createFabric(fabricShapeOf(planned.profile));
  const settings = settingsOf(planned);
  const watch: RunWatch | undefined =
    options.checks === "none" ? undefined : watchOf(planned, settings, () => control);
  const measuring = new Measuring(planned, recorder);
  const isLeaping = !isStepping;
  const observer = watch === undefined ? measuring.rack : bothRacks(watch.observer, measuring.rack);
  const control: RunControl = new RunControl(planned, parts, fabric, isLeaping, observer, watch);
  const watcher = watch === undefined ? measuring.engine : bothEngines(watch, measuring.engine);
  const engine = new Engine(settings, { router: parts.router, fabric, control }, watcher);
  watch?.follows({ engine, workers: control.workers, fabric });
  control.drives(engine);
  const stopped = isStopped(() => {
    engine.run(offered(trace.requests, planned));
    watch?.finished();
  }, watch);
  const invariants = watch?.counts() ?? [];
  return {
    options,
    rack: {
      block_tokens: planned.blockTokens,
      deployments: planned.deployments.map(
        ({ place, kind, replicas, capacityBlocks, costs, options: { role } }) => ({
          deployment: place,
          kind,
          role,
          workers: replicas,
          capacity_blocks: capacityBlocks,
          block_bytes: costs.blockBytes,
        }),
      ),
    },
    ...measuring.finish(engine, control),
    events: engine.events,
    digest: engine.digest.hex(),
    stopped,
    violations: invariants.reduce((sum, { violated }) => sum + violated, 0),
    first_violations: watch?.violations() ?? [],
    invariants,
  };
};
