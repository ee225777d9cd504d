import { type Fabric, FabricModel, type FabricShape, fabricSubject, KvFabric } from "#rack";
import { SHARING } from "./mutants-sharing.ts";
import { TELLING } from "./mutants-telling.ts";

/** A class of fabrics as a subject. */
const subjectOf = (Class: new (shape: FabricShape) => Fabric) =>
  fabricSubject((shape) => new Class(shape));

/** The reference. */
export const reference = subjectOf(KvFabric);
/** What the reference is compared with. */
export const model = subjectOf(FabricModel);

const MUTANTS = { ...SHARING, ...TELLING } as const;

/** Some of the broken fabrics, by name. */
export const mutants = (...names: readonly (keyof typeof MUTANTS)[]) =>
  Object.fromEntries(names.map((name) => [name, subjectOf(MUTANTS[name])]));
