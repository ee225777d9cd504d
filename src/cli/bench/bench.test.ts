// Past 250 lines: one run of the benchmark is looked at from every side, with the same stand-ins for processes and clocks.
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Command, CommandEntry } from "../command.ts";
import { sweep } from "../commands/sweep.ts";
import { verify } from "../commands/verify.ts";
import type { ExitStatus } from "../exit.ts";
import { COMMANDS } from "../registry.ts";
import { runCli } from "../run.ts";
import { type FakeWorld, fakeWorld } from "../testing/fake-world.ts";
import { benchFiles, benchText } from "./bench-report.ts";
import { type Launch, launcher } from "./child.ts";
import { hold } from "./contest.ts";
import { figureOf, type Sample } from "./figure.ts";
import { conversation } from "./inputs.ts";
import { type BenchPlan, runBench } from "./run-bench.ts";
import { QUICK } from "./sizes.ts";

let folder = "";
const tmp = process.env["TMPDIR"];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "rackproof-test-"));
  // So that a folder that is left behind is seen, whoever else works in the usual one.
  process.env["TMPDIR"] = folder;
});
afterEach(() => {
  if (tmp === undefined) delete process.env["TMPDIR"];
  else process.env["TMPDIR"] = tmp;
  rmSync(folder, { recursive: true });
});

const sample = (ms: number, count = 1, peakBytes = 0): Sample => ({ ms, count, peakBytes });

/** A world whose clock advances a millisecond each time somebody looks. */
const ticking = (around: Parameters<typeof fakeWorld>[1] = {}): FakeWorld => {
  let nowMs = 0;
  return fakeWorld([], { cwd: folder, clock: () => ++nowMs, ...around });
};

const live = new AbortController().signal;

describe("a figure", () => {
  it("is the median, and its ratio is figure ÷ bound", () => {
    const samples = [9, 3, 5].map((ms) => sample(ms));
    const bounds = [2, 4, 2].map((ms) => sample(ms));
    expect(figureOf({ name: "import", unit: "ms" }, samples, "row scan", bounds)).toEqual({
      figure: "import",
      unit: "ms",
      median: 5,
      least: 3,
      most: 9,
      runs: 3,
      bound: "row scan",
      bound_median: 2,
      ratio: 2.5,
      bar: null,
      reached: null,
    });
  });

  it("is the lower of two when their number is even, never a mean", () => {
    const { median } = figureOf({ name: "x", unit: "ms" }, [sample(8), sample(2)], "b", [
      sample(1),
    ]);
    expect(median).toBe(2);
  });

  it("counts per second where the unit is a rate", () => {
    // 500 rows in 250 ms are 2,000 a second; the bound does them in 125 ms.
    const measure = { name: "x", unit: "rows/s", bar: { kind: "atLeast", value: 2000 } } as const;
    const figure = figureOf(measure, [sample(250, 500)], "b", [sample(125, 500)]);
    expect(figure).toMatchObject({ median: 2000, bound_median: 4000, ratio: 0.5, reached: true });
  });

  it.each([
    ["below", 10, 9.999, true],
    ["below", 10, 10, false],
    ["atLeast", 10, 10, true],
    ["atLeast", 10, 9.999, false],
    ["ratioAtMost", 1.2, 12, true],
    ["ratioAtMost", 1.2, 12.1, false],
    ["ratioAtLeast", 0.5, 5, true],
    ["ratioAtLeast", 0.5, 4.9, false],
  ] as const)("with the bar %s %d, found %d: reached is %s", (kind, value, ms, reached) => {
    const measure = { name: "x", unit: "ms", bar: { kind, value } } as const;
    expect(figureOf(measure, [sample(ms)], "b", [sample(10)]).reached).toBe(reached);
  });

  it("has no ratio to a bound that was too short for the clock, and stays a number itself", () => {
    expect(figureOf({ name: "x", unit: "ms" }, [sample(1)], "b", [sample(0)]).ratio).toBeNull();
    const { median } = figureOf({ name: "x", unit: "rows/s" }, [sample(0, 7)], "b", [sample(1)]);
    expect(median).toBe(7e6);
  });
});

describe("a contest", () => {
  const contestOf = (told: string[], warmUps: number, runs: number) => ({
    run: async () => {
      told.push("run");
      return sample(told.length);
    },
    bound: { name: "b", about: "" },
    runBound: async () => {
      told.push("bound");
      return sample(1);
    },
    measures: [{ name: "x", unit: "ms" }] as const,
    runs,
    warmUps,
  });

  it("takes turns with its bound, and forgets the runs that warm up", async () => {
    const told: string[] = [];
    const [figure] = await hold(contestOf(told, 1, 2), () => undefined);
    expect(told).toEqual(["run", "bound", "run", "bound", "run", "bound"]);
    expect(figure).toMatchObject({ runs: 2, least: 3, most: 5 });
  });

  it("ends when the tick says so", async () => {
    const told: string[] = [];
    const enough = (): void => {
      if (told.length === 1) throw new Error("enough");
    };
    await expect(hold(contestOf(told, 0, 2), enough)).rejects.toThrow("enough");
    expect(told).toEqual(["run"]);
  });
});

describe("a measured process", { timeout: 30_000 }, () => {
  const run = (script: string, signal = live) =>
    launcher(performance.now.bind(performance), signal)(["--eval", script]);

  it("tells its output, its time and its own peak memory", async () => {
    const small = await run("process.stdout.write('done')");
    expect(small.out).toBe("done");
    expect(small.wallMs).toBeGreaterThan(0);
    expect(small.peakBytes).toBeGreaterThan(10e6);
    const large = await run("globalThis.held = Buffer.alloc(100e6, 1)");
    // Far from each other whatever the machine, and in bytes, not in kilobytes.
    expect(large.peakBytes - small.peakBytes).toBeGreaterThan(50e6);
    expect(large.peakBytes).toBeLessThan(2e9);
  });

  it.runIf(process.platform === "linux")("is not blamed for its parent's memory", async () => {
    const held = Buffer.alloc(300e6, 1);
    expect((await run("0")).peakBytes).toBeLessThan(200e6);
    expect(held.at(-1)).toBe(1);
  });

  it("that fails is an error with its status and what it complained of", async () => {
    const failing = run("console.error('no such trace'); process.exit(2)");
    await expect(failing).rejects.toThrow(/status 2[\s\S]*no such trace/);
  });

  it("may end with a status that is allowed", async () => {
    const launch = launcher(() => 0, live);
    expect((await launch(["--eval", "process.exit(1)"], [1])).out).toBe("");
    await expect(launch(["--eval", "process.exit(3)"], [1])).rejects.toThrow("status 3");
  });

  it("that dies of a signal is an error, and of SIGINT an interruption", async () => {
    await expect(run("process.kill(process.pid, 'SIGKILL')")).rejects.toThrow("signal SIGKILL");
    const interrupted = run("process.kill(process.pid, 'SIGINT'); setInterval(() => 0, 1e6)");
    await expect(interrupted).rejects.toThrow("Interrupted");
  });

  it("is ended when the benchmark is interrupted", async () => {
    const controller = new AbortController();
    const endless = run("setInterval(() => 0, 1e6)", controller.signal);
    controller.abort();
    await expect(endless).rejects.toThrow("Interrupted");
  });
});

/** The commands as they are, but for those that take longest: their lines are read and checked, and nothing is done. */
const entries: readonly CommandEntry[] = [
  ...COMMANDS.filter(({ name }) => name !== "verify" && name !== "sweep"),
  {
    name: "verify",
    summary: "",
    load: async () =>
      saying(verify, '{ "properties": [{ "cases_done": 30, "mutants": [{ "cases": 12 }] }] }\n', 1),
  },
  { name: "sweep", summary: "", load: async () => saying(sweep, "{}\n", 0) },
];

const saying = (command: Command, said: string, status: ExitStatus): Command => ({
  ...command,
  async run(_, world) {
    world.out(said);
    return status;
  },
});

/** Runs a line in this process, which is as good as another but quicker. */
const here =
  (lines: string[]): BenchPlan["program"] =>
  () =>
  async (line) => {
    lines.push(line.join(" ").replaceAll(/\S*[/\\]/g, ""));
    const world = fakeWorld(line, { cwd: folder });
    const status = await runCli(world, entries);
    if (status > 1) throw new Error(world.complained());
    return { wallMs: 10, peakBytes: 70e6, out: world.said() };
  };

const planOf = (change: Partial<BenchPlan>): BenchPlan => ({
  sizes: QUICK,
  seed: 1,
  mooncake: undefined,
  generateAlways: true,
  program: here([]),
  ...change,
});

describe("a benchmark", { timeout: 30_000 }, () => {
  it("measures everything beside its bound, and leaves no folder behind", async () => {
    const lines: string[] = [];
    const ticks: [number, number][] = [];
    const sizes = { ...QUICK, csvRowsLong: 2000, longRequests: 50 };
    const result = await runBench(
      ticking(),
      planOf({ program: here(lines), sizes }),
      (done, total) => ticks.push([done, total]),
    );
    expect(readdirSync(folder)).toEqual([]);
    expect(
      result.figures.map(({ figure, unit, bound }) => `${figure} ${unit} / ${bound}`),
    ).toMatchInlineSnapshot(`
      [
        "import, Mooncake ms / row scan",
        "import, Mooncake bytes / row scan",
        "import, CSV rows/s / row insert",
        "import, CSV bytes / row insert",
        "import, long CSV rows/s / shorter import",
        "import, long CSV bytes / shorter import",
        "replay, 16-token blocks ms / bare probes",
        "replay, 16-token blocks requests/s / bare probes",
        "replay, 16-token blocks bytes / bare probes",
        "replay, 512-token blocks ms / bare probes",
        "replay, 512-token blocks requests/s / bare probes",
        "replay, 512-token blocks bytes / bare probes",
        "replay, all invariants, 16-token blocks ms / unwatched replay",
        "replay, all invariants, 512-token blocks ms / unwatched replay",
        "replay, answers × 10 ms / answers as they are",
        "replay, the replay alone requests/s / bare probes",
        "replay, long trace ms / its first tenth",
        "replay, long trace bytes / its first tenth",
        "sweep, 8 points on 2 threads ms / one thread",
        "statistics ms / bare probes",
        "directory, mixed block operations/s / bare probes",
        "directory, mixed block operations/s / bare probes",
        "directory, mixed, scattered names block operations/s / bare probes",
        "directory, leading runs alone block operations/s / bare probes",
        "directory, memory bytes/block / bare numbers",
        "pool block operations/s / bare probes",
        "pool, memory bytes/block / bare numbers",
        "gangs, placed and released operations/s / bare probes",
        "weight plan, 72 targets ms/plan / bare probes",
        "property of a long life steps/s / bare probes",
        "verify, smoke ms / bare draws",
        "start-up ms / bare node",
        "start-up bytes / bare node",
      ]
    `);
    for (const { median, bound_median, ratio, runs } of result.figures) {
      expect(runs).toBe(1);
      expect(ratio).toBeCloseTo(median / bound_median, 3);
    }
    expect(lines).toMatchInlineSnapshot(`
      [
        "import mooncake-like.jsonl --name conversation --db conversation.db",
        "import mooncake-like.jsonl --name measured --db fresh.db",
        "import azure-like-1000.csv --name measured --db fresh.db",
        "import azure-like-2000.csv --name measured --db fresh.db",
        "import azure-like-1000.csv --name measured --db fresh.db",
        "replay conversation --db conversation.db --json --block-tokens 16",
        "replay conversation --db conversation.db --json --block-tokens 512",
        "replay conversation --db conversation.db --json --block-tokens 16",
        "replay conversation --db conversation.db --json --block-tokens 16 --checks none",
        "replay conversation --db conversation.db --json --block-tokens 512",
        "replay conversation --db conversation.db --json --block-tokens 512 --checks none",
        "import answers-10.jsonl --name answers-10 --db conversation.db",
        "replay answers-10 --db conversation.db --json",
        "replay conversation --db conversation.db --json",
        "import mooncake-like-5.jsonl --name 5 --db lengths.db",
        "import mooncake-like-50.jsonl --name 50 --db lengths.db",
        "replay 50 --db lengths.db --json",
        "replay 5 --db lengths.db --json",
        "sweep conversation --vary policy=kv-aware,round-robin --vary capacity-blocks=2000,4000,8000,default --json --threads 2 --db copy.db",
        "sweep conversation --vary policy=kv-aware,round-robin --vary capacity-blocks=2000,4000,8000,default --json --threads 1 --db copy.db",
        "trace conversation --db conversation.db --json",
        "verify --profile smoke --json --cases cases --db fresh.db",
        "--version",
      ]
    `);
    expect(ticks.map(([done]) => done)).toEqual(ticks.map((_, at) => at));
    expect(new Set(ticks.map(([, total]) => total))).toEqual(new Set([ticks.length]));

    expect(result.traces.map(({ file, rows }) => [file, rows])).toEqual([
      ["mooncake-like.jsonl", 100],
      ["azure-like-1000.csv", 1000],
      ["azure-like-2000.csv", 2000],
      ["answers-10.jsonl", 100],
      ["mooncake-like-5.jsonl", 5],
      ["mooncake-like-50.jsonl", 50],
    ]);
    for (const { sha256 } of result.traces) expect(sha256).toMatch(/^[0-9a-f]{64}$/);
    const [markdown, csv] = benchFiles(result);
    expect(csv?.text.split("\r\n")).toHaveLength(result.figures.length + 2);
    for (const { figure } of result.figures) expect(markdown?.text).toContain(figure);
    for (const { sha256 } of result.traces) expect(benchText(result)).toContain(sha256);
  });

  it("takes the trace that is given", async () => {
    const row = '{"timestamp":0,"input_length":600,"output_length":9,"hash_ids":[0,1]}\n';
    writeFileSync(join(folder, "mine.jsonl"), row);
    const generate = { requests: 9, seed: 1, always: true };
    expect(await conversation(ticking(), folder, "mine.jsonl", generate)).toMatchObject({
      file: { file: "mine.jsonl", origin: "given", rows: 1, size_bytes: row.length },
      blockTokens: 512,
      blockRefs: 2,
      distinctBlocks: 2,
      models: [],
    });
    expect(readdirSync(folder)).toEqual(["mine.jsonl"]);
  });

  it("names the faults of a file that is no trace, before anything is measured", async () => {
    writeFileSync(join(folder, "bad.jsonl"), '{"timestamp":-1}\n');
    const lines: string[] = [];
    const plan = planOf({ mooncake: "bad.jsonl", program: here(lines) });
    await expect(runBench(ticking(), plan, () => 0)).rejects.toMatchObject({ name: "InputError" });
    expect(lines).toEqual([]);
    expect(readdirSync(folder)).toEqual(["bad.jsonl"]);
  });

  it("fails with what a process complained of, and leaves no folder behind", async () => {
    const broken =
      (node: Launch): Launch =>
      () =>
        node(["--eval", "console.error('out of luck'); process.exit(3)"]);
    const failing = runBench(ticking(), planOf({ program: broken }), () => 0);
    await expect(failing).rejects.toThrow("out of luck");
    expect(readdirSync(folder)).toEqual([]);
  });

  it("leaves no folder behind when it is interrupted", async () => {
    const interrupted = runBench(ticking({ isInterrupted: true }), planOf({}), () => 0);
    await expect(interrupted).rejects.toThrow("Interrupted");
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe("rackproof bench", () => {
  const typed = async (...argv: string[]) => {
    const world = fakeWorld(argv, { cwd: folder });
    return { status: await runCli(world, COMMANDS), err: world.complained() };
  };

  it("is not at once full and quick", async () => {
    const { status, err } = await typed("bench", "--full", "--quick");
    expect(status).toBe(2);
    expect(err).toContain("[CLI-5]");
  });

  it("takes a number of runs, of one or more", async () => {
    expect((await typed("bench", "--runs", "0")).status).toBe(2);
  });

  it("says that it cannot write before it measures", async () => {
    writeFileSync(join(folder, "taken"), "");
    const { status, err } = await typed("bench", "--quick", "--output", "taken/reports");
    expect(status).toBe(2);
    expect(err).toContain("[CLI-3]");
  });

  it("writes nothing when the trace is not there", async () => {
    expect(await typed("bench", "--quick", "--mooncake", "none.jsonl")).toMatchObject({
      status: 2,
    });
    expect(existsSync(join(folder, "reports"))).toBe(false);
    expect(readdirSync(folder)).toEqual([]);
  });
});
