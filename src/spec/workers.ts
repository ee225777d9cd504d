import { assert, InputError } from "#base";
import type { Distance, Topology } from "./profile.ts";
import { distance, domain } from "./topology.ts";

/** The degrees of tensor parallelism: GPUs a worker. */
export const TP_DEGREES = [1, 2, 4, 8] as const;

/** A worker's place in the rack: shard `i` of its model lies on the `i`-th of its GPUs. */
export type Worker = {
  readonly id: number;
  readonly gpus: readonly number[];
  readonly domain: number;
};

/** Throws an `InputError` (SPEC-3) unless `tp` is a degree of tensor parallelism that divides a domain. */
export const checkTp = ({ gpusPerDomain }: Topology, tp: number): void => {
  const possible = TP_DEGREES.filter((degree) => gpusPerDomain.value % degree === 0);
  if (possible.some((degree) => degree === tp)) return;
  const message = `a degree of tensor parallelism must be ${possible.join(", ")} in a domain of ${gpusPerDomain.value} GPUs, found ${tp}`;
  throw new InputError([{ code: "SPEC-3", message }]);
};

/**
 * The workers of a rack full of one degree of tensor parallelism: worker `w` holds the GPUs `w·tp … w·tp + tp − 1`, so that
 * every GPU has exactly one worker and no worker spans two domains. Throws an `InputError` (SPEC-3).
 */
export const workers = (topology: Topology, tp: number): readonly Worker[] => {
  checkTp(topology, tp);
  return Array.from({ length: topology.gpuCount.value / tp }, (_, id) => ({
    id,
    gpus: Array.from({ length: tp }, (_, shard) => id * tp + shard),
    domain: domain(topology, id * tp),
  }));
};

/** How far apart two workers are: shards go to their namesakes, all at once, so the farthest pair decides. */
export const workerDistance = (topology: Topology, left: Worker, right: Worker): Distance => {
  assert(left.gpus.length === right.gpus.length, "two workers have as many shards");
  let farthest: Distance = 0;
  for (const [shard, gpu] of left.gpus.entries()) {
    const far = distance(topology, gpu, right.gpus[shard] as number);
    if (far > farthest) farthest = far;
  }
  return farthest;
};
