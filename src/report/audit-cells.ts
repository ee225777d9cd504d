import type { Judged, Verdict } from "#claims";
import { decimals, showSize } from "./show.ts";

const unitText = (unit: string): string => {
  if (unit === "text" || unit === "count") return "";
  return unit === "x" ? "x" : ` ${unit}`;
};

/** Enough digits to see what was rounded away, and no more. */
const precise = (value: number): string => {
  if (value === 0 || !Number.isFinite(value)) return String(value);
  const size = Math.floor(Math.log10(Math.abs(value)));
  const places = Math.max(0, 4 - size);
  const shown = decimals(value, Math.min(places, 12));
  return shown.includes(".") ? shown.replace(/\.?0+$/, "") : shown;
};

/** The figure that stands in the document, with its unit; what a formula gives where none is printed. */
export const statedText = ({ claim, stated }: Judged): string => {
  if (stated === null) return "nothing";
  if (typeof stated === "string") return stated;
  const printed =
    claim.stated === "" ? precise(stated) : decimals(stated, Math.max(0, claim.decimals));
  return `${printed}${unitText(claim.unit)}`;
};

/** What the reference computes, with its unit; `does not run` where it declines. */
export const computedText = ({ claim, computed, declined }: Judged): string => {
  if (declined !== null) return "does not run";
  if (computed === null) return "–";
  if (typeof computed === "string") return computed;
  return `${precise(computed)}${unitText(claim.unit)}`;
};

/** The right figure as it would be printed, with its unit. */
export const correctedText = (judged: Judged): string => {
  const { claim, corrected, computed } = judged;
  if (corrected === null) return computedText(judged);
  if (typeof computed !== "number" || claim.unit === "text") return corrected;
  const places = /\.(\d+)$/.exec(corrected)?.[1]?.length ?? 0;
  return `${decimals(Number(corrected), places)}${unitText(claim.unit)}`;
};

const SIGNS: Readonly<Record<Verdict, string>> = {
  input: "",
  consistent: "=",
  rounded: "≈",
  inconsistent: "≠",
};

/** Stated and computed side by side: `47.9 tok/s ≈ 47.857`, `42.5 GB ≠ 26.375`; a given figure stands alone. */
export const sideBySide = (judged: Judged): string => {
  const sign = SIGNS[judged.verdict];
  const stated = statedText(judged);
  return sign === "" ? stated : `${stated} ${sign} ${computedText(judged)}`;
};

/** A figure of the reference in the unit that its address ends in: `192 GB`, `1.8 TB/s`, `18,000 TFLOPS`, `72`. */
export const figureText = (address: string, value: unknown): string => {
  if (typeof value !== "number") return String(value);
  if (address.endsWith("_flops_per_second")) return `${precise(value / 1e12)} TFLOPS`;
  if (address.endsWith("_bytes_per_second")) return `${showSize(value)}/s`;
  if (address.endsWith("_bytes")) return showSize(value);
  return precise(value);
};
