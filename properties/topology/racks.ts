/** Racks as plain data: any counts that divide, a few that exist, and how GPUs are grouped, written out. */
import fc from "fast-check";
import { supposed, type Topology } from "#spec";
import { oneOfValues } from "#verify";

/** GPUs a superchip, superchips a domain, domains. */
export type Counts = {
  readonly gpus: number;
  readonly superchips: number;
  readonly domains: number;
};

/** The document's rack, one node of 8 without superchips, a flat 72, and small odd ones. */
export const KNOWN: readonly [Counts, ...Counts[]] = [
  { gpus: 1, superchips: 1, domains: 1 },
  { gpus: 2, superchips: 4, domains: 9 },
  { gpus: 1, superchips: 8, domains: 1 },
  { gpus: 2, superchips: 36, domains: 1 },
  { gpus: 3, superchips: 5, domains: 1 },
  { gpus: 3, superchips: 1, domains: 5 },
  { gpus: 1, superchips: 3, domains: 3 },
  { gpus: 5, superchips: 2, domains: 3 },
];

/** Any counts, up to 6 × 6 × 6, and the known ones as often. */
export const counts: fc.Arbitrary<Counts> = fc.oneof(
  fc.record({
    gpus: fc.integer({ min: 1, max: 6 }),
    superchips: fc.integer({ min: 1, max: 6 }),
    domains: fc.integer({ min: 1, max: 6 }),
  }),
  oneOfValues(...KNOWN),
);

/** How many GPUs there are. */
export const sizeOf = ({ gpus, superchips, domains }: Counts): number =>
  gpus * superchips * domains;

/** The same as a topology. */
export const topologyOf = (given: Counts): Topology => ({
  gpuCount: supposed(sizeOf(given)),
  gpusPerSuperchip: supposed(given.gpus),
  gpusPerDomain: supposed(given.gpus * given.superchips),
});

/** Where each GPU sits, found by dealing them out one by one. */
export const seats = (
  given: Counts,
): readonly { readonly superchip: number; readonly domain: number }[] => {
  const seats: { superchip: number; domain: number }[] = [];
  for (let domain = 0; domain < given.domains; domain += 1)
    for (let chip = 0; chip < given.superchips; chip += 1)
      for (let gpu = 0; gpu < given.gpus; gpu += 1)
        seats.push({ superchip: domain * given.superchips + chip, domain });
  return seats;
};
