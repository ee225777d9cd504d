import { assert } from "#base";
import { type Fact, fact, published } from "./fact.ts";
import type { NumberFormat } from "./number-format.ts";

/** Scales that numbers are stored with, one for each block of consecutive values. */
export type BlockScales = {
  readonly name: string;
  readonly valuesPerScale: Fact<number>;
  readonly bytesPerScale: Fact<number>;
};

const cutlass = published(
  "https://github.com/NVIDIA/cutlass, media/docs/cpp/blackwell_functionality.md: NVFP4 has a UE4M3 scale for 16 values, MXFP4 a UE8M0 scale for 32",
);

/**
 * The scales that FP4 is published with. NVFP4 has a further one for a whole tensor: four bytes, which are not counted because no model is
 * described by its tensors here.
 */
export const BLOCK_SCALES: Readonly<Record<"nvfp4" | "mxfp4", BlockScales>> = Object.freeze({
  nvfp4: { name: "nvfp4", valuesPerScale: fact(16, cutlass), bytesPerScale: fact(1, cutlass) },
  mxfp4: { name: "mxfp4", valuesPerScale: fact(32, cutlass), bytesPerScale: fact(1, cutlass) },
});

/**
 * What a value takes on average in whole blocks: `bytes a value + bytes a scale ÷ values a scale`, and the bare bytes a value without scales, as the
 * document counts. In bytes, with a fraction: 0.5625 in NVFP4.
 */
export const bytesPerValueWithScales = (format: NumberFormat, scales?: BlockScales): number => {
  const bare = format.bytesPerValue.value;
  if (scales === undefined) return bare;
  const values = scales.valuesPerScale.value;
  assert(Number.isInteger(values) && values >= 1, "a scale is for one value or more", values);
  return bare + scales.bytesPerScale.value / values;
};
