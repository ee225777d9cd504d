// Past 250 lines: every rule that options are held to on a rack, beside what it says when it is broken, on the same few deployments.
import { describe, expect, it } from "vitest";
import { formatIssue, InputError } from "#base";
import { plan, type TraceFacts } from "./plan.ts";
import { readReplayOptions } from "./read.ts";

const UNNAMED: TraceFacts = { blockTokens: null, models: [] };
const TWO: TraceFacts = { blockTokens: 512, models: ["small", "large"] };

const planned = (json: unknown, facts = UNNAMED) => plan(readReplayOptions(json), facts);

const faultsOf = (json: unknown, facts = UNNAMED): readonly string[] => {
  try {
    planned(json, facts);
  } catch (thrown) {
    if (thrown instanceof InputError) return thrown.issues.map(formatIssue);
    throw thrown;
  }
  return [];
};

const SMALL = { model: "llama-70b", tp: 1 };
const LARGE = { model: "llama-405b", tp: 8 };

describe("the plan of a run", () => {
  it("of the defaults is nine workers of TP 8 with what weights and workspace leave", () => {
    const { deployments, blockTokens, seed, policy, reblock, deploymentOf } = planned({});
    expect({ blockTokens, seed, policy: policy.kind, reblock }).toEqual({
      blockTokens: 64,
      seed: 1,
      policy: "kv-aware",
      reblock: null,
    });
    expect(deployments).toHaveLength(1);
    // (192 − 3) GB × 8 − 202.5 GB = 1309.5 GB, in blocks of 64 · 258,048 B.
    expect(deployments[0]).toMatchObject({
      kind: "llama-405b/fp4/fp8/tp8",
      replicas: 9,
      partner: -1,
      capacityBlocks: 79_291,
    });
    expect(deploymentOf(-1)).toBe(0);
  });

  it("charges the overhead of a step, but not to the roofline", () => {
    const options = { step_overhead_ns: 1000, calibration: "roofline" };
    const [deployment] = planned(options).deployments;
    const [bare] = planned({ calibration: "roofline" }).deployments;
    expect(deployment?.costs.stepNs(0, 1, 10)).toBe((bare?.costs.stepNs(0, 1, 10) ?? 0) + 1000);
    expect(deployment?.roofline.stepNs(0, 1, 10)).toBe(bare?.costs.stepNs(0, 1, 10));
  });

  it("takes a profile's contents as well as its name", () => {
    const profile = {
      extends: "document",
      models: { mine: "llama-70b" },
      figures: { gpu_count: 16, "mine.parameters": 7e9 },
    };
    const { deployments } = planned({ profile, deploy: [{ model: "mine", tp: 2 }] });
    expect(deployments[0]).toMatchObject({ replicas: 8, model: { name: "mine" } });
  });

  it("names everything that is wrong at once", () => {
    const wrong = {
      profile: "documents",
      policy: "kv-aware:bound=0.5",
      block_tokens: 100,
      load: { rate_per_s: 3 },
      seed: 4,
      on_violation: "stop",
      checks: "none",
    };
    expect(faultsOf(wrong, TWO).map((fault) => /\[(.*)\]/.exec(fault)?.[1])).toEqual([
      "SPEC-1",
      "REPLAY-1",
      "REPLAY-4",
      "REPLAY-1",
      "TRACE-22",
    ]);
  });
});

describe("GPUs", () => {
  it("go to the deployment that does not say how many, once the others have theirs", () => {
    const deploy = [SMALL, { ...LARGE, replicas: 3, serves: ["large"] }];
    expect(planned({ deploy }, TWO).deployments.map(({ replicas }) => replicas)).toEqual([48, 3]);
  });

  it.each([
    [
      [{ ...LARGE, replicas: 10 }],
      "deploy[0].replicas must be at most 9, on the 72 of 72 GPUs that are left for it, found 10 of TP 8 [REPLAY-2]",
    ],
    [
      [
        { ...LARGE, replicas: 8 },
        { ...SMALL, replicas: 9, serves: ["small"] },
      ],
      "deploy[1].replicas must be at most 8, on the 8 of 72 GPUs that are left for it, found 9 of TP 1 [REPLAY-2]",
    ],
    [
      [
        { ...SMALL, replicas: 65, serves: ["small"] },
        { ...LARGE, replicas: null },
      ],
      "deploy[1] must have 8 GPUs for a worker, found 7 of 72 left [REPLAY-2]",
    ],
    [
      [SMALL, { ...LARGE, serves: ["large"] }],
      "replicas must be given for all deployments but one, which then has the GPUs that are left, found none for deploy[0], deploy[1] [REPLAY-2]",
    ],
  ])("cannot be more than there are: case %#", (deploy, because) => {
    expect(faultsOf({ deploy }, TWO)).toEqual([because]);
  });

  it.each([
    [{ gpu_count: 71 }, "found 71 GPUs, 8 a domain"],
    [{ gpu_count: 1e20 }, "found 100000000000000000000 GPUs"],
    [{ gpu_count: 0 }, "found 0 GPUs"],
    [{ gpus_per_domain: 0 }, "0 a domain"],
    [{ gpus_per_superchip: 3 }, "3 a superchip"],
    [{ gpu_count: 4.5 }, "found 4.5 GPUs"],
  ])("come in whole domains of whole superchips: %j is refused", (figures, because) => {
    const faults = faultsOf({ profile: { figures } });
    expect(faults).toHaveLength(1);
    expect(faults[0]).toContain(because);
  });

  it("of a domain are a whole number of workers", () => {
    const profile = { figures: { gpu_count: 12, gpus_per_domain: 4 } };
    expect(faultsOf({ profile })).toEqual([
      "deploy[0]: a degree of tensor parallelism must be 1, 2, 4 in a domain of 4 GPUs, found 8 [SPEC-3]",
    ]);
  });
});

describe("a deployment", () => {
  it.each([
    [{ model: "lama-70b" }, 'a model must be one of llama-70b, llama-405b, found "lama-70b"'],
    [{ model: "llama-70b", kv_format: "fp9" }, "a number format must be one of"],
    [{ model: "llama-405b", tp: 1 }, "must leave room for KV, found 202.5 GB of llama-405b"],
    [{ model: "llama-70b", capacity_blocks: 9_999_999 }, "capacity_blocks must be at most"],
  ])("that cannot be is named by its place: %j", (given, because) => {
    const faults = faultsOf({ deploy: [{ ...given, replicas: 1 }] });
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatch(/^deploy\[0\]: /);
    expect(faults[0]).toContain(because);
  });

  it("may be capped, and a rack has only so many blocks", () => {
    const capped = planned({ deploy: [{ ...LARGE, capacity_blocks: 100 }] });
    expect(capped.deployments[0]?.capacityBlocks).toBe(100);
    const hoard = {
      profile: { figures: { "b200.hbm_bytes": 1e13 } },
      deploy: [{ model: "llama-70b", tp: 1 }],
      block_tokens: 1,
      calibration: "roofline",
    };
    expect(faultsOf(hoard)).toHaveLength(1);
    expect(faultsOf(hoard)[0]).toContain("the 72 workers of a rack must have at most 134217728");
  });

  it("without workers is served on those of another with as many GPUs a worker", () => {
    const guest = { model: "llama-70b", tp: 8, replicas: 0, serves: ["small"] };
    const { deployments } = planned({ deploy: [LARGE, guest] }, TWO);
    expect(deployments.map(({ replicas }) => replicas)).toEqual([9, 0]);
    expect(faultsOf({ deploy: [{ ...SMALL, replicas: 4 }, guest] }, TWO)).toEqual([
      "deploy[1].replicas must be 1 or more where no other deployment has workers of TP 8 to swap, found 0 [REPLAY-2]",
    ]);
  });

  it("without workers needs room beside the weights of the other", () => {
    const deploy = [
      { model: "llama-70b", tp: 1, weight_format: "fp8" },
      { model: "llama-70b", tp: 1, weight_format: "fp16", replicas: 0, serves: ["small"] },
    ];
    // 70 GB and 140 GB, where 189 are.
    expect(faultsOf({ deploy }, TWO)).toEqual([
      "deploy[1] must fit beside the weights of one that it is swapped for (deploy[0]), found no room for both [REPLAY-2]",
    ]);
  });
});

describe("prefill and decode apart", () => {
  const half = (role: string, more = {}) => ({ ...LARGE, role, replicas: 4, ...more });

  it("are partners by their kind of KV", () => {
    const { deployments, deploymentOf } = planned({ deploy: [half("decode"), half("prefill")] });
    expect(deployments.map(({ partner }) => partner)).toEqual([1, 0]);
    expect(deploymentOf(-1)).toBe(1);
  });

  it.each([
    [
      [half("prefill")],
      "deploy[0] of role prefill must have one of role decode with the same model, formats and TP (llama-405b/fp4/fp8/tp8), found none",
    ],
    [[half("prefill"), half("decode", { kv_format: "fp16" })], "found llama-405b/fp4/fp16/tp8"],
    [
      [half("both"), half("prefill", { serves: ["small"] }), half("decode", { replicas: 1 })],
      "found deploy[0] of role both and deploy[1] of role prefill",
    ],
    [
      [
        half("prefill", { replicas: 1 }),
        half("prefill", { replicas: 1, serves: ["small"] }),
        half("decode"),
      ],
      "there must be one deployment for prefill of llama-405b/fp4/fp8/tp8, found deploy[0] and deploy[1]",
    ],
    [
      [half("prefill"), half("decode", { serves: ["small"] })],
      'deploy[1].serves must be left to the deployment that prefills for it, found ["small"]',
    ],
  ])("that do not go together are refused: case %#", (deploy, because) => {
    expect(faultsOf({ deploy }, TWO).join("\n")).toContain(because);
  });
});

describe("a trace's models", () => {
  it("go to the deployment that names them, the rest to the one that names none", () => {
    const deploy = [SMALL, { ...LARGE, replicas: 1, serves: ["large"] }];
    const { deploymentOf } = planned({ deploy }, TWO);
    expect([-1, 0, 1].map(deploymentOf)).toEqual([0, 0, 1]);
  });

  it("are compared exactly, and all of them are served", () => {
    expect(faultsOf({ deploy: [{ ...SMALL, serves: ["Small"] }] }, TWO)).toEqual([
      'deploy[0].serves[0] must be a model that the trace names ("small", "large"), found "Small" [REPLAY-2]',
      'every model of the trace must be served, found nobody for "small", "large"; served are none [REPLAY-2]',
    ]);
    expect(faultsOf({ deploy: [{ ...SMALL, serves: ["small"] }] }, TWO)).toEqual([
      'every model of the trace must be served, found nobody for "large"; served are "small" [REPLAY-2]',
    ]);
  });

  it("are served by one deployment each", () => {
    const both = ["small", "large"].map((name) => ({ ...SMALL, replicas: 1, serves: [name] }));
    const twice = [
      { ...SMALL, replicas: 1, serves: ["small", "small"] },
      { ...LARGE, replicas: 1 },
    ];
    expect(faultsOf({ deploy: both }, TWO)).toEqual([]);
    expect(faultsOf({ deploy: twice }, TWO)).toEqual([
      'deploy[0].serves[1] must be served by one deployment only, found "small" in deploy[0] too [REPLAY-2]',
    ]);
    expect(
      faultsOf(
        {
          deploy: [
            { ...SMALL, replicas: 1 },
            { ...LARGE, replicas: 1 },
          ],
        },
        TWO,
      ),
    ).toEqual([
      "serves must be given for all deployments but one, which then serves what no other names, found none for deploy[0], deploy[1] [REPLAY-2]",
    ]);
  });

  it("cannot be named where the trace names none", () => {
    expect(faultsOf({ deploy: [{ ...SMALL, serves: ["small"] }] })).toEqual([
      'deploy[0].serves[0] must be left out for a trace that names no models, found "small" [REPLAY-2]',
      "a deployment must serve the trace, which names no models, found none that leaves serves out [REPLAY-2]",
    ]);
  });

  it("may be very many", () => {
    const models = Array.from({ length: 1000 }, (_, model) => `m${model}`);
    const [fault] = faultsOf({ deploy: [{ ...SMALL, serves: ["m0"] }] }, { ...TWO, models });
    expect(fault).toContain('"m8" and 991 more; served are "m0"');
  });
});

describe("blocks", () => {
  it.each([
    [null, null, 64, null],
    [null, 16, 16, null],
    [512, null, 512, null],
    [512, 512, 512, null],
    [512, 16, 16, { from: 512, to: 16 }],
    [16, 512, 512, { from: 16, to: 512 }],
  ])("of %s tokens in the trace and %s asked for are %d", (trace, asked, tokens, reblock) => {
    const found = planned({ block_tokens: asked }, { ...UNNAMED, blockTokens: trace });
    expect(found).toMatchObject({ blockTokens: tokens, reblock });
  });

  it("of another size are a multiple or a divisor of the trace's, and not too many", () => {
    expect(faultsOf({ block_tokens: 100 }, { ...UNNAMED, blockTokens: 512 })).toEqual([
      "block tokens must divide the trace's 512 or be a multiple of it, such as 64 or 128, found 100 [TRACE-22]",
    ]);
    const many = { blockTokens: 512, models: [], distinctBlocks: 2 ** 24 };
    expect(faultsOf({ block_tokens: 1 }, many)).toHaveLength(1);
    expect(faultsOf({ block_tokens: 16 }, many)).toEqual([]);
  });
});

describe("a request that is too large for a worker", () => {
  const facts: TraceFacts = {
    ...UNNAMED,
    largest: (blockTokens) => [
      // Two blocks of prompt, and two for 129 tokens of output, of which the last needs no room.
      { request: 7, model: -1, inputTokens: 2 * blockTokens, outputTokens: 2 * blockTokens + 1 },
    ],
  };
  const capped = (capacity_blocks: number, more = {}) => ({
    deploy: [{ ...LARGE, capacity_blocks }],
    ...more,
  });

  it("is refused before the run, with the numbers", () => {
    expect(faultsOf(capped(4), facts)).toEqual([]);
    expect(faultsOf(capped(3), facts)).toEqual([
      'a worker of deploy[0] must hold request 7 (128 tokens in, 129 out), which is 4 blocks of 64 tokens, found 3: with oversized "fail" it fails by itself [REPLAY-2]',
    ]);
  });

  it("fails by itself when that is what is wanted", () => {
    expect(faultsOf(capped(3, { oversized: "fail" }), facts)).toEqual([]);
  });

  it("needs room for its prompt where it is prefilled, and for all of it where it is decoded", () => {
    const apart = (prefill: number, decode: number) => ({
      deploy: [
        { ...LARGE, role: "prefill", replicas: 1, capacity_blocks: prefill },
        { ...LARGE, role: "decode", replicas: 1, capacity_blocks: decode },
      ],
    });
    expect(faultsOf(apart(2, 4), facts)).toEqual([]);
    expect(faultsOf(apart(1, 4), facts).join()).toContain("deploy[0] must hold request 7");
    expect(faultsOf(apart(2, 3), facts).join()).toContain("deploy[1] must hold request 7");
  });
});

describe("options without an effect", () => {
  it.each([
    [{ seed: 5 }, "a seed must be left out for kv-aware"],
    [{ load: { rate_per_s: 1 } }, "load.rate_per_s must be left out for mode trace"],
    [{ load: { mode: "poisson" } }, "load.rate_per_s must be given for mode poisson"],
    [{ load: { mode: "concurrency" } }, "load.concurrency must be given for mode concurrency"],
    [
      { load: { mode: "poisson", rate_per_s: 1, speedup: 2 } },
      "load.speedup must be left out for mode poisson",
    ],
    [
      { load: { mode: "concurrency", concurrency: 1, jitter_ns: 2 } },
      "load.jitter_ns must be left out for mode concurrency",
    ],
    [{ load: { from_ns: 5, to_ns: 5 } }, "load.to_ns must be after load.from_ns, 5, found 5"],
    [{ checks: "none", on_violation: "stop" }, "on_violation must be record"],
    [{ deadline_ns: 5, ttft_deadline_ns: 5 }, "ttft_deadline_ns must be before deadline_ns, 5"],
  ])("are refused: %j", (options, because) => {
    const faults = faultsOf(options);
    expect(faults).toHaveLength(1);
    expect(faults[0]).toContain(because);
  });

  it.each([
    { policy: "random" },
    { policy: "dynamo-cost:temperature=1" },
    { load: { jitter_ns: 1 } },
    { load: { mode: "poisson", rate_per_s: 1 } },
    { abandon: { share: 1, after_ns: 1 } },
  ])("do not include a seed where something is drawn: %j", (options) => {
    expect(planned({ ...options, seed: 9 }).seed).toBe(9);
  });
});
