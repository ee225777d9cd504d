// Past 250 lines: one example or two of every closed form, worked on the same deployments.
import { describe, expect, it } from "vitest";
import { bytes, bytesPerSecond, InputError } from "#base";
import { findFormat, findGpu, findModel, findProfile, MODELS, type Profile, supposed } from "#spec";
import { allReduceTime, hiddenStateBytes, ringFactor, stepAllReduceTime } from "./all-reduce.ts";
import type { Deployment } from "./deployment.ts";
import { endToEndRow } from "./end-to-end.ts";
import { kvBudget, kvBytesPerToken, memorySavings } from "./memory.ts";
import { rackPeak, rackTotals } from "./rack-totals.ts";
import {
  boundBy,
  crossoverBatch,
  decodeBounds,
  flopsPerToken,
  longest,
  prefillBounds,
} from "./roofline.ts";
import { batchFits, largestBatch, sessions } from "./sessions.ts";
import { decodeThroughput, prefillThroughput } from "./throughput.ts";
import { nvlinkOneWay, transferSeconds } from "./transfer-time.ts";

const document = findProfile("document");
const datasheet = findProfile("datasheet");
const [small, large] = [findModel("llama-70b"), findModel("llama-405b")];

const deployed = (profile: Profile, gpu: string, weights: string, tp: number): Deployment => ({
  profile,
  gpu: findGpu(profile, gpu),
  model: small,
  weightFormat: findFormat(weights),
  kvFormat: findFormat("fp8"),
  tp,
});

const fp4 = deployed(document, "b200", "fp4", 1);

const complaint = (act: () => unknown): string => {
  try {
    act();
  } catch (thrown) {
    if (thrown instanceof InputError) return thrown.message;
  }
  return "no issue";
};

describe("the bounds of a step", () => {
  it("are 140e9 operations at 18 PFLOPS and 35 GB at 8 TB/s for one token of Llama 70B in FP4, not rounded", () => {
    expect(flopsPerToken(small)).toBe(140e9);
    const bounds = decodeBounds(fp4, 1, 0);
    expect(bounds).toEqual({ compute: 140e9 / 18e15, memory: 35e9 / 8e12 });
    expect(boundBy(bounds)).toBe("memory");
    expect(longest(bounds)).toBe(0.004375);
  });

  it("are throughputs turned over: 228.57 tokens/s at batch 1, and 128,571 tokens/s if memory were free", () => {
    expect(decodeThroughput(fp4, 1, 0)).toBeCloseTo(8e12 / 35e9, 9);
    expect(1 / decodeBounds(fp4, 1, 0).compute).toBeCloseTo(18e15 / 140e9, 6);
    expect(prefillThroughput(fp4, 4000)).toBeCloseTo(18e15 / 140e9, 6);
  });

  it("take twice as long at half the roofline", () => {
    expect(longest(prefillBounds(fp4, 4000, 0.5)) / longest(prefillBounds(fp4, 4000))).toBe(2);
  });

  it("name memory when both are as long", () => {
    expect(boundBy({ compute: 1, memory: 1 })).toBe("memory");
  });

  it("cannot be had of a format that the GPU lacks", () => {
    expect(complaint(() => decodeBounds(deployed(document, "h100", "fp4", 1), 1, 0))).toContain(
      "[SPEC-4]",
    );
  });
});

describe("the crossover batch", () => {
  it("is 18e15 · 0.5 ÷ (2 · 8e12) = 562.5 for FP4 on the document's B200", () => {
    expect(crossoverBatch(fp4)).toBe(562.5);
    expect(boundBy(decodeBounds(fp4, 562, 0))).toBe("memory");
    expect(boundBy(decodeBounds(fp4, 563, 0))).toBe("compute");
  });

  it("is the same for FP8, half the peak and twice the bytes, and for eight GPUs", () => {
    expect(crossoverBatch(deployed(document, "b200", "fp8", 8))).toBe(562.5);
  });

  it("comes earlier on dense peaks", () => {
    expect(crossoverBatch(deployed(datasheet, "b200", "fp4", 1))).toBe(312.5);
  });
});

describe("KV on more GPUs than heads", () => {
  it("is stored once while the degree divides the 8 heads, and twice on 16 GPUs", () => {
    const kv = (tp: number) => kvBytesPerToken(small, findFormat("fp8"), tp);
    expect([1, 2, 4, 8].map(kv)).toEqual([163_840, 163_840, 163_840, 163_840]);
    expect([16, 32].map(kv)).toEqual([327_680, 655_360]);
  });

  it("takes room for 3 heads on each of 3 GPUs", () => {
    expect(kvBytesPerToken(small, findFormat("fp8"), 3)).toBe((163_840 / 8) * 9);
  });

  it("is why 16 GPUs hold hardly more sessions than 8: each only has fewer weights", () => {
    const on = (tp: number) => ({ ...fp4, tp });
    expect([8, 16].map((tp) => kvBudget(on(tp)))).toEqual([1477e9, 2989e9]);
    expect(sessions(on(16), 1000) / sessions(on(8), 1000)).toBeCloseTo(2989 / 2 / 1477, 12);
  });
});

describe("sessions", () => {
  it("are the budget over tokens and bytes a token: 154 GB over 128,000 · 163,840 bytes", () => {
    expect(sessions(fp4, 128_000)).toBeCloseTo(154e9 / (128_000 * 163_840), 12);
    expect(largestBatch(fp4, 128_000)).toBe(7);
    expect([7, 8].map((batch) => batchFits(fp4, batch, 128_000))).toEqual([true, false]);
  });

  it("fit when they fill the budget to the byte", () => {
    const gpu = { ...fp4.gpu, hbm: supposed(bytes(38e9 + 2 * 163_840)) };
    expect([2, 3].map((batch) => batchFits({ ...fp4, gpu }, batch, 1))).toEqual([true, false]);
  });

  it("may be fewer than one", () => {
    expect(largestBatch(fp4, 1_000_000)).toBe(0);
    expect(sessions(fp4, 1_000_000)).toBeCloseTo(0.94, 3);
  });
});

describe("savings", () => {
  it("are 35 GB from FP8 to FP4 for 70e9 parameters, and a loss the other way", () => {
    expect(memorySavings(small, findFormat("fp8"), findFormat("fp4"))).toBe(35e9);
    expect(memorySavings(small, findFormat("fp4"), findFormat("fp16"))).toBe(-105e9);
  });
});

describe("an all-reduce", () => {
  it("sends 1, 1.5 and 1.75 messages on 2, 4 and 8 GPUs, and none on one", () => {
    expect([1, 2, 4, 8].map(ringFactor)).toEqual([0, 1, 1.5, 1.75]);
  });

  it("takes 1.75 · 32 MB ÷ 1.8 TB/s = 31.1 µs in a domain, twice that across, and once that on public figures", () => {
    expect(allReduceTime(document, "domain", 8, 32e6) * 1e6).toBeCloseTo(31.11, 2);
    expect(allReduceTime(document, "rack", 8, 32e6) * 1e6).toBeCloseTo(62.22, 2);
    expect(allReduceTime(datasheet, "domain", 8, 32e6) * 1e6).toBeCloseTo(62.22, 2);
  });

  it("moves 32,768 bytes for one token of Llama 405B in FP16, 252 times a step", () => {
    expect(hiddenStateBytes(large, 1, findFormat("fp16"))).toBe(32_768);
    const step = { profile: document, model: large, tp: 8 };
    expect(stepAllReduceTime(step, "domain", 1, findFormat("fp16"))).toBeCloseTo(
      252 * allReduceTime(document, "domain", 8, 32_768),
      15,
    );
  });
});

describe("a transfer, not rounded", () => {
  it("takes 19.4 ms for 35 GB at 1.8 TB/s, and half a microsecond", () => {
    expect(transferSeconds(document, 1, 35e9, 1)).toEqual({
      moving: 35e9 / 1.8e12,
      latency: 5e-7,
      total: 35e9 / 1.8e12 + 5e-7,
    });
  });

  it("takes no time within a GPU", () => {
    expect(transferSeconds(document, 0, 35e9, 1)).toEqual({ moving: 0, latency: 0, total: 0 });
  });

  it("goes one way: at the whole figure in the document, at half of it on public figures", () => {
    const rates = [document, datasheet].flatMap((profile) =>
      ["b200", "h100"].map((gpu) => nvlinkOneWay(profile, findGpu(profile, gpu)) / 1e9),
    );
    expect(rates).toEqual([1800, 900, 900, 450]);
  });
});

describe("a rack", () => {
  it("is 72 GPUs, 36 superchips and 9 domains together", () => {
    expect(rackTotals(document)).toEqual({
      gpus: 72,
      superchips: 36,
      domains: 9,
      hbm: 13_824e9,
      hbmBandwidth: 576e12,
      nvlink: 129.6e12,
      bisection: 64.8e12,
      switchMemory: 1152e9,
      cpuMemory: 17_280e9,
    });
    expect(rackTotals(datasheet)).toMatchObject({ domains: 1, hbm: 13_392e9, switchMemory: 0 });
  });

  it("multiplies 1,296 PFLOPS in FP4, and not at all in what its GPUs lack", () => {
    expect(rackPeak(document, findFormat("fp4"))).toBe(1296e15);
    const { b200, h100 } = document.gpus;
    const old = { ...document, gpus: { b200: { ...b200, peaks: h100.peaks }, h100 } };
    expect(complaint(() => rackPeak(old, findFormat("fp4")))).toContain("[SPEC-4]");
  });
});

describe("a what-if that cannot be", () => {
  it("is refused where it would be divided by", () => {
    const none = supposed(0);
    const nowhere = { ...document, nvlinkDirections: none };
    expect(complaint(() => nvlinkOneWay(nowhere, document.gpus.b200))).toContain("[SPEC-6]");
    expect(complaint(() => rackTotals({ ...document, gpusPerDomain: none }))).toBe(
      "the GPUs of a domain must be above 0 and below 2^53, found 0 [SPEC-6]",
    );
  });

  it("takes for ever where nothing moves, and reaches nothing", () => {
    const still = { ...fp4.gpu, hbmBandwidth: supposed(bytesPerSecond(0)) };
    expect(decodeBounds({ ...fp4, gpu: still }, 1, 0).memory).toBe(Number.POSITIVE_INFINITY);
    expect(decodeThroughput({ ...fp4, gpu: still }, 1, 0)).toBe(0);
  });
});

describe("the end-to-end table", () => {
  const row = endToEndRow(document, "b200");

  it("follows from its throughputs: 4,000 tokens at 82,000 tokens/s, a batch of 256 at 14,800", () => {
    expect(row.ttft * 1e3).toBeCloseTo(48.78, 2);
    expect(row.tpot * 1e3).toBeCloseTo(17.3, 2);
    expect(row.prefill).toMatchObject({ stated: 82_000, efficiency: 0.46125 });
    expect(row.decode.roofline).toBeCloseTo(35_103, 0);
  });

  it("has 39.6 sessions of 128,000 tokens on one replica", () => {
    expect(row.sessions).toBeCloseTo(1309.5e9 / (128_000 * 258_048), 9);
  });

  it("moves 202.5 GB and 4.1 MB over 1.8 TB/s, one GPU alone or all eight together", () => {
    expect(row.swap).toEqual({ bytes: 202.5e9, alone: 0.1125, together: 0.0140625 });
    expect(row.blockTransfer.alone * 1e6).toBeCloseTo(2.29, 2);
    expect(row.blockTransfer.bytes).toBe(4_128_768);
  });

  it("has a batch of 256 that fits on eight B200, and does not fit on eight H100", () => {
    expect([row.decodeFits, row.decodeBatchMax]).toEqual([true, 1268]);
    const { decodeFits, decodeBatchMax } = endToEndRow(document, "h100");
    expect([decodeFits, decodeBatchMax]).toEqual([false, 102]);
  });

  it("is worked out with other models where they are given", () => {
    const half = MODELS.map((model) => ({ ...model, layers: supposed(model.layers.value / 2) }));
    const known = { models: half, formats: ["fp4", "fp8"].map((name) => findFormat(name)) };
    expect(endToEndRow(document, "b200", known).sessions).toBeCloseTo(2 * row.sessions, 9);
    expect(complaint(() => endToEndRow(document, "b200", { ...known, models: [] }))).toContain(
      "[SPEC-1]",
    );
  });

  it("says nothing of a GPU that it does not state", () => {
    const foreign = {
      ...document,
      gpus: { ...document.gpus, mi300x: { ...document.gpus.h100, name: "mi300x" } },
    };
    expect(complaint(() => endToEndRow(foreign, "mi300x"))).toContain("[SPEC-5]");
  });
});
