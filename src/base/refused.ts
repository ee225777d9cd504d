/** What the domain declines: nobody's fault, an ordinary answer, and whatever was asked has left no trace. */
export type Refused<Because extends string = string> = {
  readonly kind: "refused";
  readonly because: Because;
};

/** Declines, with the reason. */
export const refused = <Because extends string>(because: Because): Refused<Because> =>
  Object.freeze({ kind: "refused", because });

/** Whether an answer is a refusal. */
export const isRefused = (answer: unknown): answer is Refused =>
  typeof answer === "object" &&
  answer !== null &&
  (answer as { kind?: unknown }).kind === "refused";
