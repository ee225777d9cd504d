/** How a trace is replayed. */
import { InputError, type Issue } from "#base";
import {
  CALIBRATIONS,
  type CalibrationName,
  type CostSettings,
  type Costs,
  createCosts,
} from "#cost";
import { type Policy, parsePolicy } from "#rack";
import {
  type Distance,
  findFormat,
  findModel,
  findProfile,
  type Profile,
  workerDistance,
  workers,
} from "#spec";

/** Whether a longer run that lies on another worker is fetched when that is quicker than computing it, or never. */
export const REMOTE_HITS = ["fetch", "recompute"] as const;

/** What becomes of a longer run on another worker. */
export type RemoteHits = (typeof REMOTE_HITS)[number];

/** What a person can set: plain data, stored with the run. Every field has an effect. */
export type ReplayOptions = {
  readonly profile: string;
  readonly model: string;
  readonly weight_format: string;
  readonly kv_format: string;
  /** GPUs a worker. */
  readonly tp: number;
  readonly calibration: string;
  /** As `parsePolicy` reads it. */
  readonly policy: string;
  readonly remote_hits: string;
  /** For a trace that names no blocks; one that does has its own. */
  readonly block_tokens: number;
  /** Blocks a worker; null for what the KV budget leaves. */
  readonly capacity_blocks: number | null;
  readonly seed: number;
};

/** The document's own case: Llama 405B in FP4 with FP8 KV on TP 8, at what its end-to-end table says it reaches. */
export const REPLAY_DEFAULTS: ReplayOptions = Object.freeze({
  profile: "document",
  model: "llama-405b",
  weight_format: "fp4",
  kv_format: "fp8",
  tp: 8,
  calibration: "document",
  policy: "kv-aware:bound=2",
  remote_hits: "fetch",
  block_tokens: 64,
  capacity_blocks: null,
  seed: 1,
});

/** Options that have been checked, and what follows from them. */
export type Plan = {
  readonly options: ReplayOptions;
  readonly policy: Policy;
  readonly remoteHits: RemoteHits;
  readonly blockTokens: number;
  readonly costs: Costs;
  /** The same deployment at efficiency 1: nothing is faster. */
  readonly roofline: Costs;
  readonly workers: number;
  readonly capacityBlocks: number;
  readonly distance: (left: number, right: number) => Distance;
};

/** Runs a check and keeps its issues, so that a person hears of all of them at once. */
const gather = <Found>(issues: Issue[], find: () => Found): Found | undefined => {
  try {
    return find();
  } catch (thrown) {
    if (!(thrown instanceof InputError)) throw thrown;
    issues.push(...thrown.issues);
    return undefined;
  }
};

const oneOf = <Name extends string>(
  what: string,
  names: readonly Name[],
  found: string,
  issues: Issue[],
): Name | undefined => {
  const name = names.find((known) => known === found);
  if (name === undefined) {
    const message = `${what} must be one of ${names.join(", ")}, found ${JSON.stringify(found)}`;
    issues.push({ code: "REPLAY-1", message });
  }
  return name;
};

const checkCount = (what: string, found: number | null, issues: Issue[]): void => {
  if (found === null || (Number.isInteger(found) && found >= 1 && found < 2 ** 31)) return;
  const message = `${what} must be a whole number of 1 or more, found ${found}`;
  issues.push({ code: "REPLAY-1", message });
};

/** Distances between workers, worked out once: a table of one byte a pair. */
const distances = (profile: Profile, tp: number) => {
  const all = workers(profile, tp);
  const table = new Uint8Array(all.length ** 2);
  for (const [left, worker] of all.entries()) {
    for (const [right, other] of all.entries()) {
      table[left * all.length + right] = workerDistance(profile, worker, other);
    }
  }
  return {
    count: all.length,
    distance: (left: number, right: number) => table[left * all.length + right] as Distance,
  };
};

/**
 * Checks options and works out what follows from them, for a trace of `blockTokens` tokens a block (null when it names none).
 * Throws one `InputError` with every issue found.
 */
export const plan = (options: ReplayOptions, blockTokens: number | null): Plan => {
  const issues: Issue[] = [];
  const profile = gather(issues, () => findProfile(options.profile));
  const model = gather(issues, () => findModel(options.model));
  const weightFormat = gather(issues, () => findFormat(options.weight_format));
  const kvFormat = gather(issues, () => findFormat(options.kv_format));
  const policy = gather(issues, () => parsePolicy(options.policy));
  const calibration = oneOf<CalibrationName>(
    "calibration",
    CALIBRATIONS,
    options.calibration,
    issues,
  );
  const remoteHits = oneOf<RemoteHits>("remote hits", REMOTE_HITS, options.remote_hits, issues);
  checkCount("block tokens", options.block_tokens, issues);
  checkCount("capacity in blocks", options.capacity_blocks, issues);
  if (
    !(profile && model && weightFormat && kvFormat && policy && calibration && remoteHits) ||
    issues.length > 0
  ) {
    throw new InputError(issues);
  }
  const tokens = blockTokens ?? options.block_tokens;
  const gpu = profile.gpus[profile.rackGpu];
  const deployment = { profile, gpu, model, weightFormat, kvFormat, tp: options.tp };
  const settings: CostSettings = { ...deployment, blockTokens: tokens, calibration };
  const costs = createCosts(settings);
  const { count, distance } = distances(profile, options.tp);
  return {
    options,
    policy,
    remoteHits,
    blockTokens: tokens,
    costs,
    roofline: createCosts({ ...settings, calibration: "roofline" }),
    workers: count,
    capacityBlocks: options.capacity_blocks ?? costs.blocksPerWorker,
    distance,
  };
};
