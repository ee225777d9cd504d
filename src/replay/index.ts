export type { HitRates, HitsByDistance, Spread, Transfers } from "./measures.ts";
export {
  type Plan,
  REMOTE_HITS,
  REPLAY_DEFAULTS,
  type RemoteHits,
  type ReplayOptions,
} from "./options.ts";
export { type ReplayResult, type RequestCounts, referenceParts, replay } from "./replay.ts";
export {
  INVARIANTS,
  type InvariantCount,
  type InvariantId,
  type Violation,
} from "./watch.ts";
