import { assert } from "#base";
import type { Distance, Link, Profile, Topology } from "./profile.ts";

const checkGpu = ({ gpuCount }: Topology, gpu: number): void =>
  assert(
    Number.isInteger(gpu) && gpu >= 0 && gpu < gpuCount.value,
    `a GPU is numbered 0 … ${gpuCount.value - 1}`,
    gpu,
  );

/** The superchip that a GPU sits on, numbered from 0. */
export const superchip = (topology: Topology, gpu: number): number => {
  checkGpu(topology, gpu);
  return Math.floor(gpu / topology.gpusPerSuperchip.value);
};

/** The NVLink domain that a GPU belongs to, numbered from 0. */
export const domain = (topology: Topology, gpu: number): number => {
  checkGpu(topology, gpu);
  return Math.floor(gpu / topology.gpusPerDomain.value);
};

/** How far apart two GPUs are. A metric, and an ultrametric at that: a detour through a third GPU is never shorter. */
export const distance = (topology: Topology, left: number, right: number): Distance => {
  if (superchip(topology, left) === superchip(topology, right)) return left === right ? 0 : 1;
  return domain(topology, left) === domain(topology, right) ? 2 : 3;
};

/** What lies between two different GPUs at a distance. */
export const linkAt = (profile: Profile, far: Exclude<Distance, 0>): Link => {
  const link = profile.links[far - 1];
  assert(link !== undefined, "a distance between two GPUs is 1, 2 or 3", far);
  return link;
};

/** The switches between two GPUs at a distance. */
export const switchesCrossed = (profile: Profile, far: Distance): number =>
  far === 0 ? 0 : linkAt(profile, far).switchesCrossed.value;

/** The hops between two GPUs at a distance: one link more than there are switches, and none from a GPU to itself. */
export const hops = (profile: Profile, far: Distance): number =>
  far === 0 ? 0 : switchesCrossed(profile, far) + 1;
