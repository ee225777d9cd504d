import { executePlan, linksOf, planTransfers } from "./express/index.ts";
import type { FleetParts } from "./fleet-contract.ts";
import { createGangs } from "./gang/index.ts";

/** The reference: every part of a fleet in its fast version. */
export const FLEET_PARTS: FleetParts = Object.freeze({
  createGangs,
  linksOf,
  plan: planTransfers,
  execute: executePlan,
});
