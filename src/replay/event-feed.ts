import type { CreatePlane, EventFeed } from "#rack";
import type { Plan } from "./options/index.ts";

/** Whether directories can hear late, twice or not at all. */
export const isHearingLate = ({ options, faults }: Plan): boolean =>
  options.event_delay_ns > 0 || faults.some(({ fault }) => fault.kind === "events");

/** What lies between pools and directories: nothing, unless something can come late or be lost. */
export const feedOf = (
  plan: Plan,
  createPlane: CreatePlane,
  nowNs: () => number,
): EventFeed | undefined =>
  isHearingLate(plan) ? { createPlane, delayNs: plan.options.event_delay_ns, nowNs } : undefined;
