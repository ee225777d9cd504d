import { bytes, InputError, shown } from "#base";
import { findFormat, findGpu, findModel, LINK_NAMES, type Reference } from "#spec";
import { FACTS } from "./facts.ts";
import { FORMS } from "./forms.ts";
import { counted, quantity, shownValue, type Value } from "./units.ts";
import type { Kind, Kinds, Vocable } from "./vocable.ts";

/** The calculator's own functions that a formula may use. */
export const OPERATIONS: readonly string[] = ["min", "max", "floor", "ceil", "round", "log2"];

/** The functions of the reference that a formula may use, facts first. */
export const FUNCTIONS: readonly Vocable[] = [...FACTS, ...FORMS];

const BY_NAME = new Map(FUNCTIONS.map((known) => [known.name, known]));

const wrong = (what: string, found: Value | undefined): InputError => {
  const text = typeof found === "object" ? shownValue(found) : shown(found);
  return new InputError([{ code: "CLAIM-5", message: `${what}, found ${text}` }]);
};

const nameIn = (what: string, given: Value | undefined): string => {
  if (typeof given === "string") return given;
  throw wrong(`${what} is named in quotes`, given);
};

const oneOf = <Name extends string>(
  what: string,
  names: readonly Name[],
  given: Value | undefined,
): Name => {
  const found = names.find((name) => name === given);
  if (found !== undefined) return found;
  throw wrong(`${what} must be one of ${names.join(", ")}`, given);
};

const READERS: {
  readonly [K in Kind]: (reference: Reference, given: Value | undefined) => Kinds[K];
} = {
  gpu: ({ profile }, given) => findGpu(profile, nameIn("a GPU", given)),
  model: ({ models }, given) => findModel(nameIn("a model", given), models),
  format: ({ formats }, given) => findFormat(nameIn("a number format", given), formats),
  far: (_, given) => oneOf("a distance", LINK_NAMES, given),
  regime: (_, given) => oneOf("a regime", ["prefill", "decode"], given),
  number(_, given) {
    if (typeof given === "number") return given;
    throw wrong("an argument must be a plain number", given);
  },
  bytes(_, given) {
    const size = given === undefined ? undefined : counted(given, "B");
    if (size !== undefined && size >= 0) return bytes(size);
    throw wrong("an argument must be a size, such as 32 MB", given);
  },
};

/** Calls a function by its name. Throws an `InputError` when an argument is not of its kind or the reference has no answer. */
export const callFunction = (reference: Reference, name: string, args: readonly Value[]): Value => {
  const called = BY_NAME.get(name);
  if (called === undefined) throw wrong("a function must be one of the vocabulary", name);
  const read = called.takes.map((kind, at) => READERS[kind](reference, args[at]));
  const value = called.value(reference, read);
  return typeof value === "string" ? value : quantity(value, called.unit);
};
