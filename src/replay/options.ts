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
  /** For a trace that names no blocks, null for 64; a trace that names blocks has its own, and this must be null or the same. */
  readonly block_tokens: number | null;
  /** Blocks a worker; null for what the KV budget leaves. */
  readonly capacity_blocks: number | null;
  /** For a policy that draws, null for 1; for one that does not it must be null. */
  readonly seed: number | null;
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
  block_tokens: null,
  capacity_blocks: null,
  seed: null,
});

/** Tokens a block and seed where nothing is said. */
const [BLOCK_TOKENS, SEED] = [64, 1];

/** Options that have been checked, and what follows from them. */
export type Plan = {
  readonly options: ReplayOptions;
  readonly policy: Policy;
  readonly remoteHits: RemoteHits;
  readonly blockTokens: number;
  readonly seed: number;
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

const checkCount = (what: string, found: number | null, most: number, issues: Issue[]): void => {
  if (found === null || (Number.isInteger(found) && found >= 1 && found <= most)) return;
  const message = `${what} must be a whole number of 1 … ${most}, found ${found}`;
  issues.push({ code: "REPLAY-1", message });
};

/** Options that would change nothing are refused: whoever sets one expects an effect. */
const checkEffects = (
  options: ReplayOptions,
  blockTokens: number | null,
  policy: Policy | undefined,
  issues: Issue[],
): void => {
  const { block_tokens, seed } = options;
  if (blockTokens !== null && block_tokens !== null && block_tokens !== blockTokens) {
    const message = `block tokens must be left out for a trace that names blocks of ${blockTokens} tokens, found ${block_tokens}`;
    issues.push({ code: "REPLAY-1", message });
  }
  if (seed !== null && policy !== undefined && !isDrawing(policy)) {
    const message = `a seed must be left out for ${policy.kind}, which draws nothing, found ${seed}`;
    issues.push({ code: "REPLAY-1", message });
  }
};

const isDrawing = (policy: Policy): boolean =>
  policy.kind === "random" || (policy.kind === "dynamo-cost" && policy.temperature > 0);

/** A pool keeps 27 bytes for each of its blocks, from the start; a rack of more than this many would not fit in 4 GB. */
const RACK_BLOCKS_MAX = 2 ** 27;

const checkCapacity = (workers: number, capacityBlocks: number): void => {
  if (workers * capacityBlocks <= RACK_BLOCKS_MAX) return;
  const most = Math.floor(RACK_BLOCKS_MAX / workers);
  const message = `${workers} workers must have at most ${most} blocks each, found ${capacityBlocks}: take larger blocks, or cap the capacity`;
  throw new InputError([{ code: "REPLAY-1", message }]);
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
  checkCount("block tokens", options.block_tokens, 2 ** 20, issues);
  checkCount("capacity in blocks", options.capacity_blocks, RACK_BLOCKS_MAX, issues);
  checkEffects(options, blockTokens, policy, issues);
  if (
    !(profile && model && weightFormat && kvFormat && policy && calibration && remoteHits) ||
    issues.length > 0
  ) {
    throw new InputError(issues);
  }
  const tokens = blockTokens ?? options.block_tokens ?? BLOCK_TOKENS;
  const gpu = profile.gpus[profile.rackGpu];
  const deployment = { profile, gpu, model, weightFormat, kvFormat, tp: options.tp };
  const settings: CostSettings = { ...deployment, blockTokens: tokens, calibration };
  const costs = createCosts(settings);
  const { count, distance } = distances(profile, options.tp);
  const capacityBlocks = options.capacity_blocks ?? costs.blocksPerWorker;
  checkCapacity(count, capacityBlocks);
  return {
    options,
    seed: options.seed ?? SEED,
    policy,
    remoteHits,
    blockTokens: tokens,
    costs,
    roofline: createCosts({ ...settings, calibration: "roofline" }),
    workers: count,
    capacityBlocks,
    distance,
  };
};
