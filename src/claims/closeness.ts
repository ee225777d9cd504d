import type { Claim } from "./claim.ts";

/** Sums of binary fractions differ from the same sums on paper by this share at most. */
const SLACK = 1e-9;

/** How near a figure is to what is printed: the same, the same to the printed digits, or apart. */
export type Closeness = "equal" | "rounded" | "apart";

type Printed = Pick<Claim, "stated" | "decimals">;

/** Half a unit of the last printed digit. */
const half = ({ decimals }: Printed): number => 0.5 * 10 ** -decimals;

/** How near `value` is to the stated figure, both in the claim's unit. What is missing or not finite is apart from everything. */
export const closeness = (
  claim: Printed,
  stated: number | string | null,
  value: number | string | null,
): Closeness => {
  if (stated === null || value === null) return "apart";
  if (typeof stated === "string" || typeof value === "string")
    return stated === value ? "equal" : "apart";
  if (!Number.isFinite(stated) || !Number.isFinite(value)) return "apart";
  const apart = Math.abs(stated - value);
  const size = Math.max(Math.abs(stated), Math.abs(value));
  const most = half(claim) * (1 + SLACK) + 2 * Number.EPSILON * size;
  const slack = SLACK * size;
  // A figure of ten digits has more of them than the slack spares.
  if (apart <= (claim.stated === "" ? slack : Math.min(slack, most))) return "equal";
  return claim.stated !== "" && apart <= most ? "rounded" : "apart";
};

const digitsIn = (fixed: string): number => fixed.replace(/\D/g, "").replace(/^0+/, "").length;

/** A figure that rounding moves by more than this share has too few digits to be a correction. */
const COARSE = 0.05;

/** The right figure with the printed digits; with one more, and three at least, where those would not show a difference, or hardly the figure. */
export const corrected = (
  { decimals }: Printed,
  stated: number | string | null,
  computed: number | string | null,
): string | null => {
  if (typeof computed !== "number") return computed;
  if (!Number.isFinite(computed)) return null;
  const digits = Math.max(0, decimals);
  const fixed = computed.toFixed(digits);
  const shows = typeof stated !== "number" || Number(fixed) !== Number(stated.toFixed(digits));
  const isFine = Math.abs(Number(fixed) - computed) <= COARSE * Math.abs(computed);
  if (shows && isFine) return fixed;
  return String(Number(computed.toPrecision(Math.max(3, digitsIn(fixed) + 1))));
};
