import { type FleetSetup, fleetShapeOf } from "./fleet-setup.ts";
import type { MachineShape } from "./machine-contract.ts";

/** A whole rack as plain data: what its fleet is, the most blocks a worker is given, and how requests are routed. */
export type MachineSetup = FleetSetup & {
  readonly capacityMost?: number;
  readonly policy: string;
  readonly seed: number;
};

/** The rack of a setup. Throws an `InputError` (SPEC-1) when it names a profile that is not known. */
export const shapeOf = (setup: MachineSetup): MachineShape => ({
  ...fleetShapeOf(setup),
  capacityMost: setup.capacityMost,
});
