import { BLOCK_MUTANTS } from "./block-mutants.ts";
import { LIFE_MUTANTS } from "./life-mutants.ts";
import { ROUTING_MUTANTS } from "./routing-mutants.ts";
import { SWAP_MUTANTS } from "./swap-mutants.ts";

const MUTANTS = { ...LIFE_MUTANTS, ...BLOCK_MUTANTS, ...ROUTING_MUTANTS, ...SWAP_MUTANTS } as const;

/** Some of the broken racks, by name. */
export const mutants = <Name extends keyof typeof MUTANTS>(
  ...names: readonly Name[]
): Pick<typeof MUTANTS, Name> =>
  Object.fromEntries(names.map((name) => [name, MUTANTS[name]])) as Pick<typeof MUTANTS, Name>;
