import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { InputError, SpecViolation } from "#base";
import { REPLAY_DEFAULTS, type ReplayOptions } from "#replay";
import { openStore, type Store } from "#store";
import { importFile } from "../import-file.ts";
import { Interrupted } from "../world.ts";
import { pointsOf } from "./grid.ts";
import { runSweep, sight } from "./run-sweep.ts";
import { readAxes } from "./vary.ts";

const FILE = new URL("./testing/odd-thread.ts", import.meta.url);

const TRACE = `{"timestamp":0,"input_length":1000,"output_length":10,"hash_ids":[0,1]}
{"timestamp":1000,"input_length":600,"output_length":20,"hash_ids":[0,2]}
`;

let folder = "";
let db = "";
let store: Store;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "rackproof-sweep-"));
  db = join(folder, "sweep.db");
  writeFileSync(join(folder, "two.jsonl"), TRACE);
  store = openStore(db);
  await importFile(
    store,
    join(folder, "two.jsonl"),
    "two",
    { format: "auto", skipBadRows: false, reorder: false },
    { signal: new AbortController().signal, progress: () => undefined },
  );
});
afterAll(() => {
  store.close();
  rmSync(folder, { recursive: true });
});

const capacities = () =>
  store
    .runs()
    .map(({ options }) => (options as unknown as ReplayOptions).deploy[0]?.capacity_blocks);

const sweep = (
  values: string,
  { threads = 1, signal = new AbortController().signal, told = (_: number) => {} } = {},
) => {
  const varied = readAxes([`capacity-blocks=${values}`], new Set(), REPLAY_DEFAULTS);
  const sighted = sight(store, "two", pointsOf(varied, REPLAY_DEFAULTS));
  const work = { db, trace: "two", file: FILE, threads, progress: told };
  return runSweep(store, sighted, work, signal);
};

const thrownBy = async (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );

describe("a sweep's runs", { timeout: 30_000 }, () => {
  it("are kept in the order of the grid, although the first of them ends last", async () => {
    const told: number[] = [];
    const ended = await sweep("1005,2001,2002", { threads: 2, told: (done) => told.push(done) });
    expect(ended.map(({ outcome }) => outcome.kind === "run" && outcome.runId)).toEqual([1, 2, 3]);
    expect(capacities()).toEqual([1005, 2001, 2002]);
    // A timer tells now and then too.
    expect([...new Set(told)].filter((done) => done > 0)).toEqual([1, 2, 3]);
  });

  it("are not made again", async () => {
    const before = store.runs();
    const told: number[] = [];
    // 1001 would break off, were it run; 2001 and 2002 were.
    const ended = await sweep("2002,2001", { told: (done) => told.push(done) });
    expect(ended.map(({ outcome }) => outcome.kind === "run" && outcome.runId)).toEqual([3, 2]);
    expect([store.runs(), told]).toEqual([before, []]);
  });

  it("are a row with a reason where a replay finds half way that it cannot be", async () => {
    const [odd, even] = await sweep("1002,2003");
    expect(odd?.outcome).toMatchObject({ kind: "refused", issues: [{ message: "a planted end" }] });
    expect(even?.outcome.kind).toBe("run");
  });

  it("end with a defect of ours that names its point and shows the thread's stack; what was finished is kept", async () => {
    const thrown = await thrownBy(sweep("2004,1001,2005"));
    expect(thrown).toBeInstanceOf(SpecViolation);
    expect(String(thrown)).toContain(
      "capacity-blocks=1001 broke off: SpecViolation: a planted contradiction",
    );
    expect(capacities()).toContain(2004);
  });

  it("end when the database cannot be read, which is no point's fault", async () => {
    const thrown = await thrownBy(sweep("1003"));
    expect(thrown).toBeInstanceOf(InputError);
  });

  it("end, and do not wait for ever, when a thread dies", async () => {
    expect(String(await thrownBy(sweep("1004,2006")))).toContain("exited with code: 7");
  });

  it("are all kept that were finished when SIGINT came, those before their turn too", async () => {
    const controller = new AbortController();
    const told = (done: number): void => {
      if (done === 2) controller.abort();
    };
    const thrown = await thrownBy(
      sweep("1006,3001,3002,3003,3004", { threads: 2, signal: controller.signal, told }),
    );
    expect(thrown).toBeInstanceOf(Interrupted);
    expect(String(thrown)).toMatch(
      /Interrupted: [2-4] of 5 points are kept; the same line does the rest[.]/,
    );
    expect(capacities()).toContain(3001);
    expect(capacities()).not.toContain(1006);
  });
});
