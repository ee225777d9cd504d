export {
  type InvariantCount,
  RunStopped,
  type Violation,
} from "./counts.ts";
export { INVARIANTS, type InvariantId } from "./invariants.ts";
export { RunWatch } from "./run-watch.ts";
export type { WatchedRun, WatchSettings } from "./settings.ts";
