import type { Outcome, RequestRow } from "../record.ts";

/** A request as an engine has it when it ends. */
export type EndedRequest = Omit<
  RequestRow,
  | "request"
  | "outcome"
  | "reason"
  | "deployment"
  | "worker"
  | "decodeWorker"
  | "endNs"
  | "blocks"
  | "inputTokens"
  | "outputTokens"
> & {
  readonly number: number;
  readonly request: { readonly inputTokens: number };
  readonly blocks: Uint32Array;
  /** Where it was last. */
  readonly worker: { readonly number: number; readonly deployment: number } | undefined;
  readonly prefilledBy: number;
  readonly decodedBy: number;
  /** Tokens that it was given. */
  readonly emitted: number;
};

/** A request that has ended, as whoever keeps it is told. */
export const requestRow = (
  live: EndedRequest,
  outcome: Outcome,
  reason: string,
  endNs: number,
): RequestRow => ({
  request: live.number,
  outcome,
  reason,
  deployment: live.startNs < 0 ? -1 : (live.worker?.deployment ?? -1),
  worker: live.prefilledBy,
  decodeWorker: live.decodedBy,
  arrivalNs: live.arrivalNs,
  enqueueNs: live.enqueueNs,
  startNs: live.startNs,
  firstTokenNs: live.firstTokenNs,
  transferNs: live.transferNs,
  transferredNs: live.transferredNs,
  endNs,
  inputTokens: live.request.inputTokens,
  outputTokens: live.emitted,
  blocks: live.blocks.length,
  localBlocks: live.localBlocks,
  switchBlocks: live.switchBlocks,
  fetchedBlocks: live.fetchedBlocks,
  fetchedFrom: live.fetchedFrom,
  computedTokens: live.computedTokens,
  preemptions: live.preemptions,
  restarts: live.restarts,
});
