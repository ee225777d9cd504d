import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { InputError } from "#base";
import { openStore } from "#store";
import { COMMANDS } from "../registry.ts";
import { runCli } from "../run.ts";
import { fakeWorld } from "../testing/fake-world.ts";

let folder = "";
let db = "";
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "rackproof-replay-"));
  db = join(folder, "kill.db");
  const shape = "generate --shape mooncake-conversation --requests 12000 --seed 4 --import-as talk";
  await typed(shape);
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true }));

const typed = async (line: string): Promise<string> => {
  const world = fakeWorld([...line.split(" "), "--db", db]);
  expect(await runCli(world, COMMANDS)).toBe(0);
  return world.said();
};

const LINE = "replay talk --rows --speedup 4";

/** Whether somebody else is in the middle of writing. */
const isWritten = (): boolean => {
  const store = openStore(db, { busyTimeoutMs: 0 });
  try {
    store.beginRun({ trace: "talk", options: {}, seed: 0, version: "0" }).abort();
    return false;
  } catch (thrown) {
    if (!(thrown instanceof InputError)) throw thrown;
    return true;
  } finally {
    store.close();
  }
};

/** Replays in a process of its own, and kills it while it writes. Whether it came to that. */
const killedHalfWay = async (): Promise<boolean> => {
  const child = spawn(
    process.execPath,
    ["--import", "tsx", resolve("src/cli/main.ts"), ...LINE.split(" "), "--db", db],
    { stdio: "ignore" },
  );
  const gone = new Promise<void>((done) => child.once("close", () => done()));
  while (!isWritten() && child.exitCode === null) {
    await new Promise((done) => setTimeout(done, 20));
  }
  // Far enough that some rows have been taken, and not so far that all have.
  await new Promise((done) => setTimeout(done, 200));
  const isUnderWay = child.exitCode === null && isWritten();
  child.kill("SIGKILL");
  await gone;
  return isUnderWay;
};

describe("a replay in a process of its own", { timeout: 120_000 }, () => {
  it("that is killed while its rows are written leaves the database whole, and no run in it", async () => {
    expect(await killedHalfWay()).toBe(true);
    const store = openStore(db);
    try {
      expect(store.runs()).toEqual([]);
      expect(() => store.runRowCounts(1)).toThrow("STORE-3");
      expect([...store.requests("talk")]).toHaveLength(12_000);
    } finally {
      store.close();
    }
    // The same line, undisturbed, does all of it.
    const { run_id, requests } = JSON.parse(await typed(`${LINE} --json`));
    const rows = (await typed(`export-run ${run_id}`)).split("\r\n");
    expect([requests.total, rows.length]).toEqual([12_000, 12_000 + 2]);
  });
});
