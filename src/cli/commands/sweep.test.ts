import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openStore } from "#store";
import { COMMANDS } from "../registry.ts";
import { runCli } from "../run.ts";
import { fakeWorld, type Surroundings } from "../testing/fake-world.ts";

const TRACE = `{"timestamp":0,"input_length":1000,"output_length":10,"hash_ids":[0,1]}
{"timestamp":1000,"input_length":600,"output_length":20,"hash_ids":[0,2]}
{"timestamp":3000,"input_length":512,"output_length":30,"hash_ids":[3]}
`;

let folder = "";
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "rackproof-sweep-"));
  writeFileSync(join(folder, "three.jsonl"), TRACE);
  for (const db of ["one", "replays", "none"]) await typed(`import three.jsonl --db ${db}`);
});
afterAll(() => rmSync(folder, { recursive: true }));

const typed = async (line: string, around: Surroundings = {}) => {
  const world = fakeWorld(line.split(" "), { cwd: folder, ...around });
  const status = await runCli(world, COMMANDS);
  return { status, out: world.said(), err: world.complained() };
};

const runsIn = (db: string) => {
  const store = openStore(join(folder, db), { readonly: true });
  try {
    return store.runs();
  } finally {
    store.close();
  }
};

/** What the first sweep printed. */
let first = "";

const GRID = "sweep three --vary policy=round-robin,random --vary tp=1,4,8";

describe("rackproof sweep", { timeout: 30_000 }, () => {
  it("prints each point, the best of them marked, and why there is none where there is none", async () => {
    const one = await typed(`${GRID} --db one --threads 1`);
    expect(one).toMatchObject({ status: 0, err: "2 of 6 points cannot be\n" });
    first = one.out;
    expect(one.out).toMatchInlineSnapshot(`
      "sweep of three: 6 points over policy × tp, 2 of which cannot be

      Run  Policy       TP  Completed  Failed  TTFT p50  TTFT p99  ITL p99  TPOT p50  E2E p99  Tokens/s  Hit rate  Imbalance  Evictions  Violations  Why there is none
      ───  ───────────  ──  ─────────  ──────  ────────  ────────  ───────  ────────  ───────  ────────  ────────  ─────────  ─────────  ──────────  ───────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
        –  round-robin   1          –       –         –         –        –         –        –         –         –          –          –           –  deploy[0]: 1 × b200 (192 GB) must leave room for KV, found 202.5 GB of llama-405b in fp4 and 3 GB of workspace [SPEC-2]
        1  round-robin   4          3       0   13.7 ms   24.4 ms  15.0 ms   15.0 ms   449 ms        17     0.200       8.91          0           0
        2  round-robin   8          3       0   *6.9 ms  *12.2 ms  *7.5 ms   *7.5 ms  *225 ms       *19     0.200      *4.45          0           0
        –  random        1          –       –         –         –        –         –        –         –         –          –          –           –  deploy[0]: 1 × b200 (192 GB) must leave room for KV, found 202.5 GB of llama-405b in fp4 and 3 GB of workspace [SPEC-2]
        3  random        4          3       0   13.7 ms   24.4 ms  15.0 ms   15.0 ms   449 ms        17     0.200       8.91          0           0
        4  random        8          3       0   *6.9 ms  *12.2 ms  *7.5 ms   *7.5 ms  *225 ms       *19     0.200       6.04          0           0

      * the best of the runs without a violation that completed the most requests
      "
    `);
  });

  it("keeps each run as `replay` would", async () => {
    for (const policy of ["round-robin", "random"]) {
      for (const tp of [4, 8])
        await typed(`replay three --policy ${policy} --tp ${tp} --db replays`);
    }
    expect(runsIn("one")).toEqual(runsIn("replays"));
  });

  it("runs nothing again, and prints the same all the same", async () => {
    const before = runsIn("one");
    const again = await typed(`${GRID} --db one --csv all.csv --markdown all.md`);
    expect(again.err).toBe("2 of 6 points cannot be\n4 of 6 were there\n");
    expect(again.out).toBe(first);
    expect(runsIn("one")).toEqual(before);
    expect(readFileSync(join(folder, "all.csv"), "utf8").split("\r\n")).toHaveLength(8);
    expect(readFileSync(join(folder, "all.md"), "utf8")).toMatch(/^# Sweep of three\n/);
  });

  it("is one JSON value for a program", async () => {
    const { out } = await typed(`${GRID} --db one --json`);
    const { axes, points } = JSON.parse(out);
    expect(axes).toEqual(["policy", "tp"]);
    expect(points.map(({ run_id }: { run_id?: number }) => run_id)).toEqual([
      undefined,
      1,
      2,
      undefined,
      3,
      4,
    ]);
  });

  it("refuses all of it with --strict, before anything runs", async () => {
    const { status, out, err } = await typed(`${GRID} --db none --strict`);
    expect([status, out]).toEqual([2, ""]);
    expect(err.split("\n").map((line) => line.slice(0, 54))).toMatchInlineSnapshot(`
      [
        "policy=round-robin tp=1: deploy[0]: 1 × b200 (192 GB) ",
        "policy=random tp=1: deploy[0]: 1 × b200 (192 GB) must ",
        "",
      ]
    `);
    expect(runsIn("none")).toEqual([]);
  });

  it("refuses a sweep of which no point can be, --strict or not", async () => {
    const { status, err } = await typed("sweep three --vary tp=3,5 --db none");
    expect(status).toBe(2);
    expect(err).toMatch(/^tp=3: .*\ntp=5: .*\n$/);
  });

  it("names every fault of a line, and an axis that is held fixed and varied at once", async () => {
    expect(await typed("sweep three --vary tp=x --threads 0 --seed -1 --db none")).toMatchObject({
      status: 2,
      out: "",
    });
    expect((await typed("sweep three --tp 4 --vary tp=1,2 --db none")).err).toBe(
      "--tp and --vary tp must not be given together [CLI-5]\n",
    );
    expect((await typed("sweep --vary tp=1 --db none")).err).toContain("[CLI-4]");
    expect((await typed("sweep other --vary tp=8 --db none")).err).toContain("[STORE-3]");
    expect((await typed("sweep three --vary tp=8 --db nowhere")).err).toContain("[STORE-5]");
  });

  it("says what is kept when SIGINT comes", async () => {
    const line = "sweep three --vary tp=4,8 --db none";
    expect(await typed(line, { isInterrupted: true })).toEqual({
      status: 130,
      out: "",
      err: "Interrupted: 0 of 2 points are kept; the same line does the rest.\n",
    });
    expect(runsIn("none")).toEqual([]);
  });

  it("shows in its help what can be varied, and what is held fixed at what", async () => {
    const { out } = await typed("sweep --help");
    expect(out).toContain("--vary <AXIS=VALUE,…>");
    expect(out).toContain("--capacity-blocks <N>");
    expect(out.replace(/\s+/g, " ")).toContain("(default: kv-aware:bound=2)");
  });
});
