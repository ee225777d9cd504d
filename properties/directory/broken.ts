import { type DirectoryModel, type DirectoryShape, directorySubject } from "#rack";
import { COUNTED, SHAPE } from "./histories.ts";

type BrokenModel = new (shape: DirectoryShape) => DirectoryModel;

/** A broken directory as a subject: the model with one of its steps done wrong. */
export const broken = (Broken: BrokenModel) => directorySubject(() => new Broken(SHAPE));

/** The same under counted removal. */
export const brokenCounted = (Broken: BrokenModel) => directorySubject(() => new Broken(COUNTED));
