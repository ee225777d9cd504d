/** The figures of a GPU as the document's functions are handed them, and what they make of the name of a format. */
import { findGpu, findProfile } from "#spec";
import { raised } from "./raised.ts";

/** Bytes a second, and operations a second by format; an H100 has no entry for FP4. */
export type Specs = {
  readonly bandwidth: number;
  readonly fp16: number;
  readonly fp8: number;
  readonly fp4: number | undefined;
};

/** Which GPU of which profile. */
export type OnGpu = { readonly profile: string; readonly gpu: string };

/** The table of a GPU. */
export const specsOf = ({ profile, gpu: name }: OnGpu): Specs => {
  const { hbmBandwidth, peaks } = findGpu(findProfile(profile), name);
  const { fp16, fp8, fp4 } = peaks;
  return {
    bandwidth: hbmBandwidth.value,
    fp16: fp16?.value ?? Number.NaN,
    fp8: fp8?.value ?? Number.NaN,
    fp4: fp4?.value,
  };
};

/** Operations a second in a format: FP16's for all but two. Throws as a look-up without an entry does. */
export const peakOf = (specs: Specs, format: string): number => {
  if (format === "fp8") return specs.fp8;
  if (format !== "fp4") return specs.fp16;
  if (specs.fp4 === undefined) throw raised("KeyError", "'fp4_tflops'");
  return specs.fp4;
};
