import type { Deployment } from "./deployment.ts";
import { kvBudget, kvBytesPerToken } from "./memory.ts";
import { requirePositive } from "./require.ts";

/**
 * The sessions of `tokens` tokens that one worker has KV for: `budget ÷ (tokens · bytes a token)`, not rounded, so that racks can be summed and
 * rounded once; blocks are not counted. Throws an `InputError`: SPEC-2 when the model leaves no room, SPEC-6 when there are no tokens.
 */
export const sessions = (deployment: Deployment, tokens: number): number => {
  const { model, kvFormat, tp } = deployment;
  requirePositive("the tokens of a session", tokens);
  return kvBudget(deployment) / (tokens * kvBytesPerToken(model, kvFormat, tp));
};

/** The most requests of `contextTokens` tokens that one worker can decode together; 0 when not one fits. Throws as `sessions`. */
export const largestBatch = (deployment: Deployment, contextTokens: number): number =>
  Math.floor(sessions(deployment, contextTokens));

/** Whether a worker has KV for `batch` requests of `contextTokens` tokens. Throws as `sessions`, and SPEC-6 when there is no batch. */
export const batchFits = (deployment: Deployment, batch: number, contextTokens: number): boolean =>
  requirePositive("a batch", batch) <= sessions(deployment, contextTokens);
