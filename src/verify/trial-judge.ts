/** Judges a case on an implementation that may lack something, and may throw. */
import type { Json } from "#base";
import { type Answers, isNotImplemented } from "./answers.ts";
import type { Finding, Property, Script } from "./property.ts";

/** The replies to each script of a case. */
export type Replies = readonly (readonly unknown[])[];

/** What became of one case. */
export type Outcome =
  | { readonly kind: "passed over" }
  | { readonly kind: "held"; readonly replies: Replies }
  | { readonly kind: "broke"; readonly finding: Finding };

/** What the reference answers to one call of a script. */
export const referenceReply = (property: Property, script: Script<unknown>, at: number): Json => {
  const answer = property.subject();
  const replies = script.slice(0, at + 1).map((call) => answer(call));
  return (replies[at] ?? null) as Json;
};

/** Plays one script until the end or until something is not implemented or throws, where the reference would have answered. */
const playHonestly = (
  property: Property,
  answer: (call: unknown) => unknown,
  script: Script<unknown>,
): readonly unknown[] | "not implemented" | Finding => {
  const replies: unknown[] = [];
  for (const [at, call] of script.entries()) {
    try {
      const reply = answer(call);
      if (isNotImplemented(reply)) return "not implemented";
      replies.push(reply);
    } catch (thrown) {
      const expected = referenceReply(property, script, at);
      return { at, expected, found: `an exception: ${String(thrown)}` };
    }
  }
  return replies;
};

const isFinding = (played: readonly unknown[] | Finding): played is Finding =>
  !Array.isArray(played);

/** Whether a script has a call that is not answered. */
export const asksTooMuch = ({ lacks }: Answers, script: Script<unknown>): boolean =>
  script.some((call) => lacks(call) !== undefined);

/** Judges one case. What is not implemented counts before what throws, in whichever script. */
export const judgeHonestly = (property: Property, subject: Answers, given: unknown): Outcome => {
  const scripts = property.scripts(given);
  if (scripts.some((script) => asksTooMuch(subject, script))) return { kind: "passed over" };
  const replies: (readonly unknown[])[] = [];
  for (const script of scripts) {
    const played = playHonestly(property, subject.create(), script);
    if (played === "not implemented") return { kind: "passed over" };
    if (isFinding(played)) return { kind: "broke", finding: played };
    replies.push(played);
  }
  return judgement(property, given, replies);
};

/**
 * What the property says of the replies. It was written for a reference that never answers such a thing as some implementations do; where it
 * throws, nothing has been judged.
 */
const judgement = (property: Property, given: unknown, replies: Replies): Outcome => {
  try {
    const finding = property.holds(given, replies);
    return finding ? { kind: "broke", finding } : { kind: "held", replies };
  } catch {
    return { kind: "passed over" };
  }
};

/** How one case of a property ends on an implementation: the finding, or nothing when it holds or cannot be asked. */
export const findingOn = (
  property: Property,
  subject: Answers,
  given: unknown,
): Finding | undefined => {
  const outcome = judgeHonestly(property, subject, given);
  return outcome.kind === "broke" ? outcome.finding : undefined;
};
