/** An exact rational number; `under` is positive, and the two have no common factor. */
export type Fraction = { readonly over: bigint; readonly under: bigint };

const reduced = (over: bigint, under: bigint): Fraction => {
  let [left, right] = [over < 0n ? -over : over, under];
  while (right !== 0n) [left, right] = [right, left % right];
  return { over: over / left, under: under / left };
};

/** `over ÷ under`, both whole and `under` positive. */
export const fraction = (over: number, under = 1): Fraction => reduced(BigInt(over), BigInt(under));

/** The sum. */
export const plus = (a: Fraction, b: Fraction): Fraction =>
  reduced(a.over * b.under + b.over * a.under, a.under * b.under);

/** The difference. */
export const minus = (a: Fraction, b: Fraction): Fraction =>
  reduced(a.over * b.under - b.over * a.under, a.under * b.under);

/** The product. */
export const times = (a: Fraction, b: Fraction): Fraction =>
  reduced(a.over * b.over, a.under * b.under);

/** The quotient; `b` is positive. */
export const dividedBy = (a: Fraction, b: Fraction): Fraction =>
  reduced(a.over * b.under, a.under * b.over);

/** Whether `a` is no more than `b`. */
export const isAtMost = (a: Fraction, b: Fraction): boolean => a.over * b.under <= b.over * a.under;

/** The smallest of some; there must be one. */
export const smallest = (all: readonly Fraction[]): Fraction =>
  all.reduce((least, one) => (isAtMost(least, one) ? least : one));

/** The smallest whole number that is no less; the fraction is not negative. */
export const ceiling = ({ over, under }: Fraction): number => Number((over + under - 1n) / under);
