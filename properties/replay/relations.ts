/** What properties that compare runs with each other share. */
import { EngineWorker, type EngineWorkerSetup, type ModelEvent } from "#replay";
import type { Finding } from "#verify";
import { difference, type Run } from "./engines.ts";
import { engine } from "./scene-runs.ts";

/** The replies to scripts of one call each. */
export const runsOf = (replies: readonly (readonly Run[])[]): readonly Run[] =>
  replies.flatMap((some) => some.slice(0, 1));

/** A finding where a run is not what it should be. */
export const parted = (expected: Run, found: Run): Finding | undefined => {
  const where = difference(expected, found);
  return where && { at: 0, ...where };
};

/** A run with something changed in each of its events. */
export const retold = (run: Run, change: (event: ModelEvent) => ModelEvent): Run => ({
  ...run,
  events: run.events.map(change),
});

/** How many events of a run have a name. */
export const count = ({ events }: Run, name: ModelEvent["event"]): number =>
  events.filter(({ event }) => event === name).length;

/** An engine whose workers reckon some costs otherwise. */
export const withCosts = (
  change: (setup: EngineWorkerSetup) => Partial<EngineWorkerSetup["costs"]>,
) =>
  engine({
    createWorker: (setup) =>
      new EngineWorker({ ...setup, costs: { ...setup.costs, ...change(setup) } }),
  });
