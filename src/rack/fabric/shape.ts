import { nvlinkOneWay } from "#cost";
import { type Distance, hops, linkAt, type Profile } from "#spec";
import type { FabricShape, WayShape } from "./contract.ts";

/**
 * The links of a profile's rack: what a GPU sends at one way, which it is taken to receive at too, rates and latencies by distance. A switch's
 * memory is one link of its domain away from each of its GPUs, and every GPU has a port of its own there: no source says what the memory gives
 * all of them together, so only the ports bound it. Throws an `InputError` (SPEC-6) when a profile supposes no directions.
 */
export const fabricShapeOf = (profile: Profile): FabricShape => {
  const oneWay = nvlinkOneWay(profile, profile.gpus[profile.rackGpu]);
  const hop: number = profile.hopLatency.value;
  const way = (far: Exclude<Distance, 0>): WayShape => ({
    bytesPerSecond: linkAt(profile, far).rate.value,
    latencyNs: hops(profile, far) * hop,
  });
  return {
    gpus: profile.gpuCount.value,
    egress: oneWay,
    ingress: oneWay,
    ways: {
      superchip: way(1),
      domain: way(2),
      rack: way(3),
      switch: { ...way(2), latencyNs: hop },
    },
  };
};
