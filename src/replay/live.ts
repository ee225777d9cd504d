import type { TraceRequest } from "#trace";

/** A request between its arrival and its end. */
export type Live = {
  /** Its place in the trace, from 0: its name in the pools and its last tie-breaker. */
  readonly number: number;
  readonly request: TraceRequest;
  readonly arrivalNs: number;
  /** Prompt blocks, named or not. */
  readonly promptBlocks: number;
  /** Blocks that it holds without a name. */
  readonly unnamed: number;
  /** Blocks that it holds in all. */
  readonly allBlocks: number;
  worker: number;
  startNs: number;
  firstTokenNs: number;
  hitBlocks: number;
  fetchedBlocks: number;
  /** How far the fetched blocks came from; 0 when none were fetched. */
  fetchedFrom: number;
  /** Prompt tokens that had to be computed. */
  computedTokens: number;
};

/**
 * A request as it arrives. A filled block never changes, so output starts in a block of its own even when the prompt's last block has
 * room; a trace without block names holds its prompt in unnamed blocks.
 */
export const arrive = (
  number: number,
  request: TraceRequest,
  arrivalNs: number,
  blockTokens: number,
): Live => {
  const named = request.blocks.length;
  const promptBlocks = named > 0 ? named : Math.ceil(request.inputTokens / blockTokens);
  const outputBlocks = Math.ceil(request.outputTokens / blockTokens);
  const unnamed = promptBlocks - named + outputBlocks;
  return {
    number,
    request,
    arrivalNs,
    promptBlocks,
    unnamed,
    allBlocks: named + unnamed,
    worker: -1,
    startNs: -1,
    firstTokenNs: -1,
    hitBlocks: 0,
    fetchedBlocks: 0,
    fetchedFrom: 0,
    computedTokens: 0,
  };
};
