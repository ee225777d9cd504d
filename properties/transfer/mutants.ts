import { type TransferShape, type Transfers, transferSubject } from "#rack";
import { REFUSING } from "./mutants-refusing.ts";
import { SENDING } from "./mutants-sending.ts";
import { LOSING, STEPPING } from "./mutants-stepping.ts";

/** A class of transfers as a subject. */
export const subjectOf = (Class: new (shape: TransferShape) => Transfers) =>
  transferSubject((shape) => new Class(shape));

const MUTANTS = { ...SENDING, ...REFUSING, ...STEPPING, ...LOSING } as const;

/** Some of the broken transfers, by name. */
export const mutants = (...names: readonly (keyof typeof MUTANTS)[]) =>
  Object.fromEntries(names.map((name) => [name, subjectOf(MUTANTS[name])]));
