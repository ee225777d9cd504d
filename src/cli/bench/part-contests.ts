import { existsSync } from "node:fs";
import { join } from "node:path";
import { assert } from "#base";
import { findProfile } from "#spec";
import { loadProperties } from "#verify";
import { PLACES } from "../places.ts";
import type { Contest } from "./contest.ts";
import { gangWork, planWork, propertyWork } from "./part-work.ts";
import { besideProbes } from "./probes.ts";
import type { Stage } from "./stage.ts";

const GPUS = 72;

/** The property that judges the longest histories: up to 2,000 calls each, with every reply looked at. */
const LONG_LIFE = "DIR-17";

/** Among the sources it lies in its part's folder, among the built files beside all others. */
const folderOf = (part: string): string => {
  const own = join(PLACES.properties, part);
  return existsSync(own) ? own : PLACES.properties;
};

/** Gangs, weight plans, and a property at work, each alone. */
export const partContests = async (stage: Stage): Promise<readonly Contest[]> => {
  const { clock, sizes } = stage;
  const profile = findProfile("document");
  const property = (await loadProperties(folderOf("directory"))).find(({ id }) => id === LONG_LIFE);
  assert(property !== undefined, "the property that is measured exists", LONG_LIFE);
  return [
    besideProbes(
      stage,
      [
        {
          name: "gangs, placed and released",
          unit: "operations/s",
          bar: { kind: "atLeast", value: 1_000_000 },
        },
      ],
      () => gangWork(sizes.gangs, clock),
      GPUS,
    ),
    besideProbes(
      stage,
      [{ name: "weight plan, 72 targets", unit: "ms/plan", bar: { kind: "below", value: 10 } }],
      () => planWork(profile, sizes.plans, clock),
      GPUS,
      GPUS * GPUS,
    ),
    besideProbes(
      stage,
      [
        {
          name: "property of a long life",
          unit: "steps/s",
          bar: { kind: "atLeast", value: 500_000 },
        },
      ],
      () => propertyWork(property, sizes.propertyCases, clock),
      GPUS,
    ),
  ];
};
