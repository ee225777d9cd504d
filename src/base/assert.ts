/**
 * The reference contradicts itself: a defect of ours, not of any input. The command line answers it with exit status 3
 * and a stack. What a user can cause is an `Issue`; what the domain allows is a `Refused`.
 */
export class SpecViolation extends Error {
  override readonly name = "SpecViolation";
}

/** Throws a `SpecViolation` unless `truth` holds. Assertions stay on: they cost little and they are the specification. */
export function assert(truth: boolean, rule: string, found?: unknown): asserts truth {
  if (!truth)
    throw new SpecViolation(found === undefined ? rule : `${rule}, found ${String(found)}`);
}

/** The place no value reaches: makes a `switch` over a closed set exhaustive for the compiler. */
export const unreachable = (value: never): never => {
  throw new SpecViolation(`no case for ${JSON.stringify(value)}`);
};
