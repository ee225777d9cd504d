import {
  createBlockDirectory,
  createEventPlane,
  type PlaneListener,
  PlaneModel,
  type PlaneShape,
  planeSubject,
} from "#rack";

const directoryOf = (places: number) => createBlockDirectory({ workers: places, tiers: 1 });

/** The reference: the plane that a replay uses, and the directory that it tells. */
export const fastPlane = planeSubject(createEventPlane, directoryOf);

/** A plane as a subject: the model, or a mutant of it. */
export const planeOf = (Class: new (shape: PlaneShape, listener: PlaneListener) => PlaneModel) =>
  planeSubject((shape, listener) => new Class(shape, listener), directoryOf);

/** What the reference is compared with. */
export const plainPlane = planeOf(PlaneModel);
