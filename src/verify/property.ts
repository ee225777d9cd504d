import type { Json } from "#base";
import type { Given } from "./given.ts";

/**
 * An implementation under test: makes a fresh instance, which takes one call at a time and answers it. Calls and replies are plain
 * JSON, so that a subject may as well be another process or a recorded log.
 */
export type Subject<Call, Reply> = () => (call: Call) => Reply;

/** What is asked of one fresh instance, in order. */
export type Script<Call> = readonly Call[];

/** Where a subject and the rule part: the evidence of a broken property. */
export type Finding = {
  /** Which call of the script, counted from 0; −1 when it is the whole and no one call. */
  readonly at: number;
  readonly expected: Json;
  readonly found: Json;
  /** What `expected` and `found` are, when that is not the reply to the call. */
  readonly about?: string;
};

/** What a property says, over which inputs, of what, and how one knows that it means something. */
export type PropertySpec<Case, Call, Reply> = {
  /** `DIR-2`: the part's three letters and a number that is never used again. */
  readonly id: string;
  /** The room or part it speaks of. */
  readonly part: string;
  /** One sentence in English that is true or false of an implementation. */
  readonly statement: string;
  /** The inputs it ranges over. */
  readonly given: Given<Case>;
  /** The reference. */
  readonly subject: Subject<Call, Reply>;
  /** The questions a case puts, each to a fresh instance. One script for most; two or more for relations between runs. */
  readonly scripts: (given: Case) => readonly Script<Call>[];
  /** Judges the replies: nothing when the statement holds of them. Pure; an exception here is a defect of the property. */
  readonly holds: (given: Case, replies: readonly (readonly Reply[])[]) => Finding | undefined;
  /** Situations that must come up, by name, or the verdict is not `holds`. */
  readonly witnesses: Readonly<
    Record<string, (given: Case, replies: readonly (readonly Reply[])[]) => boolean>
  >;
  /** Broken implementations that must be caught, by what they do wrong. */
  readonly mutants: Readonly<Record<string, Subject<Call, Reply>>>;
};

/** A property whose types are its own business: what runners and catalogues hold. */
export type Property = PropertySpec<unknown, unknown, unknown>;

/** Declares a property. The types of case, call and reply are checked here and forgotten outside. */
export const property = <Case, Call, Reply>(spec: PropertySpec<Case, Call, Reply>): Property =>
  Object.freeze(spec) as unknown as Property;
