/** The rack of a case: 8 GPUs in 2 domains, and models of a few bytes. */
import type { MachineAct, MachineCall, MachineSetup } from "#rack";

/** Something that may happen to a rack; `wait` lets time pass. */
export type RackAct = MachineAct | { readonly kind: "wait"; readonly ns: number };

/** How the rack is set up, and what happens to it. */
export type RackCase = {
  readonly policy: string;
  readonly switchBytes: number;
  readonly history: readonly RackAct[];
};

/** The rack's counts. */
export const GPUS = 8;
export const GPUS_PER_DOMAIN = 4;

/** What both models have beside their weights: a block of one token takes 16 bytes in FP8 and 8 in FP4, whatever the degree. */
const SHAPE = { layers: 1, kvHeads: 8, headDimension: 1 } as const;

/** Every figure that an answer can rest on. */
export const FIGURES = {
  hbmBytes: 150,
  workspaceBytes: 4,
  /** The document's rates, so much slower: 9, 8 and 6 × 10^7 bytes a second by distance, 4.5 × 10^7 from the CPU. */
  slowness: 20_000,
  /** In FP8 a worker of one GPU has room for 6 blocks of `a` (10 bytes over), and for 3 of `b` (7 over); in FP16 for 4 and for none. */
  models: [
    { name: "a", parameters: 40, ...SHAPE },
    { name: "b", parameters: 91, ...SHAPE },
    { name: "c", parameters: 70, ...SHAPE },
  ],
} as const;

/** The call that makes a case's rack. */
export const createOf = ({ policy, switchBytes }: RackCase): MachineCall => {
  const setup: MachineSetup = {
    ...FIGURES,
    profile: "document",
    gpus: GPUS,
    gpusPerSuperchip: 2,
    gpusPerDomain: GPUS_PER_DOMAIN,
    switchBytes,
    blockTokens: 1,
    policy,
    seed: 1,
  };
  return { kind: "create", ...setup };
};
