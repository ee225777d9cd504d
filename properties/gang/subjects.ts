import type { GangEvents } from "#rack";
import { createGangs, type GangShape, type GangSubject, GangsModel, gangSubject } from "#rack";

/** The reference: the gangs that a rack uses. */
export const fastGangs: GangSubject = gangSubject(createGangs);

/** A class of gangs as a subject: the model with one of its steps done wrong. */
export const broken = (
  Broken: new (shape: GangShape, events?: GangEvents) => GangsModel,
): GangSubject => gangSubject((shape, events) => new Broken(shape, events));

/** What the reference is compared with. */
export const plainGangs: GangSubject = broken(GangsModel);
