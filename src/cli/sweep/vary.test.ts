import { describe, expect, it } from "vitest";
import { formatIssue, InputError } from "#base";
import { REPLAY_DEFAULTS, readReplayOptions } from "#replay";
import { REPLAY_FLAGS } from "../replay-options.ts";
import { AXES, AXIS_KEYS, type AxisKey, axisColumn, axisOf, type Place } from "./axes.ts";
import { pointsOf } from "./grid.ts";
import { readAxes } from "./vary.ts";

const read = (words: readonly string[], fixed: readonly string[] = []) =>
  readAxes(words, new Set(fixed), REPLAY_DEFAULTS);

const places = (word: string) =>
  read([word]).flatMap(({ settings }) => settings.map(({ place }) => place));

const faults = (work: () => unknown): readonly string[] => {
  try {
    work();
  } catch (thrown) {
    if (thrown instanceof InputError) return thrown.issues.map(formatIssue);
    throw thrown;
  }
  return [];
};

const labels = (...words: readonly string[]) => {
  return pointsOf(read(words), REPLAY_DEFAULTS).map(({ label }) => label);
};

/** One value of each axis that is not the default, as it is written and as it is for programs. */
const OTHER: Readonly<Record<AxisKey, readonly [string, Place]>> = {
  policy: ["round-robin", "round-robin"],
  split: ["4+5", "4+5"],
  tp: ["4", 4],
  replicas: ["3", 3],
  capacityBlocks: ["1_000", 1000],
  blockTokens: ["16", 16],
  maxNumSeqs: ["7", 7],
  maxNumBatchedTokens: ["2048", 2048],
  preemption: ["oldest", "oldest"],
  stepOverhead: ["20us", 20_000],
  eventDelay: ["5ms", 5_000_000],
  speedup: ["2.5", 2.5],
  rate: ["3", 3],
  concurrency: ["64", 64],
  calibration: ["roofline", "roofline"],
  remoteHits: ["recompute", "recompute"],
  seed: ["7", 7],
  profile: ["datasheet", "datasheet"],
  model: ["llama-70b", "llama-70b"],
  weightFormat: ["fp8", "fp8"],
  kvFormat: ["fp16", "fp16"],
};

describe("an axis", () => {
  it.each(AXIS_KEYS)("sets what it reads, and is what a replay reads from its flag: %s", (key) => {
    const [text, place] = OTHER[key];
    const setting = AXES[key].kind.read(text);
    const options = setting?.apply(REPLAY_DEFAULTS) ?? REPLAY_DEFAULTS;
    expect(AXES[key].of(options)).toBe(place);
    expect(readReplayOptions(options)).toEqual(options);
    const changed = AXIS_KEYS.filter(
      (axis) => AXES[axis].of(options) !== AXES[axis].of(REPLAY_DEFAULTS),
    );
    // Workers apart are so many of each, so there are two numbers of replicas.
    expect(changed).toEqual(key === "split" ? ["split", "replicas"] : [key]);
  });

  it.each(AXIS_KEYS)("answers to flags that a replay has: %s", (key) => {
    for (const name of axisOf(key).flags) expect(Object.keys(REPLAY_FLAGS)).toContain(name);
  });

  it("is a column with its unit", () => {
    expect(axisColumn("eventDelay")).toBe("event_delay_ns");
    expect(axisColumn("maxNumSeqs")).toBe("max_num_seqs");
  });

  it("takes `default` where a replay has one of its own, and goes back to it", () => {
    expect(places("capacity-blocks=1000,default")).toEqual([1000, "default"]);
    const set = (value: string, options = REPLAY_DEFAULTS) =>
      AXES.capacityBlocks.kind.read(value)?.apply(options);
    expect(set("default", set("5"))).toEqual(REPLAY_DEFAULTS);
    expect(AXES.tp.kind.read("default")).toBeUndefined();
  });

  it("sets every deployment at once, and shows all values where they differ", () => {
    const deploy = [{ model: "llama-405b" }, { model: "llama-70b", tp: 4, serves: ["small"] }];
    const two = readReplayOptions({ deploy });
    expect(AXES.tp.of(two)).toBe("8/4");
    expect(
      AXES.tp.kind
        .read("2")
        ?.apply(two)
        .deploy.map(({ tp }) => tp),
    ).toEqual([2, 2]);
  });

  it("splits the one model that there is, and puts it together again", () => {
    const split = (value: string, options = REPLAY_DEFAULTS) =>
      AXES.split.kind.read(value)?.apply(options);
    const halves = split("3+6");
    expect(halves?.deploy.map(({ role, replicas }) => [role, replicas])).toEqual([
      ["prefill", 3],
      ["decode", 6],
    ]);
    expect(split("together", halves)).toEqual(REPLAY_DEFAULTS);
    const deploy = [{ model: "llama-405b" }, { model: "llama-70b", serves: ["small"] }];
    expect(faults(() => split("3+6", readReplayOptions({ deploy })))).toMatchInlineSnapshot(`
      [
        "--vary split must be given where one model is deployed, found llama-405b, llama-70b [CLI-5]",
      ]
    `);
    expect(
      ["3", "3+", "0+9", "3+6+1", "apart", ""].map((word) => AXES.split.kind.read(word)),
    ).toEqual(Array.from({ length: 6 }, () => undefined));
  });
});

describe("--vary", () => {
  it("keeps the values in the order given", () => {
    expect(places("tp=8,1,4")).toEqual([8, 1, 4]);
  });

  it("leaves a policy its own options, commas and all", () => {
    expect(places("policy=dynamo-cost:w=1,temperature=0.5,round-robin,kv-aware:bound=2")).toEqual([
      "dynamo-cost:w=1,temperature=0.5",
      "round-robin",
      "kv-aware:bound=2",
    ]);
  });

  it("names every fault at once", () => {
    expect(
      faults(() => read(["tpp=1", "tp", "seed=x,,-1,9", "calibration=none", ""])),
    ).toMatchInlineSnapshot(`
      [
        "--vary must name one of policy, split, tp, replicas, capacity-blocks, block-tokens, max-num-seqs, max-num-batched-tokens, preemption, step-overhead, event-delay, speedup, rate, concurrency, calibration, remote-hits, seed, profile, model, weight-format, kv-format, found "tpp"; did you mean tp? [CLI-2]",
        "--vary tp must be followed by = and its values, found nothing [CLI-2]",
        "--vary seed must be a whole number of 0 or more, or default, found "x" [CLI-2]",
        "--vary seed must be a whole number of 0 or more, or default, found "" [CLI-2]",
        "--vary seed must be a whole number of 0 or more, or default, found "-1" [CLI-2]",
        "--vary calibration must be one of roofline, document, found "none" [CLI-2]",
        "--vary must name one of policy, split, tp, replicas, capacity-blocks, block-tokens, max-num-seqs, max-num-batched-tokens, preemption, step-overhead, event-delay, speedup, rate, concurrency, calibration, remote-hits, seed, profile, model, weight-format, kv-format, found "" [CLI-2]",
      ]
    `);
  });

  it("must be given", () => {
    expect(faults(() => read([]))).toMatchInlineSnapshot(`
      [
        "a sweep must be given something to vary, as in --vary tp=1,2, found nothing [CLI-4]",
      ]
    `);
  });

  it("says nothing twice: no axis, no value however it is written, none that is held fixed too", () => {
    const words = ["seed=1", "seed=2", "tp=1,2", "capacity-blocks=1000,1_000,2000,1000"];
    expect(faults(() => read(words, ["tp"]))).toMatchInlineSnapshot(`
      [
        "--vary seed must be given once, with all its values [CLI-5]",
        "--tp and --vary tp must not be given together [CLI-5]",
        "--vary capacity-blocks must be given each value once, found 1000 twice [CLI-5]",
      ]
    `);
  });

  it("varies nothing that would undo what another axis or a flag has set", () => {
    const words = ["split=4+5", "replicas=3", "rate=1,2", "speedup=2"];
    expect(faults(() => read(words, ["prefill", "concurrency"]))).toMatchInlineSnapshot(`
      [
        "--vary split and --vary replicas must not be given together [CLI-5]",
        "--vary rate and --vary speedup must not be given together [CLI-5]",
        "--prefill and --vary split must not be given together [CLI-5]",
        "--prefill and --vary replicas must not be given together [CLI-5]",
        "--concurrency and --vary rate must not be given together [CLI-5]",
        "--concurrency and --vary speedup must not be given together [CLI-5]",
      ]
    `);
  });
});

describe("a grid", () => {
  it("is every combination, the last axis quickest", () => {
    expect(labels("policy=round-robin,random", "tp=4,8")).toEqual([
      "policy=round-robin tp=4",
      "policy=round-robin tp=8",
      "policy=random tp=4",
      "policy=random tp=8",
    ]);
  });

  it("has the options of each of its points", () => {
    const [point] = pointsOf(read(["tp=4", "seed=3"]), REPLAY_DEFAULTS);
    const [usual] = REPLAY_DEFAULTS.deploy;
    expect(point?.options).toEqual({ ...REPLAY_DEFAULTS, deploy: [{ ...usual, tp: 4 }], seed: 3 });
  });

  it("has at most 10,000 points", () => {
    const many = (axis: string, count: number) =>
      `${axis}=${Array.from({ length: count }, (_, at) => at + 1).join(",")}`;
    expect(labels(many("seed", 100), many("capacity-blocks", 100))).toHaveLength(10_000);
    expect(
      faults(() => labels(many("seed", 101), many("capacity-blocks", 100))),
    ).toMatchInlineSnapshot(`
      [
        "a sweep must have at most 10,000 points, found 10,100 [CLI-2]",
      ]
    `);
  });
});
