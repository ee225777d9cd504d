/** Racks by name: the two profiles, and one that is small enough for every triple of its GPUs to be tried. */
import { findProfile, supposed, type Topology } from "#spec";

const SMALL: Topology = {
  gpuCount: supposed(8),
  gpusPerSuperchip: supposed(2),
  gpusPerDomain: supposed(4),
};

/** The names of the racks. */
export const RACK_NAMES = ["small", "document", "datasheet"] as const;

/** The name of a rack. */
export type RackName = (typeof RACK_NAMES)[number];

/** The rack of a name. */
export const rackOf = (name: RackName): Topology => (name === "small" ? SMALL : findProfile(name));

/** The groups of consecutive GPUs, as lists: superchips or domains, written out. */
export const groups = (gpuCount: number, size: number): readonly (readonly number[])[] =>
  Array.from({ length: gpuCount / size }, (_, group) =>
    Array.from({ length: size }, (_, place) => group * size + place),
  );

/** How far apart two GPUs are, looked up in the lists. */
export const lookedUp = (name: RackName, left: number, right: number): number => {
  const { gpuCount, gpusPerSuperchip, gpusPerDomain } = rackOf(name);
  const together = (size: number) =>
    groups(gpuCount.value, size).some((group) => group.includes(left) && group.includes(right));
  if (left === right) return 0;
  if (together(gpusPerSuperchip.value)) return 1;
  return together(gpusPerDomain.value) ? 2 : 3;
};
