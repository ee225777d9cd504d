import type { RunRequestRow } from "#store";

/** A stretch of a request's life. */
export type RequestPhase = {
  readonly name: "queueing" | "prefill" | "transfer" | "decode";
  readonly fromNs: number;
  readonly toNs: number;
};

/** The first of these that came to be. */
const first = (...instants: readonly number[]): number | undefined =>
  instants.find((instant) => instant >= 0);

/**
 * The phases that a request came to, in order: queueing until a worker took it up, prefill until its first token or until its KV set
 * out, transfer until that was there, decode until the end. None begins before the one before it has ended, or ends after the request,
 * whatever the instants say; between two there may be a gap.
 */
export const requestPhases = (row: RunRequestRow): readonly RequestPhase[] => {
  const { arrivalNs, startNs, firstTokenNs, transferNs, transferredNs, endNs } = row;
  const phases: RequestPhase[] = [];
  let atNs = arrivalNs;
  const phase = (name: RequestPhase["name"], fromNs: number, toNs: number): void => {
    const begin = Math.min(Math.max(atNs, fromNs), endNs);
    atNs = Math.min(Math.max(begin, toNs), endNs);
    phases.push({ name, fromNs: begin, toNs: atNs });
  };
  phase("queueing", arrivalNs, first(startNs) ?? endNs);
  if (startNs < 0) return phases;
  const prefilled = [firstTokenNs, transferNs].filter((instant) => instant >= 0);
  phase("prefill", startNs, prefilled.length > 0 ? Math.min(...prefilled) : endNs);
  if (transferNs >= 0) phase("transfer", transferNs, first(transferredNs) ?? endNs);
  const isDecoding = firstTokenNs >= 0 && (transferNs < 0 || transferredNs >= 0);
  if (isDecoding) phase("decode", Math.max(firstTokenNs, transferredNs), endNs);
  return phases;
};
