import { describe, expect, it } from "vitest";
import { formatIssue, InputError } from "#base";
import { REPLAY_DEFAULTS, readDeployments, readFaults, readReplayOptions } from "./read.ts";

const faultsOf = (read: () => unknown): readonly string[] => {
  try {
    read();
  } catch (thrown) {
    if (thrown instanceof InputError) return thrown.issues.map(formatIssue);
    throw thrown;
  }
  return [];
};

describe("options as JSON", () => {
  it("are as usual where nothing is said", () => {
    expect(readReplayOptions({})).toEqual(REPLAY_DEFAULTS);
    expect(REPLAY_DEFAULTS).toMatchObject({
      profile: "document",
      deploy: [{ model: "llama-405b", weight_format: "fp4", kv_format: "fp8", tp: 8 }],
      policy: "kv-aware:bound=2",
      load: { mode: "trace", speedup: 1 },
      faults: [],
      seed: null,
    });
  });

  it("come back as they were when they are written and read", () => {
    const read = readReplayOptions({
      deploy: [{ model: "llama-70b", tp: 1, serves: ["a"] }],
      abandon: { share: 0.5, after_ns: 1 },
      faults: [{ kind: "events", how: "delay", at_ns: 0, until_ns: 9, delay_ns: 3 }],
    });
    expect(readReplayOptions(JSON.parse(JSON.stringify(read)))).toEqual(read);
    expect(read.faults[0]).toMatchObject({ worker: null });
  });

  it("are frozen all the way down", () => {
    const load = readReplayOptions({ load: { mode: "trace" } }).load as { speedup: number };
    expect(() => {
      load.speedup = 2;
    }).toThrow(TypeError);
  });

  it("are refused with every fault in them, each with its path and what would be valid", () => {
    const wrong = {
      deploy: [{ model: "x", tp: 3 }, { tpp: 2 }],
      load: { speedup: 0, jitter_ns: 1.5 },
      slo: { ttft_ns: "fast" },
      polcy: "random",
      max_num_seqs: Number.NaN,
    };
    expect(faultsOf(() => readReplayOptions(wrong)).join("\n")).toMatchInlineSnapshot(`
      "deploy[0].tp must be 1, 2, 4 or 8, found 3 [REPLAY-2]
      deploy[1].model must be given, found nothing [REPLAY-2]
      max_num_seqs must be a whole number of 1 … 65536, found NaN [REPLAY-1]
      load.speedup must be a number above 0 and at most 1000000, found 0 [REPLAY-4]
      load.jitter_ns must be a whole number of 0 … 2^53 − 1, found 1.5 [REPLAY-4]
      slo.ttft_ns must be a whole number of 1 … 2^53 − 1, or null, found "fast" [REPLAY-1]
      a field of deploy[1] must be one that is known (tp?), found "tpp" [REPLAY-2]
      a field of options must be one that is known (policy?), found "polcy" [REPLAY-1]"
    `);
  });

  it.each([
    null,
    undefined,
    7,
    "document",
    [],
    [{}],
    Symbol("options"),
    10n,
    () => ({}),
    { deploy: {} },
    { deploy: [] },
    { deploy: [[]] },
    { deploy: [null] },
    { load: [] },
    { profile: [] },
    { profile: 7 },
    { profile: "" },
    { abandon: { share: 2, after_ns: 1 } },
    { seed: -1 },
    { seed: 2 ** 53 },
    { step_overhead_ns: Number.POSITIVE_INFINITY },
    JSON.parse('{ "__proto__": { "seed": 1 } }'),
    { constructor: 1 },
    { load: { toString: 1 } },
  ])("are refused when they are garbage: case %#", (garbage) => {
    expect(faultsOf(() => readReplayOptions(garbage))).toHaveLength(1);
  });

  it("may hold what JSON cannot: it is refused, not run into", () => {
    const circle: Record<string, unknown> = {};
    circle["deploy"] = circle;
    expect(faultsOf(() => readReplayOptions(circle))).toEqual([
      "deploy must be a list, found what JSON cannot hold [REPLAY-2]",
    ]);
  });

  it("name every unknown field, also several of one object", () => {
    expect(faultsOf(() => readReplayOptions({ a: 1, b: 2, c: { d: 3 } }))).toHaveLength(3);
  });
});

describe("a file of deployments", () => {
  it("is read as the list in options, and its faults name the file", () => {
    expect(readDeployments([{ model: "llama-405b" }], "d.json")).toEqual(REPLAY_DEFAULTS.deploy);
    expect(faultsOf(() => readDeployments([{ model: "a", tp: 16 }], "d.json"))).toEqual([
      "deploy[0].tp must be 1, 2, 4 or 8, found 16 [REPLAY-2] at d.json",
    ]);
    expect(faultsOf(() => readDeployments({ model: "a" }, "d.json"))).toEqual([
      'deploy must be a list, found {"model":"a"} [REPLAY-2] at d.json',
    ]);
  });
});

describe("a fault schedule", () => {
  it("may be empty", () => {
    expect(readFaults([])).toEqual([]);
  });

  it("is refused with what would be valid", () => {
    const wrong = [
      { kind: "loose" },
      { kind: "events", how: "drops" },
      { kind: "lose", at_ns: 0, what: { gpu: 1, domain: 2 } },
      { kind: "lose", at_ns: 0, what: { rack: 0 } },
      { kind: "slow", at_ns: 0, until_ns: 1, link: "domain", factor: 1 },
      { kind: "events", how: "drop", at_ns: 0, until_ns: 1, delay_ns: 4 },
      { kind: "events", how: "delay", at_ns: 0, until_ns: 1 },
      4,
    ];
    expect(faultsOf(() => readFaults(wrong)).join("\n")).toMatchInlineSnapshot(`
      "faults[0].kind must be lose, slow or events, found "loose" [REPLAY-3]
      faults[1].how must be drop, duplicate or delay, found "drops" [REPLAY-3]
      faults[2].what must be one of {"gpu": N}, {"superchip": N}, {"domain": N} and {"worker": N}, found {"gpu":1,"domain":2} [REPLAY-3]
      faults[3].what must be one of {"gpu": N}, {"superchip": N}, {"domain": N} and {"worker": N}, found {"rack":0} [REPLAY-3]
      faults[4].factor must be a number above 0 and below 1, found 1 [REPLAY-3]
      faults[6].delay_ns must be given, found nothing [REPLAY-3]
      faults[7] must be an object, found 4 [REPLAY-3]
      a field of faults[5] must be one of at_ns, until_ns, kind, how, worker, found "delay_ns" [REPLAY-3]"
    `);
  });
});
