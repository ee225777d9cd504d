import { describe, expect, it } from "vitest";
import type { EncodingName } from "./encoding.ts";
import { supposed } from "./fact.ts";
import { findFormat, findGpu, findProfile } from "./find.ts";
import { peakOf } from "./gpu.ts";
import { encodingOf } from "./number-format.ts";
import { computesTogetherAs, layerPrecision, mixedPeak } from "./precision.ts";

const document = findProfile("document");
const b200 = findGpu(document, "b200");
const h100 = findGpu(document, "h100");
const [fp4, fp8, fp16] = [findFormat("fp4"), findFormat("fp8"), findFormat("fp16")];
const [bf16, int4] = [findFormat("bf16"), findFormat("int4")];

describe("a product of two formats", () => {
  it("with FP4 weights and FP8 activations runs at the FP8 peak", () => {
    expect(mixedPeak(b200, fp4, fp8).value).toBe(9000e12);
    expect(mixedPeak(b200, fp8, fp4).value).toBe(9000e12);
  });

  it("with INT4 and FP16 runs at the FP16 peak", () => {
    expect(mixedPeak(h100, int4, fp16).value).toBe(1979e12);
  });

  it("of one format runs at that format's peak", () => {
    for (const format of [fp4, fp8, fp16, bf16, int4])
      expect(mixedPeak(b200, format, format)).toBe(peakOf(b200, format));
  });

  it("says what it rests on", () => {
    expect(computesTogetherAs(fp4, fp8).source.kind).toBe("public");
    expect(computesTogetherAs(fp8, fp16).source.kind).toBe("reading");
  });

  it("is refused when the GPU lacks one of them, whichever", () => {
    const refusal =
      "weights on h100 must be in a format that it computes in (fp8, fp16), found fp4 [SPEC-4]";
    expect(() => mixedPeak(h100, fp4, fp8)).toThrow(refusal);
    expect(() => mixedPeak(h100, fp8, fp4)).toThrow(refusal);
  });

  it("is refused when neither holds the other's numbers", () => {
    expect(() => mixedPeak(b200, fp16, bf16)).toThrow(
      "two operands of sixteen bits must be in one format, found fp16 and bf16 [SPEC-4]",
    );
  });
});

describe("the encoding of a format", () => {
  it("is E4M3 for FP8", () => {
    expect(encodingOf(fp8).name).toBe("e4m3");
  });

  it("is one that there is, whatever is supposed", () => {
    const other = { ...fp8, encoding: supposed("e3m4" as EncodingName) };
    expect(() => encodingOf(other)).toThrow(
      'the encoding of fp8 must be one of e2m1, int4, e4m3, e5m2, fp16, bf16, found "e3m4" [SPEC-1]',
    );
  });
});

describe("the precision of a layer", () => {
  it("is the document's unless chosen otherwise", () => {
    const { attention, linear } = layerPrecision();
    expect([attention.q.value, attention.k.value, attention.v.value]).toEqual([
      "fp8",
      "fp8",
      "fp8",
    ]);
    expect([linear.weights.value, linear.activations.value]).toEqual(["fp4", "fp8"]);
    expect([linear.accumulator.value, linear.output.value]).toEqual(["fp32", "fp16"]);
    expect(linear.weights.source.kind).toBe("document");
  });

  it("is chosen by name, and says so", () => {
    const { attention, linear } = layerPrecision({ weights: "int4", kv: "fp16", output: "fp8" });
    expect([attention.k.value, attention.v.value, attention.q.value]).toEqual([
      "fp16",
      "fp16",
      "fp8",
    ]);
    expect([linear.weights.value, linear.output.value]).toEqual(["int4", "fp8"]);
    expect(linear.weights.source.kind).toBe("supposed");
  });

  it("takes nothing that is not known", () => {
    expect(() => layerPrecision({ weights: "nvfp4" })).toThrow(
      "a number format must be one of fp4",
    );
    expect(() => layerPrecision({ output: "fp32" })).toThrow(
      'a layer\'s output must be one of fp16, fp8, found "fp32" [SPEC-1]',
    );
  });
});
