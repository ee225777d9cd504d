import { bytes, bytesPerSecond } from "#base";
import { FORMATS, findProfile, MODELS, type Model, type Profile, supposed } from "#spec";
import type { FleetShape } from "./fleet-kinds.ts";

/** A rack as plain data: a profile by its name, and what is put in the place of its figures. */
export type FleetSetup = {
  readonly profile: string;
  readonly gpus?: number;
  readonly gpusPerSuperchip?: number;
  readonly gpusPerDomain?: number;
  readonly hbmBytes?: number;
  readonly workspaceBytes?: number;
  readonly switchBytes?: number;
  /** Every rate is divided by this: with weights of a few bytes, transfers still take longer than a hop. */
  readonly slowness?: number;
  /** Instead of Rackproof's own. */
  readonly models?: readonly {
    readonly name: string;
    readonly parameters: number;
    readonly layers: number;
    readonly kvHeads: number;
    readonly headDimension: number;
  }[];
  readonly blockTokens: number;
};

/** The rack of a setup. Throws an `InputError` (SPEC-1) when it names a profile that is not known. */
export const fleetShapeOf = (setup: FleetSetup): FleetShape => ({
  profile: profileOf(setup),
  models: setup.models?.map(modelOf) ?? MODELS,
  formats: FORMATS,
  blockTokens: setup.blockTokens,
});

const modelOf = (given: NonNullable<FleetSetup["models"]>[number]): Model => ({
  name: given.name,
  parameters: supposed(given.parameters),
  layers: supposed(given.layers),
  kvHeads: supposed(given.kvHeads),
  headDimension: supposed(given.headDimension),
  hidden: supposed(given.kvHeads * given.headDimension),
});

const profileOf = (setup: FleetSetup): Profile => {
  const known = findProfile(setup.profile);
  const slower = slowed(known, setup.slowness ?? 1);
  const gpu = slower.gpus[slower.rackGpu];
  const { hbmBytes = gpu.hbm.value } = setup;
  const hbm = supposed(bytes(hbmBytes));
  return {
    ...slower,
    gpuCount: supposed(setup.gpus ?? known.gpuCount.value),
    gpusPerSuperchip: supposed(setup.gpusPerSuperchip ?? known.gpusPerSuperchip.value),
    gpusPerDomain: supposed(setup.gpusPerDomain ?? known.gpusPerDomain.value),
    workspace: supposed(bytes(setup.workspaceBytes ?? known.workspace.value)),
    switchMemory: supposed(bytes(setup.switchBytes ?? known.switchMemory.value)),
    gpus: { ...slower.gpus, [slower.rackGpu]: { ...gpu, hbm } },
  };
};

/** The profile with the rates that a rack's transfers depend on divided. */
const slowed = (profile: Profile, slowness: number): Profile => {
  const slow = (rate: number) => supposed(bytesPerSecond(rate / slowness));
  const gpu = profile.gpus[profile.rackGpu];
  const [superchip, domain, rack] = profile.links;
  return {
    ...profile,
    links: [
      { ...superchip, rate: slow(superchip.rate.value) },
      { ...domain, rate: slow(domain.rate.value) },
      { ...rack, rate: slow(rack.rate.value) },
    ],
    superchipCpu: { ...profile.superchipCpu, c2c: slow(profile.superchipCpu.c2c.value) },
    gpus: { ...profile.gpus, [profile.rackGpu]: { ...gpu, nvlink: slow(gpu.nvlink.value) } },
  };
};
