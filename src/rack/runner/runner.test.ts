import { describe, expect, it } from "vitest";
import { InputError } from "#base";
import { configureLayer, memoryGain, runnerSubject, speedup } from "#rack";
import { findGpu, findModel, findProfile } from "#spec";

const document = findProfile("document");
const b200 = findGpu(document, "b200");
const h100 = findGpu(document, "h100");

const issuesOf = (run: () => unknown): readonly string[] => {
  try {
    run();
    return [];
  } catch (thrown) {
    if (!(thrown instanceof InputError)) throw thrown;
    return thrown.issues.map(({ message }) => message);
  }
};

describe("a layer", () => {
  it("runs at the FP8 peak in the document's formats, FP4 weights or not", () => {
    const { qk, pv, linear } = configureLayer(b200);
    expect([qk.value, pv.value, linear.value]).toEqual([9000e12, 9000e12, 9000e12]);
    expect(configureLayer(b200, { weights: "fp8" }).linear.value).toBe(9000e12);
  });

  it("runs attention at the FP16 peak with KV in FP16, and the linear layers as before", () => {
    const { qk, pv, linear } = configureLayer(b200, { kv: "fp16" });
    expect([qk.value, pv.value, linear.value]).toEqual([4500e12, 4500e12, 9000e12]);
  });

  it("is refused with every reason at once, each once, where the GPU has no FP4", () => {
    const lacks = "weights on h100 must be in a format that it computes in (fp8, fp16), found fp4";
    expect(issuesOf(() => configureLayer(h100))).toEqual([lacks]);
    expect(issuesOf(() => configureLayer(h100, { kv: "fp4" }))).toEqual([lacks]);
    expect(issuesOf(() => configureLayer(h100, { weights: "fp8" }))).toEqual([]);
  });

  it("is frozen", () => {
    expect(Object.isFrozen(configureLayer(b200))).toBe(true);
  });
});

describe("the gain in memory", () => {
  const setup = { profile: document, gpu: b200, model: findModel("llama-70b"), tp: 1 };

  it("of FP4 weights over FP8 is 35 GB of 70, and as many tokens more as that leaves room for", () => {
    const gain = memoryGain(setup, {}, { weights: "fp8" });
    expect(gain).toMatchObject({ weightBytesSaved: 35e9, weightGain: 2, kvGain: 1 });
    // 192 − 3 − 35 = 154 GB against 192 − 3 − 70 = 119 GB.
    expect(gain.roomGain).toBeCloseTo(154 / 119, 12);
  });

  it("of FP8 keys and values over FP16 is half the bytes and twice the tokens", () => {
    const gain = memoryGain(setup, {}, { kv: "fp16" });
    // 2 × 80 layers × 8 heads × 128 dimensions.
    expect(gain).toEqual({
      weightBytesSaved: 0,
      weightGain: 1,
      kvBytesPerTokenSaved: 163_840,
      kvGain: 2,
      roomGain: 2,
    });
  });

  it("is a loss the other way round", () => {
    expect(memoryGain(setup, { weights: "fp8" }, {}).weightBytesSaved).toBe(-35e9);
  });

  it("is refused where the weights leave no room", () => {
    const large = { ...setup, model: findModel("llama-405b") };
    expect(() => memoryGain(large, {}, {})).toThrow("[SPEC-2]");
  });
});

describe("the speedup", () => {
  it("of FP4 weights over FP8 is 2 for one token, and none where arithmetic counts", () => {
    expect(speedup(b200, 1, {}, { weights: "fp8" })).toEqual({
      qk: 1,
      pv: 1,
      linear: 1,
      effective: 2,
      boundBy: "memory",
    });
    expect(speedup(b200, 10_000, {}, { weights: "fp8" })).toMatchObject({
      effective: 1,
      boundBy: "compute",
    });
  });

  it("of FP4 weights over FP16 is 2 where arithmetic counts, not 4", () => {
    expect(speedup(b200, 10_000, {}, { weights: "fp16" })).toMatchObject({
      linear: 2,
      effective: 2,
    });
  });

  it("lies between the two where only one of them is bound by arithmetic", () => {
    // FP4: 2 × 400 ÷ 9 × 10^15 s a parameter; FP8: 1 byte ÷ 8 × 10^12 B/s.
    const { effective, boundBy } = speedup(b200, 400, {}, { weights: "fp8" });
    expect(effective).toBeCloseTo(9000 / (8 * 800), 12);
    expect(boundBy).toBe("compute");
  });

  it.each([0, -1, Number.NaN, 2 ** 53])("is not defined for a batch of %d", (batch) => {
    expect(() => speedup(b200, batch, {}, {})).toThrow("a batch must be above 0 and below 2^53");
  });
});

describe("a runner behind calls", () => {
  it("answers what cannot be by the codes of its issues", () => {
    const answer = runnerSubject();
    const on = { kind: "configure", profile: "document", gpu: "h100" } as const;
    expect(answer({ ...on, choice: {} })).toEqual({ kind: "issues", codes: ["SPEC-4"] });
    expect(answer({ ...on, choice: { kv: "fp3" } })).toEqual({ kind: "issues", codes: ["SPEC-1"] });
    expect(answer({ ...on, gpu: "a100", choice: {} })).toEqual({
      kind: "issues",
      codes: ["SPEC-1"],
    });
  });
});
