import { COUNTED_MUTANTS } from "./counted-mutants.ts";
import { LIFE_MUTANTS } from "./life-mutants.ts";
import { LISTING_MUTANTS } from "./listing-mutants.ts";

const MUTANTS = { ...LISTING_MUTANTS, ...LIFE_MUTANTS, ...COUNTED_MUTANTS } as const;

/** Some of the broken directories, by name. */
export const mutants = <Name extends keyof typeof MUTANTS>(
  ...names: readonly Name[]
): Pick<typeof MUTANTS, Name> =>
  Object.fromEntries(names.map((name) => [name, MUTANTS[name]])) as Pick<typeof MUTANTS, Name>;
