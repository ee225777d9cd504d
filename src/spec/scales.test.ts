import { describe, expect, it } from "vitest";
import { supposed } from "./fact.ts";
import { findFormat } from "./find.ts";
import { BLOCK_SCALES, bytesPerValueWithScales } from "./scales.ts";

const fp4 = findFormat("fp4");

describe("block scales", () => {
  it("are not counted unless given, as in the document", () => {
    expect(bytesPerValueWithScales(fp4)).toBe(0.5);
  });

  it("make FP4 an eighth larger in NVFP4, and a sixteenth in MXFP4", () => {
    expect(bytesPerValueWithScales(fp4, BLOCK_SCALES.nvfp4)).toBe(0.5625);
    expect(bytesPerValueWithScales(fp4, BLOCK_SCALES.mxfp4)).toBe(0.531_25);
  });

  it("bring 70 billion parameters from 35 to 39.375 GB in NVFP4", () => {
    expect(70 * bytesPerValueWithScales(fp4, BLOCK_SCALES.nvfp4)).toBe(39.375);
  });

  it.each([0, -16, 1.5, Number.NaN])("cannot be one for %d values", (valuesPerScale) => {
    const scales = { ...BLOCK_SCALES.nvfp4, valuesPerScale: supposed(valuesPerScale) };
    expect(() => bytesPerValueWithScales(fp4, scales)).toThrow("one value or more");
  });
});
