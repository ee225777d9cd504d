import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openStore } from "#store";
import { COMMANDS } from "../registry.ts";
import { runCli } from "../run.ts";
import { fakeWorld } from "../testing/fake-world.ts";

const SOURCE = ["--import", "tsx", resolve("src/cli/main.ts")];
const BUILT = [resolve("dist/main.js")];

/** Enough points that a process can be ended in the middle of them. */
const POINTS = 24;
const GRID =
  "sweep talk --vary policy=kv-aware:bound=2,round-robin,least-loaded --vary tp=4,8 --vary capacity-blocks=500,1000,2000,4000";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "rackproof-sweep-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** A database of its own, with the bundled conversation in it. */
const database = async (name: string): Promise<string> => {
  const db = join(folder, name);
  const trace = resolve("traces/conversation-1k.jsonl");
  const world = fakeWorld(["import", trace, "--name", "talk", "--db", db]);
  expect(await runCli(world, COMMANDS)).toBe(0);
  return db;
};

type Ended = { readonly status: number | null; readonly out: string; readonly err: string };

const start = (
  program: readonly string[],
  line: string,
): readonly [ChildProcess, Promise<Ended>] => {
  const child = spawn(process.execPath, [...program, ...line.split(" ")], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const closed = new Promise<number | null>((done) => child.once("close", done));
  const ended = Promise.all([closed, text(child.stdout), text(child.stderr)]);
  return [child, ended.then(([status, out, err]) => ({ status, out, err }))];
};

const toItsEnd = (program: readonly string[], line: string): Promise<Ended> =>
  start(program, line)[1];

const runsIn = (db: string) => {
  const store = openStore(db, { readonly: true });
  try {
    return store.runs();
  } finally {
    store.close();
  }
};

/** Starts the sweep, and ends it by a signal as soon as a run of it is stored. */
const endedBy = async (signal: "SIGKILL" | "SIGINT", db: string): Promise<Ended> => {
  const [child, ended] = start(SOURCE, `${GRID} --db ${db} --threads 2`);
  while (runsIn(db).length === 0 && child.exitCode === null) {
    await new Promise((done) => setTimeout(done, 5));
  }
  child.kill(signal);
  return ended;
};

describe("a sweep in processes of its own", { timeout: 120_000 }, () => {
  let whole: Ended;
  let undisturbed = "";
  beforeAll(async () => {
    undisturbed = await database("whole.db");
    whole = await toItsEnd(SOURCE, `${GRID} --db ${undisturbed} --threads 1`);
  }, 60_000);

  it("runs from the source, each thread too", () => {
    expect([whole.status, whole.err]).toEqual([0, ""]);
    expect(whole.out).toContain(`sweep of talk: ${POINTS} points`);
    expect(runsIn(undisturbed)).toHaveLength(POINTS);
  });

  it("goes on where it was killed, and comes to the same database and the same table", async () => {
    const db = await database("killed.db");
    await endedBy("SIGKILL", db);
    const there = runsIn(db).length;
    expect(there).toBeGreaterThan(0);
    expect(there).toBeLessThan(POINTS);
    const { status, out, err } = await toItsEnd(SOURCE, `${GRID} --db ${db}`);
    expect([status, err]).toEqual([0, `${there} of ${POINTS} were there\n`]);
    expect(out).toBe(whole.out);
    expect(runsIn(db)).toEqual(runsIn(undisturbed));
  });

  it("ends cleanly on SIGINT, and keeps what was finished", async () => {
    const db = await database("stopped.db");
    const { status, out, err } = await endedBy("SIGINT", db);
    const there = runsIn(db).length;
    expect([status, out]).toEqual([130, ""]);
    expect(err).toBe(
      `Interrupted: ${there} of ${POINTS} points are kept; the same line does the rest.\n`,
    );
    expect(there).toBeLessThan(POINTS);
    expect(readdirSync(folder).filter((file) => file.startsWith("stopped.db"))).toEqual([
      "stopped.db",
    ]);
  });

  it.skipIf(!existsSync("dist/sweep-thread.js"))(
    "runs from what was built (only where it was built)",
    async () => {
      const db = await database("built.db");
      const { status, out, err } = await toItsEnd(BUILT, `${GRID} --db ${db}`);
      expect([status, err]).toEqual([0, ""]);
      expect(out).toBe(whole.out);
      expect(readFileSync(db)).toEqual(readFileSync(undisturbed));
    },
  );
});
