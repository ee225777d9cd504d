import { LIFE_MUTANTS } from "./life-mutants.ts";
import { LOSS_MUTANTS } from "./loss-mutants.ts";
import { PLACING_MUTANTS } from "./placing-mutants.ts";
import { PRIORITY_MUTANTS } from "./priority-mutants.ts";
import { WISH_MUTANTS } from "./wish-mutants.ts";

const MUTANTS = {
  ...PLACING_MUTANTS,
  ...WISH_MUTANTS,
  ...LIFE_MUTANTS,
  ...LOSS_MUTANTS,
  ...PRIORITY_MUTANTS,
} as const;

/** Some of the broken gangs, by name. */
export const mutants = <Name extends keyof typeof MUTANTS>(
  ...names: readonly Name[]
): Pick<typeof MUTANTS, Name> =>
  Object.fromEntries(names.map((name) => [name, MUTANTS[name]])) as Pick<typeof MUTANTS, Name>;
