export {
  type MeasuredWorker,
  Measures,
  type MeasuresSetup,
  type RunFacts,
} from "./measures.ts";
export type { WorkerReading } from "./meters.ts";
export type { Slo } from "./outcomes.ts";
export type { EndedRequest } from "./request-row.ts";
export type {
  BlocksByDistance,
  BytesByDistance,
  DeploymentLoad,
  Goodput,
  HitRate,
  HitRates,
  Imbalance,
  InfiniteCache,
  LoadOverTime,
  Reasons,
  RequestCounts,
  RunMeasures,
  Spread,
  Staleness,
  Tokens,
  Transfers,
  Utilisation,
} from "./result.ts";
export type { ArrivedKv } from "./traffic.ts";
