/** Closeness of doubles, for forms that do not round: the operands are grouped otherwise than in the exact sum they are held to. */

/** Whether two numbers agree in their first twelve digits; 0 agrees with 0 alone. */
export const isNear = (found: number, wanted: number): boolean =>
  found === wanted || Math.abs(found - wanted) <= 1e-12 * Math.abs(wanted);

/** A quotient of whole numbers as the nearest double that a cut after thirty digits allows. */
export const quotient = (over: bigint, under: bigint): number =>
  Number((over * 10n ** 30n) / under) / 1e30;
