import { InputError, NANOS_MAX, type Nanos, nanos } from "#base";

/**
 * An instant of a generated trace. Throws an `InputError` when the trace grows longer than virtual
 * time can tell.
 */
export const instant = (atNs: number): Nanos => {
  if (atNs <= NANOS_MAX) return nanos(atNs);
  const message =
    "a generated trace must end within 104 days, found one with more requests than that";
  throw new InputError([{ code: "GEN-1", message }]);
};
