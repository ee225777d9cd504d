export type {
  Control,
  EngineEvent,
  EngineParts,
  EngineSettings,
  Offered,
  Route,
} from "./engine/contract.ts";
export { Engine } from "./engine/engine.ts";
export type { Live } from "./engine/live.ts";
export type { EngineWatcher } from "./engine/watcher.ts";
export { EngineWorker } from "./engine/worker.ts";
export type { EngineWorkerSetup } from "./engine/worker-setup.ts";
export { applyLoad } from "./load/index.ts";
export type { BlocksByDistance, HitRates, RunMeasures, Spread } from "./measures/index.ts";
export { EngineModel } from "./model/engine-model.ts";
export type { ModelRequest } from "./model/model-request.ts";
export type { ModelWorker, ModelWorkerSetup } from "./model/model-worker.ts";
export type { ModelEvent, ModelSetup } from "./model/model-world.ts";
export {
  type DeploymentOptions,
  type Plan,
  plan,
  REMOTE_HITS,
  REPLAY_DEFAULTS,
  type RemoteHits,
  type ReplayOptions,
  readDeployments,
  readFaults,
  readReplayOptions,
  replayJsonSchemas,
  SCHEMA_NAMES,
} from "./options/index.ts";
export type { Recorder, RequestRow, SeriesRow, SpanRow } from "./record.ts";
export {
  type DeployedKind,
  type ReplayExtras,
  type ReplayResult,
  type ReplayTrace,
  referenceParts,
  replay,
} from "./replay.ts";
export type { RackParts } from "./service-contract.ts";
export {
  INVARIANTS,
  type InvariantCount,
  type InvariantId,
  type Violation,
} from "./watch/index.ts";
