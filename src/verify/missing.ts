/** What an implementation does not have: what is left of a case without it, and how it is shown. */
import { isRefused, type Json } from "#base";
import type { Answers } from "./answers.ts";
import type { Property } from "./property.ts";
import { referenceReply } from "./trial-judge.ts";

/** Something that was asked for and is not there: a case and a call that ask for it, and what the reference answers to the call. */
export type Missing = {
  readonly what: string;
  readonly case: Json;
  readonly call: Json;
  readonly expected: Json;
};

/** A case without the events that an implementation lacks: a history, or a record that has histories in it. */
export const without = (given: unknown, lacks: Answers["lacks"]): unknown => {
  const hasIt = (event: unknown): boolean =>
    typeof event !== "object" || event === null || !("kind" in event) || lacks(event) === undefined;
  if (Array.isArray(given)) return given.every(hasIt) ? given : given.filter(hasIt);
  if (typeof given !== "object" || given === null) return given;
  const lists = Object.entries(given).filter(
    ([, value]) => Array.isArray(value) && !value.every(hasIt),
  );
  if (lists.length === 0) return given;
  const cut = lists.map(([key, value]) => [key, (value as unknown[]).filter(hasIt)]);
  return { ...given, ...Object.fromEntries(cut) };
};

/** How many cases are looked through for one in which the reference does what is missing, rather than refuse. */
const ILLUSTRATIONS_MAX = 30;

/** The same, and how many cases were looked through for a better one. */
export type Illustrated = Missing & { readonly tries: number };

/** Notes one call that asks for what is not there, the first or one that says more. */
const illustrate = (
  known: Map<string, Illustrated>,
  what: string,
  show: () => Omit<Missing, "what">,
): void => {
  const before = known.get(what);
  const tries = (before?.tries ?? 0) + 1;
  if (before && (tries > ILLUSTRATIONS_MAX || !isRefused(before.expected))) return;
  const shown = { what, ...show() };
  known.set(what, { ...(before && isRefused(shown.expected) ? before : shown), tries });
};

/** Notes what a case asks for and is not there, with what the reference answers. */
export const missingIn = (
  property: Property,
  lacks: Answers["lacks"],
  given: unknown,
  known: Map<string, Illustrated>,
): void => {
  for (const script of property.scripts(given)) {
    for (const [at, call] of script.entries()) {
      const what = lacks(call);
      if (what === undefined) continue;
      illustrate(known, what, () => ({
        case: given as Json,
        call: call as Json,
        expected: referenceReply(property, script, at),
      }));
    }
  }
};
