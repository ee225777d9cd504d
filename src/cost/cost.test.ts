import { describe, expect, it } from "vitest";
import { bytes, gigabytes, InputError } from "#base";
import { findFormat, findGpu, findModel, findProfile, type Profile, supposed } from "#spec";
import { calibrate } from "./calibration.ts";
import { type CostSettings, createCosts } from "./costs.ts";
import type { Deployment } from "./deployment.ts";
import { blockBytes, blocksPerWorker, kvBudget, kvBytesPerToken, weightBytes } from "./memory.ts";
import { decodeStepTime, prefillTime } from "./step-time.ts";
import { transferTime } from "./transfer-time.ts";

const profile = findProfile("document");

const deployed = (
  gpu: "b200" | "h100",
  model: string,
  weights: string,
  tp: number,
): Deployment => ({
  profile,
  gpu: findGpu(profile, gpu),
  model: findModel(model),
  weightFormat: findFormat(weights),
  kvFormat: findFormat("fp8"),
  tp,
});

const big = deployed("b200", "llama-405b", "fp4", 8);
const small = deployed("b200", "llama-70b", "fp4", 1);

const complaint = (act: () => unknown): string => {
  try {
    act();
  } catch (thrown) {
    if (thrown instanceof InputError) return thrown.message;
  }
  return "no issue";
};

describe("memory", () => {
  it("keeps 2 · 126 · 8 · 128 bytes of KV a token of Llama 405B in FP8", () => {
    expect(kvBytesPerToken(big.model, big.kvFormat)).toBe(258_048);
    expect(kvBytesPerToken(big.model, findFormat("fp16"))).toBe(516_096);
    expect(blockBytes(big.model, big.kvFormat, 16)).toBe(4_128_768);
  });

  it("is shared by weights, workspace and KV: 8 · 192 GB − 202.5 GB − 8 · 3 GB", () => {
    expect(weightBytes(big.model, big.weightFormat)).toBe(202.5e9);
    expect(kvBudget(big)).toBe(1309.5e9);
    expect(blocksPerWorker(big, 16)).toBe(317_164);
  });

  it("has no room for a model that is larger than it", () => {
    expect(
      complaint(() => kvBudget(deployed("h100", "llama-405b", "fp16", 8))),
    ).toMatchInlineSnapshot(
      `"8 × h100 (640 GB) must leave room for KV, found 810 GB of llama-405b in fp16 and 24 GB of workspace [SPEC-2]"`,
    );
  });

  it("has no room for KV when weights and workspace fill it to the byte, and room for one byte more", () => {
    const of = (hbm: number) => ({
      ...small,
      gpu: { ...small.gpu, hbm: supposed(bytes(hbm)) },
    });
    expect(complaint(() => kvBudget(of(38e9)))).toContain("[SPEC-2]");
    expect(kvBudget(of(38e9 + 1))).toBe(1);
    expect(complaint(() => blocksPerWorker(of(38e9 + 1), 16))).toContain("room for one block");
  });

  it.each([0, -1, 1.5, Number.NaN])("has no block of %d tokens", (tokens) => {
    expect(complaint(() => blockBytes(big.model, big.kvFormat, tokens))).toBe(
      `the tokens of a block must be a whole number of 1 or more, found ${tokens} [SPEC-6]`,
    );
  });
});

describe("a step", () => {
  it("of one token is bound by reading 35 GB at 8 TB/s", () => {
    expect(decodeStepTime(small, 1, 0)).toEqual({
      total: 4_375_000,
      boundBy: "memory",
      compute: 7_778,
      memory: 4_375_000,
    });
  });

  it("of 4,000 prompt tokens is bound by 2 · 405e9 · 4,000 operations at 8 · 18 PFLOPS", () => {
    expect(prefillTime(big, 4000)).toMatchObject({ total: 22_500_000, boundBy: "compute" });
  });

  it("takes twice as long at half the efficiency", () => {
    expect(decodeStepTime(small, 1, 0, 0.5).total).toBe(8_750_000);
  });

  it("reads the KV of its batch, but prefill reads none", () => {
    const kvTokens = 1_000_000;
    const more = decodeStepTime(big, 1, kvTokens).memory - decodeStepTime(big, 1, 0).memory;
    expect(more).toBe(258_048e6 / 64e3);
  });

  it("of nothing is not a step", () => {
    for (const none of [0, -1, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53]) {
      expect(complaint(() => prefillTime(big, none))).toBe(
        `the tokens of a prefill must be above 0 and below 2^53, found ${none} [SPEC-6]`,
      );
      expect(complaint(() => decodeStepTime(big, none, 0))).toBe(
        `the batch of a decode step must be above 0 and below 2^53, found ${none} [SPEC-6]`,
      );
    }
    expect(complaint(() => decodeStepTime(big, 1, -1))).toContain("of KV of a batch must be 0 or");
  });

  it("cannot run in a format that the GPU lacks", () => {
    const h100 = deployed("h100", "llama-70b", "fp4", 1);
    expect(complaint(() => prefillTime(h100, 1))).toContain("[SPEC-4]");
  });
});

describe("a transfer", () => {
  it("takes 1.8 MB over 1.8 TB/s and one hop to the other GPU of a superchip", () => {
    expect(transferTime(profile, 1, bytes(1_800_000), 1)).toEqual({
      total: 1500,
      latency: 500,
      moving: 1000,
    });
  });

  it("takes a third longer hop and a narrower link to another domain", () => {
    expect(transferTime(profile, 3, bytes(1_200_000), 1).total).toBe(1500 + 1000);
  });

  it("is split among the shards, the last of which may be a byte larger", () => {
    expect(transferTime(profile, 1, gigabytes(1.8 * 8), 8).moving).toBe(1_000_000);
    expect(transferTime(profile, 1, bytes(8 * 1_800_000 + 1), 8).moving).toBe(1001);
  });

  it("is free within a GPU, and costs only latency when nothing moves", () => {
    expect(transferTime(profile, 0, gigabytes(1), 1).total).toBe(0);
    expect(transferTime(profile, 2, bytes(0), 1).total).toBe(1000);
  });

  it.each([0, -1, 0.5, Number.NaN])("has no %d shards", (shards) => {
    expect(complaint(() => transferTime(profile, 1, bytes(1), shards))).toBe(
      `the shards of a transfer must be a whole number of 1 or more, found ${shards} [SPEC-6]`,
    );
  });
});

describe("a calibration", () => {
  it("is 1 on the roofline", () => {
    expect(calibrate(profile, "b200", "roofline")).toEqual({ prefill: 1, decode: 1 });
  });

  it("is what the table states over what the roofline allows: 82,000 of 177,777 tokens/s in prefill", () => {
    expect(calibrate(profile, "b200", "document").prefill).toBeCloseTo(
      82_000 / (144e15 / 810e9),
      9,
    );
  });

  it("is closer to 1 on a lower roofline", () => {
    const dense = calibrate(findProfile("datasheet"), "b200", "document");
    expect(dense.prefill).toBeCloseTo(82_000 / (80e15 / 810e9), 9);
  });

  it("is refused for a GPU that the table says nothing about, and for one that is not there", () => {
    const foreign: Profile = {
      ...profile,
      gpus: { ...profile.gpus, mi300x: { ...profile.gpus.h100, name: "mi300x" } },
    };
    expect(calibrate(foreign, "mi300x", "roofline")).toEqual({ prefill: 1, decode: 1 });
    expect(complaint(() => calibrate(foreign, "mi300x", "document"))).toMatchInlineSnapshot(
      `"a GPU must be one that profile document states end-to-end figures for (b200, h100), found "mi300x" [SPEC-5]"`,
    );
    expect(complaint(() => calibrate(profile, "mi300x", "document"))).toMatchInlineSnapshot(
      `"a GPU must be one of b200, h100, found "mi300x" [SPEC-1]"`,
    );
    expect(complaint(() => calibrate(profile, "__proto__", "document"))).toContain("[SPEC-1]");
  });

  it("refuses a table that beats its roofline", () => {
    const table = { ...profile.endToEnd.b200, decodeTokensPerSecond: supposed(1e6) };
    const boasting: Profile = { ...profile, endToEnd: { ...profile.endToEnd, b200: table } };
    expect(complaint(() => calibrate(boasting, "b200", "document"))).toMatchInlineSnapshot(
      `"the stated decode must be positive and at most the roofline's 35102 tokens/s, found 1000000 [SPEC-5]"`,
    );
  });
});

describe("the costs of a run", () => {
  const settings: CostSettings = { ...big, blockTokens: 512, calibration: "document" };
  const costs = createCosts(settings);

  it("give the document's end-to-end table back: TTFT 49 ms, 17.3 ms a token at batch 256", () => {
    expect(costs.prefillNs(4000) / 1e6).toBeCloseTo(48.8, 1);
    expect(costs.decodeStepNs(256, 256 * 4000) / 1e6).toBeCloseTo(17.3, 1);
  });

  it("know the size and number of blocks", () => {
    expect(costs.blockBytes).toBe(512 * 258_048);
    expect(costs.blocksPerWorker).toBe(Math.floor(1309.5e9 / (512 * 258_048)));
  });

  it("fetch several blocks at once for one latency", () => {
    const [one, two] = [costs.fetchNs(1, 1), costs.fetchNs(1, 2)];
    expect(two - one).toBeLessThan(one);
    expect(costs.fetchNs(0, 2)).toBe(0);
  });

  it("are refused for a degree that does not divide a domain, before anything is worked out", () => {
    expect(complaint(() => createCosts({ ...settings, tp: 3 }))).toContain("[SPEC-3]");
    expect(complaint(() => createCosts({ ...settings, tp: Number.NaN }))).toContain("[SPEC-3]");
  });
});
