export type { TraceCounts } from "./assemble.ts";
export { readCatalogue } from "./catalogue.ts";
export {
  blockTokensOf,
  bundledTraces,
  compareWithTargets,
  type GenerateOptions,
  generatedLines,
  generateTrace,
  LAYOUTS,
  type Measured,
  SHAPE_NAMES,
  type ShapeName,
  TARGETS,
  type TargetResult,
} from "./generate/index.ts";
export type { ReadOptions } from "./options.ts";
export { readText, type TraceText } from "./read-text.ts";
export { IMPORTER_VERSION, readTrace } from "./read-trace.ts";
export { hashFile } from "./reading/file.ts";
export { checkReblock, reblock } from "./reblock.ts";
export {
  TRACE_FORMATS,
  type TraceConventions,
  type TraceFormat,
  type TraceRequest,
  type TraceSink,
  type TraceSource,
} from "./request.ts";
export { createBlockFigures } from "./statistics/block-figures.ts";
export { reuseDistances } from "./statistics/reuse-distances.ts";
export { createStackDistances } from "./statistics/stack-distance.ts";
export { type TraceStatistics, traceStatistics } from "./statistics.ts";
export { writeTrace } from "./write-trace.ts";
