export { type Fact, supposed } from "./fact.ts";
export { findFormat, findGpu, findModel, findProfile, PROFILES } from "./find.ts";
export { type Gpu, type GpuName, type Peaks, peakOf } from "./gpu.ts";
export { MODELS, type Model } from "./model.ts";
export { FORMATS, type NumberFormat } from "./number-format.ts";
export type { Distance, Profile, Topology } from "./profile.ts";
export { distance, hops, linkAt } from "./topology.ts";
export { checkTp, TP_DEGREES, workerDistance, workers } from "./workers.ts";
