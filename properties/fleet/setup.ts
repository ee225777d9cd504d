/** The fleet of a case: 8 GPUs in 2 domains, and models of a few bytes. */
import type { FleetAct, FleetCall, FleetSetup } from "#rack";

/** Something that may happen to a fleet; `wait` lets time pass. */
export type Act = FleetAct | { readonly kind: "wait"; readonly ns: number };

/** What happens to a fleet, from its beginning. */
export type FleetCase = readonly Act[];

/** What all models have beside their weights: a block of one token takes 16 bytes in FP8 and 8 in FP4, whatever the degree. */
const SHAPE = { layers: 1, kvHeads: 8, headDimension: 1 } as const;

/** Every figure that an answer can rest on. */
export const FIGURES = {
  gpus: 8,
  gpusPerSuperchip: 2,
  gpusPerDomain: 4,
  hbmBytes: 150,
  workspaceBytes: 4,
  /** The document's rates, so much slower: 0.09, 0.08 and 0.06 bytes a nanosecond by distance, 0.045 from the CPU. */
  slowness: 20_000,
  /** In FP8 a worker of one GPU has room for 6 blocks of `a` (10 bytes over), 3 of `b` (7 over) and 4 of `c` (12 over); `b` in FP16 never fits. */
  models: [
    { name: "a", parameters: 40, ...SHAPE },
    { name: "b", parameters: 91, ...SHAPE },
    { name: "c", parameters: 70, ...SHAPE },
  ],
} as const satisfies Partial<FleetSetup>;

/** The call that makes a case's fleet. */
export const CREATE: FleetCall = {
  kind: "create",
  ...FIGURES,
  profile: "document",
  blockTokens: 1,
};
