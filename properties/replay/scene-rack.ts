/**
 * The racks of scenes. A step takes round numbers of nanoseconds, so that arrivals, ends of steps and ends of transfers coincide; or such that everything is
 * rounded.
 */
import { bytes, bytesPerSecond, flopsPerSecond, nanos } from "#base";
import { type Costs, createCosts } from "#cost";
import { findFormat, findProfile, type Model, type Profile, supposed } from "#spec";
import { BLOCK_TOKENS } from "./scene-trace.ts";

/** How many times as fast as usual each part of a rack is; latencies and overheads are as many times as long as `delays` says. */
export type Speeds = {
  readonly compute: number;
  readonly memory: number;
  readonly links: number;
  readonly delays: number;
};

/** As fast as usual. */
export const USUAL: Speeds = { compute: 1, memory: 1, links: 1, delays: 1 };

const DOCUMENT = findProfile("document");
const link = (rate: number, switches: number) => ({
  rate: supposed(bytesPerSecond(rate)),
  switchesCrossed: supposed(switches),
});

/**
 * 32 GPUs in four domains. Reading the weights takes 100 ns, reading a token's KV and computing a token as much each, and so does a block's way to the
 * other GPU of a superchip, beside the 100 ns of a hop; or nearly so.
 */
const rackOf = (isRound: boolean, { compute, memory, links, delays }: Speeds): Profile => ({
  ...DOCUMENT,
  gpuCount: supposed(32),
  gpus: {
    ...DOCUMENT.gpus,
    b200: {
      ...DOCUMENT.gpus.b200,
      hbm: supposed(bytes(1e12)),
      hbmBandwidth: supposed(bytesPerSecond((isRound ? 8e11 : 7.9e11) * memory)),
      peaks: { fp8: supposed(flopsPerSecond((isRound ? 1.6e12 : 2.63e12) * compute)) },
      nvlink: supposed(bytesPerSecond(3.2e12 * links)),
    },
  },
  links: [link(3.2e12 * links, 0), link(1.6e12 * links, 1), link(0.8e12 * links, 2)],
  hopLatency: supposed(nanos(100 * delays)),
  workspace: supposed(bytes(0)),
});

/** Costs in whole nanoseconds, with nothing to be rounded: computing a token, reading the weights and reading a token's KV all take as long. */
export const wholeCosts = (costs: Costs, tokenNs: number): Costs => {
  const stepNs = (newTokens: number, batch: number, kvTokens: number): number =>
    tokenNs * Math.max(newTokens + batch, 1 + kvTokens);
  const phaseNs = (batch: number, kvTokens: number, steps: number): number => {
    let ns = 0;
    for (let step = 0; step < steps; step += 1) ns += stepNs(0, batch, kvTokens + step * batch);
    return ns;
  };
  return { ...costs, stepNs, phaseNs, prefillNs: (newTokens) => stepNs(newTokens, 0, 0) };
};

const MODEL: Model = {
  name: "small",
  parameters: supposed(80_000),
  layers: supposed(40),
  kvHeads: supposed(8),
  headDimension: supposed(125),
  hidden: supposed(1000),
};

const fp8 = findFormat("fp8");

/** A rack, and what a worker of it costs. */
type RackCosts = { readonly profile: Profile; readonly costs: Costs };

const known = new Map<string, RackCosts>();

/** The rack of a scene, with workers of a degree. */
export const rackCosts = (isRound: boolean, tp: number, speeds: Speeds): RackCosts => {
  const key = JSON.stringify([isRound, tp, speeds]);
  const found = known.get(key);
  if (found !== undefined) return found;
  const profile = rackOf(isRound, speeds);
  const deployment = { gpu: profile.gpus.b200, model: MODEL, weightFormat: fp8, kvFormat: fp8 };
  const stepOverheadNs = isRound ? 0 : 7 * speeds.delays;
  const costs = createCosts({
    profile,
    ...deployment,
    tp,
    blockTokens: BLOCK_TOKENS,
    calibration: "roofline",
    stepOverheadNs,
  });
  known.set(key, { profile, costs });
  return { profile, costs };
};
