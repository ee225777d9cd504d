export type { PartsOf } from "./attempts.ts";
export { type PlayedRun, playRunCase } from "./play-run-case.ts";
export { readRunCase } from "./read-run-case.ts";
export { type RunCase, type RunInput, runCaseJson } from "./run-case.ts";
export { SHRINK_BUDGET, type ShrinkRunOptions, type ShrunkRun, shrinkRun } from "./shrink-run.ts";
