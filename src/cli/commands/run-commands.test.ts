import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { parse } from "csv-parse/sync";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Json } from "#base";
import { openStore, type RunRequestRow, type Store } from "#store";
import { COMMANDS } from "../registry.ts";
import { runCli } from "../run.ts";
import { fakeWorld } from "../testing/fake-world.ts";

let folder = "";

const typed = async (line: string) => {
  const world = fakeWorld(line.split(" "), { cwd: folder });
  const status = await runCli(world, COMMANDS);
  return { status, out: world.said(), err: world.complained() };
};

const read = (file: string): string => readFileSync(join(folder, file), "utf8");

const request = (at: number): RunRequestRow => ({
  request: at,
  outcome: "completed",
  reason: "",
  deployment: 0,
  worker: 8,
  decodeWorker: 8,
  arrivalNs: at * 1000,
  enqueueNs: at * 1000,
  startNs: at * 1000,
  firstTokenNs: at * 1000 + 10,
  transferNs: -1,
  transferredNs: -1,
  endNs: at * 1000 + 100,
  inputTokens: 1,
  outputTokens: 2,
  blocks: 0,
  localBlocks: 0,
  switchBlocks: 0,
  fetchedBlocks: 0,
  fetchedFrom: 0,
  computedTokens: 1,
  preemptions: 0,
  restarts: 0,
});

const keep = (store: Store, trace: string, options: Json, p50: number): void => {
  const input = { trace, options, seed: 0, version: "0.1.0" };
  const writer = store.beginRun(input);
  for (let at = 0; at < 5; at += 1) writer.request(request(at));
  writer.span({
    kind: "decode",
    worker: 8,
    startNs: 0,
    endNs: 10,
    request: 0,
    from: -1,
    bytes: 0,
  });
  writer.commit({
    digest: "ab".repeat(32),
    requests: { total: 5, completed: 5, failed: 0 },
    summary: { requests: { total: 5, completed: 5, failed: 0 }, ttft_ns: { p50 }, events: p50 },
    invariants: [{ id: "RUN-1", statement: "so", evaluated: 9, premise_true: 9, violated: 0 }],
  });
};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "rackproof-runs-"));
  for (const name of ["a", "b"]) {
    writeFileSync(
      join(folder, `${name}.jsonl`),
      `{"timestamp":0,"input_length":10,"output_length":${name === "a" ? 1 : 2},"hash_ids":[0]}\n`,
    );
    await typed(`import ${name}.jsonl`);
  }
  const store = openStore(join(folder, "rackproof.db"));
  keep(store, "a", { profile: "document", policy: "round-robin" }, 2000);
  keep(store, "a", { profile: { extends: "document" }, policy: "random" }, 1000);
  keep(store, "b", { profile: "gone", policy: "random" }, 4000);
  const bare = { trace: "a", options: {}, seed: 0, version: "0.0.1", invariants: [], summary: {} };
  store.saveRun({
    ...bare,
    digest: "cd".repeat(32),
    requests: { total: 1, completed: 1, failed: 0 },
  });
  store.close();
});
afterAll(() => rmSync(folder, { recursive: true }));

describe("rackproof compare", () => {
  it("prints what differs", async () => {
    const { status, out, err } = await typed("compare 1 2");
    expect([status, err]).toEqual([0, ""]);
    expect(out).toMatchInlineSnapshot(`
      "Given            run 1        run 2
      ───────────────  ───────────  ────────
      policy           round-robin  random
      profile          document     –
      profile.extends  –            document

                                 run 1   run 2  change
      ────────────────────────  ──────  ──────  ────────────────────────
      requests                       5       5  same
      completed                      5       5  same
      failed                         0       0  same
      time to first token, p50  2.0 µs  1.0 µs  -1.0 µs, -50.0 %, better

      1 invariant held, and met something, in every run.
      "
    `);
  });

  it("warns of different traces, on stderr when stdout is for a program", async () => {
    const { out } = await typed("compare 1 3");
    expect(out).toMatch(/^The runs are of different traces, "a", "b": /);
    const { out: json, err } = await typed("compare 1 3 --json");
    expect(err).toMatch(/^The runs are of different traces/);
    expect(JSON.parse(json)).toMatchObject({
      runs: [
        { run_id: 1, trace: "a" },
        { run_id: 3, trace: "b" },
      ],
      names: ["run 1", "run 3"],
      given: [{ what: "trace" }, { what: "policy" }, { what: "profile" }],
      held: 1,
    });
  });

  it("writes Markdown and CSV too, and every number on request", async () => {
    await typed("compare 1 2 --markdown two.md --csv two.csv --all");
    expect(read("two.md")).toMatch(/^# Runs 1, 2\n/);
    expect(read("two.csv")).toContain("\r\nevents,events,2000,1000,-1000,-50,different\r\n");
  });

  it("takes two different runs that are there", async () => {
    const refused = async (line: string): Promise<string> => {
      const { status, err } = await typed(line);
      expect(status).toBe(2);
      return err;
    };
    expect(await refused("compare 1")).toMatchInlineSnapshot(`
      "the command must be given two different runs or more, found 1 [CLI-4]
      "
    `);
    expect(await refused("compare 1 1")).toContain("found 1, 1 [CLI-4]");
    expect(await refused("compare 1 two")).toMatchInlineSnapshot(`
      "RUN must be the number of a run, as in \`rackproof runs\`, found "two" [CLI-4]
      "
    `);
    expect(await refused("compare 1 99")).toContain("the latest is 4 [STORE-3]");
  });
});

describe("rackproof export-run", () => {
  it("writes requests as CSV to stdout, or to a file", async () => {
    const { status, out } = await typed("export-run 1");
    expect(status).toBe(0);
    const rows: Record<string, string>[] = parse(out, { columns: true });
    expect(rows.map(({ end_ns }) => end_ns)).toEqual(["100", "1100", "2100", "3100", "4100"]);
    expect(await typed("export-run 1 --output r.csv.gz")).toMatchObject({
      out: "",
      err: "wrote run 1 to r.csv.gz\n",
    });
    expect(gunzipSync(readFileSync(join(folder, "r.csv.gz"))).toString()).toBe(out);
    expect(JSON.parse((await typed("export-run 1 --as spans --output s.csv --json")).out)).toEqual({
      run_id: 1,
      as: "spans",
      output: "s.csv",
    });
    expect(read("s.csv")).toMatch(/^kind,worker,/);
  });

  it("writes a Chrome trace, whole or cut with a word", async () => {
    const whole = await typed("export-run 1 --as chrome");
    expect(whole.err).toBe("");
    expect(whole.out).toContain('"name":"process_name","args":{"name":"worker 8 · domain 1"}');
    const cut = await typed("export-run 1 --as chrome --limit 2");
    expect(cut.err).toBe(
      "drew the first 2 of 5 requests, until they had ended; --limit says how many\n",
    );
    const lives = (text: string): number =>
      JSON.parse(text).traceEvents.filter(
        ({ ph, name }: { ph: string; name: string }) => ph === "b" && name === "request",
      ).length;
    expect([lives(whole.out), lives(cut.out)]).toEqual([5, 2]);
  });

  it("names a worker's domain when the run's profile is known", async () => {
    expect((await typed("export-run 2 --as chrome")).out).toContain("worker 8 · domain 1");
    expect((await typed("export-run 3 --as chrome")).out).toContain('"name":"worker 8"');
  });

  it("refuses what is not there, and what would change nothing", async () => {
    const lines = [
      "export-run 1 --as series --output none.csv",
      "export-run 4 --as chrome",
      "export-run 9",
      "export-run x",
      "export-run 1 --limit 5",
      "export-run 1 --as chrome --limit 1_000_000",
      "export-run 1 --as picture",
    ];
    const said: string[] = [];
    for (const line of lines) {
      const { status, out, err } = await typed(line);
      expect([status, out]).toEqual([2, ""]);
      said.push(err.replace(folder, "…"));
    }
    expect(said).toMatchInlineSnapshot(`
      [
        "a run must have been kept with its series, found that run 1 was not: replay it again [STORE-7]
      ",
        "a run must have been kept with its rows, found that run 4 was not: replay it again [STORE-7]
      ",
        "a run must be a stored one, found 9; the latest is 4 [STORE-3] at …/rackproof.db
      ",
        "RUN must be the number of a run, as in \`rackproof runs\`, found "x" [CLI-4]
      ",
        "--limit must be given with --as chrome, found --as requests [CLI-5]
      ",
        "--limit must be a whole number of 1 … 100000, found "1_000_000" [CLI-2]
      ",
        "--as must be one of requests, series, spans, chrome, found "picture" [CLI-2]
      ",
      ]
    `);
    expect(existsSync(join(folder, "none.csv"))).toBe(false);
  });
});
