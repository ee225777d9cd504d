/** Options against the rack and the trace: whether all of it can be, and what follows. */
import type { CalibrationName } from "#cost";
import { type Policy, parsePolicy } from "#rack";
import type { Profile, Reference } from "#spec";
import { checkReblock } from "#trace";
import { RACK_BLOCKS_MAX } from "./deployment-options.ts";
import { costsOf, kindOf, type PlannedDeployment } from "./plan/deployment.ts";
import { checkEffects, checkLoad } from "./plan/effects.ts";
import { type FaultStep, faultSteps } from "./plan/faults.ts";
import { Findings } from "./plan/findings.ts";
import { referenceIn } from "./plan/rack.ts";
import { checkSwapped, replicasOf } from "./plan/replicas.ts";
import { checkLargest, type LargestRequest } from "./plan/requests.ts";
import { partnersOf } from "./plan/roles.ts";
import { servingOf } from "./plan/serving.ts";
import type { RemoteHits, ReplayOptions } from "./replay-options.ts";

/** Tokens a block and seed where nothing is said. */
const [BLOCK_TOKENS, SEED] = [64, 1];

/** What a plan has to know of a trace. */
export type TraceFacts = {
  /** Tokens a block; null for a trace that names no blocks. */
  readonly blockTokens: number | null;
  /** Names, by number. */
  readonly models: readonly string[];
  /** How many different blocks there are; only asked for where they are cut. Taken to be few when left out. */
  readonly distinctBlocks?: number | undefined;
  /** The requests with the most blocks of so many tokens, one of each model at least. Oversized requests are not looked for when it is left out. */
  readonly largest?: ((blockTokens: number) => readonly LargestRequest[]) | undefined;
};

/** Options that have been checked, and what follows from them. */
export type Plan = {
  readonly options: ReplayOptions;
  readonly reference: Reference;
  readonly profile: Profile;
  readonly policy: Policy;
  readonly remoteHits: RemoteHits;
  readonly calibration: CalibrationName;
  readonly seed: number;
  /** Tokens a block in the rack. */
  readonly blockTokens: number;
  /** What the trace's names are made into, by `reblock` of #trace; null when they are taken as they are, or there are none. */
  readonly reblock: { readonly from: number; readonly to: number } | null;
  /** By place. */
  readonly deployments: readonly PlannedDeployment[];
  /**
   * Which deployment takes the requests of one of the trace's models, by place, who prefills where halves are apart. −1 is a request that names no
   * model; it may come to nobody, −1.
   */
  readonly deploymentOf: (model: number) => number;
  /** What goes wrong, in the order in which it does: at one instant, what ends comes first. */
  readonly faults: readonly FaultStep[];
};

/** The size of blocks in the rack, and what becomes of the trace's. */
const blocksOf = (
  { block_tokens }: ReplayOptions,
  { blockTokens, distinctBlocks }: TraceFacts,
  findings: Findings,
): Pick<Plan, "blockTokens" | "reblock"> => {
  const to = block_tokens ?? blockTokens ?? BLOCK_TOKENS;
  if (blockTokens === null || to === blockTokens) return { blockTokens: to, reblock: null };
  findings.gather(() => checkReblock(blockTokens, to, distinctBlocks ?? 0));
  return { blockTokens: to, reblock: { from: blockTokens, to } };
};

/** The pools of all workers, each as large as the largest model that it may be swapped to. */
const checkRackBlocks = (deployments: readonly PlannedDeployment[], findings: Findings): void => {
  const swapped = deployments.filter(({ replicas }) => replicas === 0);
  let [workers, blocks] = [0, 0];
  for (const { replicas, capacityBlocks, tp } of deployments) {
    const guests = swapped.filter((guest) => guest.tp === tp);
    workers += replicas;
    blocks += replicas * Math.max(capacityBlocks, ...guests.map((guest) => guest.capacityBlocks));
  }
  findings.require(
    blocks <= RACK_BLOCKS_MAX,
    "REPLAY-2",
    `the ${workers} workers of a rack must have at most ${RACK_BLOCKS_MAX} blocks between them, found ${blocks}: take larger blocks, or cap the capacity`,
  );
};

/** The rack and what is deployed on it; nothing when something is wrong with it. */
const planRack = (
  options: ReplayOptions,
  reference: Reference,
  blockTokens: number,
  findings: Findings,
): Pick<Plan, "deployments" | "faults"> | undefined => {
  const { deploy, calibration } = options;
  const { profile } = reference;
  const facts = { reference, blockTokens, calibration, stepOverheadNs: options.step_overhead_ns };
  const costs = deploy.map((given, place) => costsOf(given, place, facts, findings));
  const replicas = replicasOf(deploy, profile.gpuCount.value, findings);
  checkSwapped(deploy, replicas, costs, findings);
  const partners = partnersOf(deploy, findings);
  const degrees = [...new Set(deploy.map(({ tp }) => tp))].toSorted((left, right) => left - right);
  const faults = faultSteps(options.faults, profile, degrees, findings);
  const deployments = deploy.flatMap((given, place): PlannedDeployment[] => {
    const known = costs[place];
    if (known === undefined) return [];
    const [workers, partner] = [replicas[place] as number, partners[place] as number];
    const { tp } = given;
    return [
      { ...known, place, options: given, kind: kindOf(given), tp, replicas: workers, partner },
    ];
  });
  if (deployments.length < deploy.length) return undefined;
  checkRackBlocks(deployments, findings);
  return { deployments, faults };
};

/**
 * Checks options against the rack and a trace, and works out what follows from them. Throws one `InputError` with every issue found: SPEC codes for what
 * is given, TRACE-22 for a block size, REPLAY-1 to REPLAY-4 for the rest.
 */
export const plan = (options: ReplayOptions, facts: TraceFacts): Plan => {
  const findings = new Findings();
  const reference = findings.gather(() => referenceIn(options));
  const policy = findings.gather(() => parsePolicy(options.policy));
  checkLoad(options.load, findings);
  checkEffects(options, policy, findings);
  const blocks = blocksOf(options, facts, findings);
  const deploymentOf = servingOf(options.deploy, facts.models, findings);
  const rack = reference && planRack(options, reference, blocks.blockTokens, findings);
  if (rack && options.oversized === "refuse") {
    const largest = facts.largest?.(blocks.blockTokens) ?? [];
    checkLargest(largest, blocks.blockTokens, rack.deployments, deploymentOf, findings);
  }
  findings.done();
  return {
    options,
    reference: reference as Reference,
    profile: (reference as Reference).profile,
    policy: policy as Policy,
    remoteHits: options.remote_hits,
    calibration: options.calibration,
    seed: options.seed ?? SEED,
    ...blocks,
    ...(rack as NonNullable<typeof rack>),
    deploymentOf,
  };
};
