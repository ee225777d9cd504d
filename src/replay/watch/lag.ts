import type { ServingWorker } from "#rack";

/** How many events of a worker its directory has not heard yet, or never will until it is told everything anew: by no more listings can it be wrong. */
export const lagOf = ({ place, group: { plane } }: ServingWorker): number =>
  plane === undefined ? 0 : plane.lag(place) + plane.lost(place);

/** By how many listings the directory has fewer than the worker has announced. */
export const netLagOf = ({ place, group: { plane } }: ServingWorker): number =>
  plane?.lagNet(place) ?? 0;
