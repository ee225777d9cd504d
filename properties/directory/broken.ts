import { type DirectoryModel, directorySubject } from "#rack";
import { SHAPE } from "./histories.ts";

/** A broken directory as a subject: the model with one of its steps done wrong. */
export const broken = (Broken: new (shape: typeof SHAPE) => DirectoryModel) =>
  directorySubject(() => new Broken(SHAPE));
