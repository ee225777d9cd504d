export { decode, encode, finiteValues, largestValue, valueCount } from "./encode.ts";
export {
  ENCODINGS,
  type Encoding,
  type EncodingName,
  type FloatEncoding,
  type IntegerEncoding,
  type TopExponent,
} from "./encoding.ts";
export type { EndToEnd } from "./end-to-end.ts";
export { type Fact, supposed } from "./fact.ts";
export { findFormat, findGpu, findModel, findProfile, PROFILES } from "./find.ts";
export { type Gpu, type GpuName, type Peaks, peakOf } from "./gpu.ts";
export { MODELS, type Model } from "./model.ts";
export { encodingOf, FORMATS, type FormatName, type NumberFormat } from "./number-format.ts";
export {
  type LayerPrecision,
  layerPrecision,
  mixedPeak,
  type PrecisionChoice,
} from "./precision.ts";
export type { AllReduceRates, Distance, Profile, SuperchipCpu, Topology } from "./profile.ts";
export {
  type Figure,
  figures,
  LINK_NAMES,
  mapFacts,
  type Reference,
  referenceOf,
  withFigures,
} from "./reference.ts";
export { readReference } from "./reference-file.ts";
export { BLOCK_SCALES, type BlockScales, bytesPerValueWithScales } from "./scales.ts";
export { distance, hops, linkAt, switchesCrossed } from "./topology.ts";
export { checkTp, TP_DEGREES, workerDistance, workers } from "./workers.ts";
