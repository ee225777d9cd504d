export { bundledTraces } from "./bundled.ts";
export { blockTokensOf, type GenerateOptions, generateTrace } from "./generate.ts";
export { generatedLines, LAYOUTS } from "./layouts.ts";
export { SHAPE_NAMES, type ShapeName } from "./shapes.ts";
export {
  compareWithTargets,
  type Measured,
  TARGETS,
  type TargetResult,
} from "./targets.ts";
