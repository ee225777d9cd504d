import type { Json } from "#base";
import { differs, finding } from "./obligations.ts";
import type { Finding } from "./property.ts";

/** Where in a script a step's call stands: what a finding points at. */
type At = { readonly at: number };

type Replies<Reply> = readonly (readonly Reply[])[];

/**
 * The obligations of properties that speak of each step of a history, looked at after every call. `read` makes the steps of a case's one script
 * from its replies; one case is judged and witnessed several times, and read once.
 */
export const stepwise = <Case, Reply, Step>(
  read: (given: Case, replies: readonly Reply[]) => readonly Step[],
) => {
  const alreadyRead = new WeakMap<readonly Reply[], readonly Step[]>();
  const stepsOf = (given: Case, [replies = []]: Replies<Reply>): readonly Step[] => {
    const steps = alreadyRead.get(replies) ?? read(given, replies);
    alreadyRead.set(replies, steps);
    return steps;
  };
  /** The first finding of a judge that remembers what it saw: `start` makes a fresh one for each case. */
  const fromTheFirstStep =
    (start: () => (step: Step) => Finding | undefined) =>
    (given: Case, replies: Replies<Reply>): Finding | undefined => {
      const judge = start();
      for (const step of stepsOf(given, replies)) {
        const found = judge(step);
        if (found) return found;
      }
      return undefined;
    };
  return {
    stepsOf,
    fromTheFirstStep,
    /** The first finding of a judge that looks at each step by itself. */
    atEveryStep: (judge: (step: Step) => Finding | undefined) => fromTheFirstStep(() => judge),
    /** The witness that some step of a case is like this. */
    someStep:
      (isIt: (step: Step) => boolean) =>
      (given: Case, replies: Replies<Reply>): boolean =>
        stepsOf(given, replies).some(isIt),
  };
};

/** A finding when the two differ as JSON. */
export const expectSame = (
  { at }: At,
  expected: unknown,
  found: unknown,
  about: string,
): Finding | undefined => {
  const difference = differs(expected, found);
  return difference && { at, ...difference, about };
};

/** A finding unless something holds. */
export const expectTrue = (
  { at }: At,
  truth: boolean,
  rule: string,
  found: unknown,
): Finding | undefined => (truth ? undefined : finding(at, rule, found as Json));
