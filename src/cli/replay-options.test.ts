import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { formatIssue, InputError, type Json } from "#base";
import { REPLAY_DEFAULTS, type ReplayOptions } from "#replay";
import { command, nothing } from "./command.ts";
import { EXIT } from "./exit.ts";
import { argsOf, lineOf, programOf } from "./parse.ts";
import { type GivenFlags, REPLAY_FLAGS, replayOptionsOf } from "./replay-options.ts";
import { fakeWorld } from "./testing/fake-world.ts";

let folder = "";
const FILES: Readonly<Record<string, Json>> = {
  "options.json": {
    deploy: [{ model: "llama-70b", tp: 4, kv_format: "fp16" }],
    load: { speedup: 2, from_ns: 1000, to_ns: 2000 },
    slo: { ttft_ns: 5 },
    policy: "round-robin",
  },
  "deploy.json": [{ model: "llama-70b", replicas: 3 }],
  "two.json": { deploy: [{ model: "llama-405b" }, { model: "llama-70b", serves: ["small"] }] },
  "faults.json": [{ kind: "lose", at_ns: 5, what: { gpu: 3 } }],
  "rack.json": { extends: "document" },
  "bad.json": { polcy: "random" },
};

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "rackproof-options-"));
  for (const [file, json] of Object.entries(FILES)) {
    writeFileSync(join(folder, file), JSON.stringify(json));
  }
  writeFileSync(join(folder, "torn.json"), '{"policy":');
});
afterAll(() => rmSync(folder, { recursive: true }));

const told = command({
  description: "",
  operand: nothing,
  options: REPLAY_FLAGS,
  examples: [],
  run: async () => EXIT.ok,
});

/** The options that a line asks for. */
const optionsOf = (line: string): ReplayOptions => {
  const argv = ["it", ...line.split(" ").filter((word) => word !== "")];
  const program = programOf([{ name: "it", summary: "", load: async () => told }]);
  const args = argsOf(lineOf(program, argv), "it", told, fakeWorld(argv));
  return replayOptionsOf(args as unknown as GivenFlags, folder);
};

const faults = (line: string): readonly string[] => {
  try {
    optionsOf(line);
  } catch (thrown) {
    if (thrown instanceof InputError) return thrown.issues.map(formatIssue);
    throw thrown;
  }
  return [];
};

/** What differs from the defaults, by path. */
const changed = (line: string): Readonly<Record<string, unknown>> => {
  const leaves = (value: unknown, path = ""): readonly (readonly [string, unknown])[] =>
    typeof value !== "object" || value === null
      ? [[path, value]]
      : Object.entries(value).flatMap(([key, item]) => leaves(item, `${path}.${key}`));
  const usual = new Map(leaves(REPLAY_DEFAULTS));
  return Object.fromEntries(
    leaves(optionsOf(line)).filter(([path, value]) => usual.get(path) !== value),
  );
};

/** Each flag by itself, and what it changes. */
const EACH: Readonly<Record<keyof typeof REPLAY_FLAGS, readonly [string, object]>> = {
  options: ["bad", {}],
  profile: ["datasheet", { ".profile": "datasheet" }],
  deploy: ["deploy.json", { ".deploy.0.model": "llama-70b", ".deploy.0.replicas": 3 }],
  model: ["llama-70b", { ".deploy.0.model": "llama-70b" }],
  weightFormat: ["fp8", { ".deploy.0.weight_format": "fp8" }],
  kvFormat: ["fp16", { ".deploy.0.kv_format": "fp16" }],
  tp: ["4", { ".deploy.0.tp": 4 }],
  replicas: ["3", { ".deploy.0.replicas": 3 }],
  prefill: ["", {}],
  decode: ["", {}],
  capacityBlocks: ["1_000", { ".deploy.0.capacity_blocks": 1000 }],
  calibration: ["roofline", { ".calibration": "roofline" }],
  policy: ["random", { ".policy": "random" }],
  remoteHits: ["recompute", { ".remote_hits": "recompute" }],
  blockTokens: ["16", { ".block_tokens": 16 }],
  maxNumSeqs: ["8", { ".max_num_seqs": 8 }],
  maxNumBatchedTokens: ["2048", { ".max_num_batched_tokens": 2048 }],
  preemption: ["oldest", { ".preemption": "oldest" }],
  stepOverhead: ["20us", { ".step_overhead_ns": 20_000 }],
  eventDelay: ["5ms", { ".event_delay_ns": 5_000_000 }],
  oversized: ["fail", { ".oversized": "fail" }],
  window: ["1s:2s", { ".load.from_ns": 1e9, ".load.to_ns": 2e9 }],
  speedup: ["2.5", { ".load.speedup": 2.5 }],
  jitter: ["3s", { ".load.jitter_ns": 3e9 }],
  rate: ["1.5", { ".load.mode": "poisson", ".load.rate_per_s": 1.5 }],
  concurrency: ["64", { ".load.mode": "concurrency", ".load.concurrency": 64 }],
  deadline: ["10s", { ".deadline_ns": 1e10 }],
  ttftDeadline: ["1s", { ".ttft_deadline_ns": 1e9 }],
  sloTtft: ["500ms", { ".slo.ttft_ns": 5e8 }],
  sloTpot: ["15ms", { ".slo.tpot_ns": 15e6 }],
  sloE2e: ["30s", { ".slo.e2e_ns": 3e10 }],
  faults: [
    "faults.json",
    {
      ".faults.0.kind": "lose",
      ".faults.0.at_ns": 5,
      ".faults.0.what.gpu": 3,
      ".faults.0.back_ns": null,
    },
  ],
  checks: ["none", { ".checks": "none" }],
  onViolation: ["stop", { ".on_violation": "stop" }],
  seed: ["7", { ".seed": 7 }],
};

const flagNamed = (key: string): string =>
  `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

const ALONE = Object.entries(EACH).filter(
  ([key]) => !["options", "prefill", "decode"].includes(key),
);

describe("the flags of a replay", () => {
  it("are the defaults when none is given", () => {
    expect(optionsOf("")).toEqual(REPLAY_DEFAULTS);
  });

  it.each(ALONE)("change what they name, and nothing else: %s", (key, [value, change]) => {
    expect(changed(`${flagNamed(key)} ${value}`)).toEqual(change);
  });

  it("put prefill and decode on workers of their own", () => {
    const { deploy } = optionsOf("--prefill 4 --decode 5 --tp 4 --kv-format fp16");
    expect(
      deploy.map(({ role, replicas, tp, kv_format }) => [role, replicas, tp, kv_format]),
    ).toEqual([
      ["prefill", 4, 4, "fp16"],
      ["decode", 5, 4, "fp16"],
    ]);
  });

  it("take a profile from a file when the name is a path", () => {
    expect(optionsOf("--profile ./rack.json").profile).toEqual({ extends: "document" });
    expect(optionsOf("--profile nonsense").profile).toBe("nonsense");
  });
});

describe("a file of options", () => {
  it("is what flags start from", () => {
    const options = optionsOf("--options options.json --tp 8 --slo-tpot 7ns --seed 3");
    expect(options).toMatchObject({
      deploy: [{ model: "llama-70b", tp: 8, kv_format: "fp16" }],
      load: { speedup: 2, from_ns: 1000, to_ns: 2000 },
      slo: { ttft_ns: 5, tpot_ns: 7 },
      policy: "round-robin",
      seed: 3,
    });
  });

  it("has its window replaced, not mixed with that of a flag", () => {
    const { load } = optionsOf("--options options.json --window :5s");
    expect([load.from_ns, load.to_ns]).toEqual([null, 5e9]);
    expect(optionsOf("--options options.json --window 0:").load).toMatchObject({
      from_ns: null,
      to_ns: null,
    });
  });

  it("may split what it deploys by flags, or put it on fewer workers", () => {
    const halves = optionsOf("--options options.json --prefill 1 --decode 2").deploy;
    expect(halves.map(({ model, role }) => [model, role])).toEqual([
      ["llama-70b", "prefill"],
      ["llama-70b", "decode"],
    ]);
    expect(optionsOf("--options options.json --replicas 2").deploy[0]?.replicas).toBe(2);
  });
});

describe("what cannot be asked for", () => {
  it("is said in a sentence", () => {
    const lines = [
      "--prefill 4",
      "--prefill 4 --decode 5 --replicas 9",
      "--deploy deploy.json --tp 4",
      "--deploy deploy.json --prefill 1 --decode 1",
      "--rate 2 --concurrency 8",
      "--options two.json --replicas 3",
      "--options two.json --prefill 3 --decode 3",
      "--options none.json",
      "--options .",
      "--options bad.json",
      "--faults deploy.json",
      "--tp 3 --max-num-seqs 1_000_000",
    ];
    expect(lines.flatMap(faults)).toMatchInlineSnapshot(`
      [
        "--prefill and --decode must be given together, and without --replicas [CLI-5]",
        "--prefill and --decode must be given together, and without --replicas [CLI-5]",
        "--deploy must be all that says what is deployed, found other flags that do [CLI-5]",
        "--deploy must be all that says what is deployed, found other flags that do [CLI-5]",
        "--rate and --concurrency must not be given together [CLI-5]",
        "--replicas must be given where one model is deployed, found llama-405b, llama-70b [CLI-5]",
        "--prefill and --decode must be given where one model is deployed, found llama-405b, llama-70b [CLI-5]",
        "a file that is named must be there to be read, found none [CLI-6] at none.json",
        "a file that is named must be there to be read, found a folder [CLI-6] at .",
        "a field of options must be one that is known (policy?), found "polcy" [REPLAY-1] at bad.json",
        "faults[0].kind must be lose, slow or events, found nothing [REPLAY-3] at deploy.json",
        "deploy[0].tp must be 1, 2, 4 or 8, found 3 [REPLAY-2]",
        "max_num_seqs must be a whole number of 1 … 65536, found 1000000 [REPLAY-1]",
      ]
    `);
  });

  it("is a file that is no JSON", () => {
    // The rest is the runtime's own words.
    expect(faults("--options torn.json").join()).toMatch(
      /^a file of options must be JSON, found: .* \[REPLAY-1\] at torn\.json$/,
    );
  });
});
