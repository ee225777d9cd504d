import { BROKEN_FLEETS } from "../fleet/broken-fleets.ts";
import { BLOCK_MUTANTS } from "./block-mutants.ts";
import { LIFE_MUTANTS } from "./life-mutants.ts";
import { ROUTING_MUTANTS } from "./routing-mutants.ts";
import { withFleet } from "./subjects.ts";
import { SWAP_MUTANTS } from "./swap-mutants.ts";

/** Racks whose fleet goes wrong. */
const FLEET_MUTANTS = Object.fromEntries(
  Object.entries(BROKEN_FLEETS).map(([name, Broken]) => [name, withFleet(Broken)]),
) as Readonly<Record<keyof typeof BROKEN_FLEETS, ReturnType<typeof withFleet>>>;

const MUTANTS = {
  ...FLEET_MUTANTS,
  ...LIFE_MUTANTS,
  ...BLOCK_MUTANTS,
  ...ROUTING_MUTANTS,
  ...SWAP_MUTANTS,
} as const;

/** Some of the broken racks, by name. */
export const mutants = <Name extends keyof typeof MUTANTS>(
  ...names: readonly Name[]
): Pick<typeof MUTANTS, Name> =>
  Object.fromEntries(names.map((name) => [name, MUTANTS[name]])) as Pick<typeof MUTANTS, Name>;
