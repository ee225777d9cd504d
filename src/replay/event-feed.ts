import type { CreatePlane, EventFeed } from "#rack";
import type { Plan } from "./options/index.ts";

/** What lies between pools and directories: nothing, unless something can come late or be lost. */
export const feedOf = (
  { options, faults }: Plan,
  createPlane: CreatePlane,
  nowNs: () => number,
): EventFeed | undefined => {
  const delayNs = options.event_delay_ns;
  const isDisturbed = faults.some(({ fault }) => fault.kind === "events");
  return delayNs > 0 || isDisturbed ? { createPlane, delayNs, nowNs } : undefined;
};
