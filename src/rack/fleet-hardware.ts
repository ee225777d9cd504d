import { assert } from "#base";
import type { Topology } from "#spec";
import type { Hardware } from "./fleet-contract.ts";

/** The GPUs of some hardware. Throws a `SpecViolation` unless it is the rack's. */
export const gpusOf = (topology: Topology, what: Hardware): readonly number[] => {
  const { gpuCount, gpusPerSuperchip, gpusPerDomain } = topology;
  const [size, at] =
    "gpu" in what
      ? [1, what.gpu]
      : "superchip" in what
        ? [gpusPerSuperchip.value, what.superchip]
        : [gpusPerDomain.value, what.domain];
  const isThere = Number.isSafeInteger(at) && at >= 0 && at * size < gpuCount.value;
  assert(isThere, "hardware must be the rack's", at);
  return Array.from({ length: size }, (_, place) => at * size + place);
};
