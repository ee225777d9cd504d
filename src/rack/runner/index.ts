export { type ConfiguredLayer, type RunnerCall, type RunnerReply, runnerSubject } from "./calls.ts";
export { type MemoryGain, memoryGain, type RunnerSetup } from "./gain.ts";
export { configureLayer, type LayerConfiguration } from "./layer.ts";
export { type Speedup, speedup } from "./speedup.ts";
