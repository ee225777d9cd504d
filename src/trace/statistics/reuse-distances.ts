import type { TraceRequest } from "../request.ts";
import { createCounts } from "./counts.ts";
import { createStackDistances } from "./stack-distance.ts";

/** How far back the references of a trace reach that hit anything at all. */
export type ReuseDistances = {
  /** References to a block that was referenced before. */
  readonly hits: number;
  /** Half of the hits need an LRU cache of no more blocks than this; null without hits. */
  readonly p50: number | null;
  /** Nine in ten of the hits need no more than this; null without hits. */
  readonly p90: number | null;
};

/**
 * The reuse distances of a trace, in blocks: for each hit the number of different blocks referenced
 * since the block was last, itself included. One pass; memory goes with the different blocks.
 */
export const reuseDistances = (requests: Iterable<TraceRequest>): ReuseDistances => {
  const distances = createStackDistances();
  const counts = createCounts();
  for (const { blocks } of requests) {
    for (let at = 0; at < blocks.length; at += 1) {
      const distance = distances.touch(blocks[at] as number);
      if (distance > 0) counts.add(distance);
    }
  }
  const hits = counts.size();
  return {
    hits,
    p50: hits === 0 ? null : counts.percentile(0.5),
    p90: hits === 0 ? null : counts.percentile(0.9),
  };
};
