import type { Bytes } from "#base";
import { type Gpu, LINK_NAMES, type Model, type NumberFormat, type Reference } from "#spec";

/** What a function can be handed: something of the reference by its name, a place, a number, or a size. */
export type Kinds = {
  gpu: Gpu;
  model: Model;
  format: NumberFormat;
  /** How far apart: within a superchip, within a domain, across the rack. */
  far: (typeof LINK_NAMES)[number];
  regime: "prefill" | "decode";
  number: number;
  bytes: Bytes;
};

/** The kind of an argument. */
export type Kind = keyof Kinds;

type Arguments<Takes extends readonly Kind[]> = {
  -readonly [At in keyof Takes]: Kinds[Takes[At]];
};

/** A function that formulas may call: one fact, or one closed form. */
export type Vocable = {
  readonly name: string;
  readonly takes: readonly Kind[];
  /** Of what it gives; empty for plain numbers and texts. */
  readonly unit: string;
  /** What it is, in a few words. */
  readonly about: string;
  /** Takes arguments of the declared kinds. Throws an `InputError` where the reference has no answer. */
  readonly value: (reference: Reference, args: readonly unknown[]) => number | string;
};

/** Declares a function; its arguments have the types of their kinds. */
export const vocable = <const Takes extends readonly Kind[]>(
  name: string,
  takes: Takes,
  unit: string,
  about: string,
  value: (reference: Reference, ...args: Arguments<Takes>) => number | string,
): Vocable => ({
  name,
  takes,
  unit,
  about,
  value: (reference, args) => value(reference, ...(args as Arguments<Takes>)),
});

/** The distance of a name. */
export const distanceOf = (far: Kinds["far"]): 1 | 2 | 3 =>
  (LINK_NAMES.indexOf(far) + 1) as 1 | 2 | 3;
