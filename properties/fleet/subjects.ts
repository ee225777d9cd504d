import { FLEET_PARTS, Fleet, type FleetCall, type FleetReply, fleetSubject } from "#rack";
import type { Subject } from "#verify";
import { BROKEN_FLEETS } from "./broken-fleets.ts";

/** A fleet as a subject, with a desk in the place of whoever drives it. */
type FleetSubject = Subject<FleetCall, FleetReply>;

const subjectOf = (Made: new (...args: ConstructorParameters<typeof Fleet>) => Fleet) =>
  fleetSubject((...given) => new Made(...given), FLEET_PARTS);

/** The reference. */
export const fleet: FleetSubject = subjectOf(Fleet);

/** Some of the broken fleets, by name. */
export const mutants = <Name extends keyof typeof BROKEN_FLEETS>(
  ...names: readonly Name[]
): Readonly<Record<Name, FleetSubject>> =>
  Object.fromEntries(names.map((name) => [name, subjectOf(BROKEN_FLEETS[name])])) as Record<
    Name,
    FleetSubject
  >;
