import {
  type Bytes,
  type BytesPerSecond,
  bytes,
  bytesPerSecond,
  type FlopsPerSecond,
  flopsPerSecond,
} from "#base";
import { type NumberFormat, type Profile, peakOf } from "#spec";
import { requirePositive } from "./require.ts";

/** A rack as a whole: sums over its GPUs, superchips and domains. */
export type RackTotals = {
  readonly gpus: number;
  readonly superchips: number;
  readonly domains: number;
  readonly hbm: Bytes;
  readonly hbmBandwidth: BytesPerSecond;
  /** The NVLink figures of all GPUs, in their source's notion of direction. */
  readonly nvlink: BytesPerSecond;
  /**
   * What crosses between two halves of the rack when every GPU of one half uses all its links: half of `nvlink`, in the same notion of
   * direction. Switches are taken to carry it.
   */
  readonly bisection: BytesPerSecond;
  readonly switchMemory: Bytes;
  readonly cpuMemory: Bytes;
};

/** The sums over a profile's rack. Throws an `InputError` (SPEC-6) when a profile supposes superchips or domains without GPUs. */
export const rackTotals = (profile: Profile): RackTotals => {
  const { gpuCount, gpusPerSuperchip, gpusPerDomain, switchMemory, superchipCpu } = profile;
  const { hbm, hbmBandwidth, nvlink } = profile.gpus[profile.rackGpu];
  const gpus = gpuCount.value;
  const superchips = gpus / requirePositive("the GPUs of a superchip", gpusPerSuperchip.value);
  const domains = gpus / requirePositive("the GPUs of a domain", gpusPerDomain.value);
  return {
    gpus,
    superchips,
    domains,
    hbm: bytes(gpus * hbm.value),
    hbmBandwidth: bytesPerSecond(gpus * hbmBandwidth.value),
    nvlink: bytesPerSecond(gpus * nvlink.value),
    bisection: bytesPerSecond((gpus / 2) * nvlink.value),
    switchMemory: bytes(domains * switchMemory.value),
    cpuMemory: bytes(superchips * superchipCpu.memory.value),
  };
};

/** The peak of all the rack's GPUs together with weights in a format. Throws an `InputError` (SPEC-4) when they lack it. */
export const rackPeak = (profile: Profile, format: NumberFormat): FlopsPerSecond =>
  flopsPerSecond(profile.gpuCount.value * peakOf(profile.gpus[profile.rackGpu], format).value);
