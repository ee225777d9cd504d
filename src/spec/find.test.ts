import { describe, expect, it } from "vitest";
import { InputError } from "#base";
import { findFormat, findGpu, findModel, findProfile, PROFILES } from "./find.ts";
import { peakOf } from "./gpu.ts";

const complaint = (act: () => unknown): string => {
  try {
    act();
  } catch (thrown) {
    if (thrown instanceof InputError) return thrown.message;
  }
  return "no issue";
};

describe("what is given", () => {
  it("is found by name", () => {
    expect(findProfile("document").gpus.b200.hbm.value).toBe(192e9);
    expect(findModel("llama-405b").layers.value).toBe(126);
    expect(findFormat("fp4").bytesPerValue.value).toBe(0.5);
    expect(findGpu(findProfile("datasheet"), "h100").sms.value).toBe(132);
  });

  it("is listed nearest first when the name is not known", () => {
    expect(complaint(() => findProfile("datashet"))).toMatchInlineSnapshot(
      `"a profile must be one of datasheet, document, found "datashet" [SPEC-1]"`,
    );
    expect(complaint(() => findModel("Llama-405"))).toMatchInlineSnapshot(
      `"a model must be one of llama-405b, llama-70b, found "Llama-405" [SPEC-1]"`,
    );
    expect(complaint(() => findFormat("nvfp4"))).toMatchInlineSnapshot(
      `"a number format must be one of fp4, fp8, bf16, fp16, int4, found "nvfp4" [SPEC-1]"`,
    );
    expect(complaint(() => findGpu(findProfile("document"), "H200"))).toMatchInlineSnapshot(
      `"a GPU must be one of b200, h100, found "H200" [SPEC-1]"`,
    );
  });

  it.each([
    ["nothing", ""],
    ["a property of every object", "__proto__"],
    ["a name and a space", "document "],
    ["a megabyte", "x".repeat(1_000_000)],
  ])("does not take %s for a name, and answers briefly", (_, name) => {
    expect(complaint(() => findProfile(name))).toContain("[SPEC-1]");
    expect(complaint(() => findProfile(name)).length).toBeLessThan(150);
  });

  it("says which formats a GPU computes in, when weights are in another", () => {
    const { h100 } = findProfile("document").gpus;
    expect(complaint(() => peakOf(h100, findFormat("fp4")))).toMatchInlineSnapshot(
      `"weights on h100 must be in a format that it computes in (fp8, fp16), found fp4 [SPEC-4]"`,
    );
    expect(peakOf(h100, findFormat("int4")).value).toBe(1979e12);
  });

  it("has a source for every figure", () => {
    const figures: unknown[] = [];
    const walk = (value: unknown): void => {
      if (typeof value !== "object" || value === null) return;
      if ("source" in value) figures.push(value);
      else for (const inner of Object.values(value)) walk(inner);
    };
    for (const profile of PROFILES) walk(profile);
    expect(figures.length).toBeGreaterThan(80);
    const unsourced = figures.filter(
      (figure) => ((figure as { source: { where: string } }).source.where ?? "").length < 10,
    );
    expect(unsourced).toEqual([]);
  });

  it("is bare of numbers without a source: only facts hold any", () => {
    const bare: string[] = [];
    const walk = (value: unknown, path: string): void => {
      if (typeof value === "number") bare.push(path);
      if (typeof value !== "object" || value === null || "source" in value) return;
      for (const [key, inner] of Object.entries(value)) walk(inner, `${path}.${key}`);
    };
    for (const profile of PROFILES) walk(profile, profile.name);
    expect(bare).toEqual([]);
  });

  it("halves the document's peaks for H100 in the data sheet, where dense and sparse are told apart", () => {
    const [document, datasheet] = [findProfile("document"), findProfile("datasheet")];
    expect(document.gpus.h100.peaks.fp8?.value).toBe(3958e12);
    expect(datasheet.gpus.h100.sparsePeaks.fp8?.value).toBe(3958e12);
    expect(datasheet.gpus.h100.peaks.fp8?.value).toBe(1978.9e12);
  });
});
