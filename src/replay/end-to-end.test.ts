import { describe, expect, it } from "vitest";
import { createCosts, endToEndDeployment } from "#cost";
import { findProfile } from "#spec";
import { about, requestOf, tell } from "./engine/testing/small-run.ts";
import { readReplayOptions } from "./options/index.ts";
import { replay } from "./replay.ts";

const S = 1e9;

/** A worker of TP 8 that prefills everything at once, as calibrated. */
const GIVEN = {
  deploy: [{ model: "llama-405b", replicas: 1 }],
  max_num_batched_tokens: 256 * 4000,
};

/** 256 prompts, each of 4,000 tokens together with its first token of output, and one token more. */
const BATCH = Array.from({ length: 256 }, () => ({ inputTokens: 3999, outputTokens: 2 }));

/** When each event of request 0 happened, in seconds. */
const instants = (run: ReturnType<typeof tell>): readonly number[] =>
  about(0, run).map((line) => Number.parseFloat(line) / 1000);

describe("the document's end-to-end table comes out of a run", () => {
  it.each([
    ["b200", 82_000, 14_800, 49],
    ["h100", 18_200, 4100, 220],
  ])(
    "of %s: prefill %i tokens/s, decode %i at batch 256, and %i ms to the first token of 4K",
    (gpu, prefill, decode, ttftMs) => {
      const deployment = endToEndDeployment(findProfile("document"), gpu);
      const costs = createCosts({ ...deployment, blockTokens: 512, calibration: "document" });
      const [, started = 0, prefilled = 0, completed = 0] = instants(tell(BATCH, GIVEN, { costs }));
      expect((256 * 3999) / (prefilled - started)).toBeCloseTo(prefill, 2);
      expect(256 / (completed - prefilled)).toBeCloseTo(decode, 2);
      const [, , alone = 0] = instants(tell([{ inputTokens: 4000 }], GIVEN, { costs }));
      expect(Math.round(alone * 1000)).toBe(ttftMs);
    },
  );

  it("of the rack that the document describes, as anybody would replay it", () => {
    const requests = BATCH.map(requestOf);
    const result = replay({ requests, blockTokens: null, models: [] }, readReplayOptions(GIVEN));
    expect((256 * 3999 * S) / (result.ttft_ns.max ?? 0)).toBeCloseTo(82_000, 2);
    expect((256 * S) / (result.itl_ns.max ?? 0)).toBeCloseTo(14_800, 2);
    expect(Math.round((result.itl_ns.max ?? 0) / 1e5) / 10).toBe(17.3);
    expect(result.violations).toBe(0);
  });
});
