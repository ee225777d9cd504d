import type { Source, Start } from "#rack";
import type { Distance } from "#spec";
import type { Live } from "./live.ts";
import type { Plan } from "./options.ts";

/** How a request's prompt becomes KV on its worker: what is fetched, what is computed, and how long both take together. */
export type Prefill = {
  readonly spanNs: number;
  /** Prompt tokens that are computed. */
  readonly computedTokens: number;
  /** The run on another worker that is read, when that is quicker than computing it. */
  readonly source?: Source & { readonly blocks: number; readonly distance: Distance };
};

/** Prompt tokens left to compute behind `blocks` leading blocks. A prompt that was found whole still computes its last token. */
const tokensBehind = ({ request }: Live, blocks: number, blockTokens: number): number =>
  Math.min(request.inputTokens, Math.max(1, request.inputTokens - blocks * blockTokens));

const computing = (plan: Plan, live: Live, blocks: number): Prefill => {
  const computedTokens = tokensBehind(live, blocks, plan.blockTokens);
  return {
    computedTokens,
    spanNs: computedTokens === 0 ? 0 : plan.costs.prefillNs(computedTokens),
  };
};

/** Works out the prefill of a request that has just started. Changes nothing. */
export const prefillOf = (plan: Plan, live: Live, { hits, elsewhere }: Start): Prefill => {
  const alone = computing(plan, live, hits);
  if (plan.remoteHits === "recompute" || elsewhere === undefined) return alone;
  const distance = plan.distance(elsewhere.worker, live.worker);
  const blocks = elsewhere.run - hits;
  const { computedTokens, spanNs } = computing(plan, live, elsewhere.run);
  const fetched = { computedTokens, spanNs: spanNs + plan.costs.fetchNs(distance, blocks) };
  return fetched.spanNs < alone.spanNs
    ? { ...fetched, source: { ...elsewhere, blocks, distance } }
    : alone;
};
