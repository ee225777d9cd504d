import { isSameJson, type Json } from "#base";
import type { Finding, Script, Subject } from "./property.ts";

/** Plays a script on a fresh instance and returns the replies, one a call. */
export const play = <Call, Reply>(
  subject: Subject<Call, Reply>,
  script: Script<Call>,
): readonly Reply[] => {
  const answer = subject();
  return script.map((call) => answer(call));
};

/** The first place where two lists of replies differ as JSON; nothing when they agree. */
export const firstDifference = (
  expected: readonly unknown[],
  found: readonly unknown[],
): Finding | undefined => {
  const length = Math.max(expected.length, found.length);
  for (let at = 0; at < length; at += 1) {
    const difference = differs(expected[at], found[at]);
    if (difference) return { at, ...difference };
  }
  return undefined;
};

/** Two values that should be the same JSON: what differs, or nothing. */
export const differs = (
  expected: unknown,
  found: unknown,
): { readonly expected: Json; readonly found: Json } | undefined =>
  isSameJson(expected, found)
    ? undefined
    : { expected: (expected ?? null) as Json, found: (found ?? null) as Json };

/**
 * The obligation most properties of a part share: on every script, the subject replies as the model does.
 * Use as `holds`, with the same `scripts` as the property's.
 */
export const agreesWith =
  <Case, Call, Reply>(
    model: Subject<Call, Reply>,
    scripts: (given: Case) => readonly Script<Call>[],
  ) =>
  (given: Case, replies: readonly (readonly Reply[])[]): Finding | undefined => {
    for (const [index, script] of scripts(given).entries()) {
      const finding = firstDifference(play(model, script), replies[index] ?? []);
      if (finding) return finding;
    }
    return undefined;
  };

/** The one script that is the history itself. */
export const asIs = <Call>(history: readonly Call[]): readonly Script<Call>[] => [history];

/** The history with the same questions asked after every operation: how invariants "at every step" are written. */
export const watching =
  <Call>(...questions: readonly Call[]) =>
  (history: readonly Call[]): readonly Script<Call>[] => [
    history.flatMap((call) => [call, ...questions]),
  ];

/** A finding of an `at` and two JSON values. */
export const finding = (at: number, expected: Json, found: Json, about?: string): Finding => ({
  at,
  expected,
  found,
  ...(about !== undefined && { about }),
});
