import { type Bytes, type BytesPerSecond, type FlopsPerSecond, InputError } from "#base";
import type { Fact } from "./fact.ts";
import type { NumberFormat } from "./number-format.ts";

/** The names of the GPUs that every profile has. */
export type GpuName = "b200" | "h100";

/** Peaks by the format of the tensor cores; a format that the GPU lacks is absent. */
export type Peaks = Readonly<Partial<Record<"fp4" | "fp8" | "fp16", Fact<FlopsPerSecond>>>>;

/** A GPU's figures, as one profile has them. */
export type Gpu = {
  /** One of `GpuName`, or what a profile of somebody's own calls it. */
  readonly name: string;
  readonly hbm: Fact<Bytes>;
  readonly hbmBandwidth: Fact<BytesPerSecond>;
  /** The peaks that rooflines are made of. */
  readonly peaks: Peaks;
  /** The peaks with 2:4 structured sparsity, as far as the source says which of its figures assume it. */
  readonly sparsePeaks: Peaks;
  /** All of the GPU's NVLink lanes together; the source's notion of direction. */
  readonly nvlink: Fact<BytesPerSecond>;
  readonly nvlinkLinks: Fact<number>;
  readonly l2: Fact<Bytes>;
  readonly sms: Fact<number>;
  readonly tdpWatts: Fact<number>;
  /** On all of its dies together. */
  readonly transistors: Fact<number>;
  readonly dies: Fact<number>;
};

/** The peak that a matrix product runs at when the weights are in `format`. Throws an `InputError` (SPEC-4) when the GPU has none. */
export const peakOf = (gpu: Gpu, format: NumberFormat): Fact<FlopsPerSecond> => {
  const peak = gpu.peaks[format.computesAs.value];
  if (peak !== undefined) return peak;
  const known = Object.keys(gpu.peaks).join(", ");
  const message = `weights on ${gpu.name} must be in a format that it computes in (${known}), found ${format.name}`;
  throw new InputError([{ code: "SPEC-4", message }]);
};
