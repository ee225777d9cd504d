/**
 * What the fields of options are made of. Each states what it must be as the end of a sentence, `must be …`: reading puts the path in
 * front and what was found behind.
 */
import * as v from "valibot";
import { NANOS_MAX } from "#base";

const count = (number: number): string => (number === NANOS_MAX ? "2^53 − 1" : String(number));

const integer = (must: string, least: number, most: number) =>
  v.pipe(v.number(must), v.safeInteger(must), v.minValue(least, must), v.maxValue(most, must));

/** A whole number between two bounds that belong to it. */
export const whole = (least: number, most: number = NANOS_MAX) =>
  integer(`a whole number of ${least} … ${count(most)}`, least, most);

/** The same, or null. */
export const wholeOrNull = (least: number, most: number = NANOS_MAX) =>
  v.nullable(integer(`a whole number of ${least} … ${count(most)}, or null`, least, most));

/** A number above one bound, and up to another that belongs to it. */
export const above = (bound: number, most: number) => {
  const must = `a number above ${bound} and at most ${most}`;
  return v.pipe(v.number(must), v.gtValue(bound, must), v.maxValue(most, must));
};

/** A number between two bounds that do not belong to it. */
export const between = (least: number, most: number) => {
  const must = `a number above ${least} and below ${most}`;
  return v.pipe(v.number(must), v.gtValue(least, must), v.ltValue(most, must));
};

/** A name: any text but the empty one. Whether it is known is found out when a run is planned. */
export const name = (what: string) => v.pipe(v.string(what), v.nonEmpty(what));

/** One of some words or numbers. */
export const among = <const Choices extends readonly (string | number)[]>(choices: Choices) => {
  const last = choices.at(-1);
  const listed = choices.slice(0, -1).join(", ");
  return v.picklist(choices, listed === "" ? String(last) : `${listed} or ${last}`);
};

/** A list. */
export const list = <const Item extends v.GenericSchema>(item: Item) => v.array(item, "a list");

/** An object with these fields and no others. */
export const fields = <const Entries extends v.ObjectEntries>(entries: Entries) =>
  v.strictObject(entries, "an object");

/** A field that must be given. */
export const given = <const Schema extends v.GenericSchema>(about: string, schema: Schema) =>
  v.pipe(schema, v.description<v.InferOutput<Schema>, string>(about));

/** A field that may be left out. */
export const otherwise = <
  const Schema extends v.GenericSchema,
  const Fallback extends v.InferInput<Schema>,
>(
  about: string,
  schema: Schema,
  fallback: Fallback,
) => v.optional(given(about, schema), fallback);

/** What has been read, all the way down: options are frozen. */
export type Frozen<Value> = Value extends readonly (infer Item)[]
  ? readonly Frozen<Item>[]
  : Value extends object
    ? { readonly [Field in keyof Value]: Frozen<Value[Field]> }
    : Value;
