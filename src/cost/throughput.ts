import type { Deployment } from "./deployment.ts";
import { decodeBounds, longest, prefillBounds } from "./roofline.ts";

/**
 * The tokens a second of one worker that prefills `newTokens` tokens at once: tokens ÷ the longer of the bounds. Not rounded. Throws an
 * `InputError` (SPEC-4, SPEC-6).
 */
export const prefillThroughput = (
  deployment: Deployment,
  newTokens: number,
  efficiency = 1,
): number => newTokens / longest(prefillBounds(deployment, newTokens, efficiency));

/**
 * The tokens a second of one worker that decodes `batch` requests together, each with `contextTokens` tokens of KV: batch ÷ the longer of the
 * bounds, in which the batch reads all of its KV every step. Not rounded; whether the KV fits in memory is another question
 * (`batchFits`). Throws an `InputError` (SPEC-4, SPEC-6).
 */
export const decodeThroughput = (
  deployment: Deployment,
  batch: number,
  contextTokens: number,
  efficiency = 1,
): number => batch / longest(decodeBounds(deployment, batch, batch * contextTokens, efficiency));
