// Past 250 lines: all the states that a database file can be found in, and the same way to make each.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import Database from "better-sqlite3";
import { describe, expect, it } from "vitest";
import { SpecViolation } from "#base";
import { openStore } from "./index.ts";
import { aRequest, aSource, importAs, refusal, scratchFolder } from "./testing/samples.ts";

/** Another process that imports `store` from the door and does something with it. */
const otherProcess = (code: string) =>
  spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", code], {
    stdio: ["pipe", "pipe", "inherit"],
  });

const IMPORTING = `
  import { openStore } from "./src/store/index.ts";
  const writer = openStore(DB).importTrace("half", {});
  for (let at = 0; at < 10000; at += 1)
    writer.request({ arrivalNs: at, inputTokens: 1, outputTokens: 1, blocks: new Uint32Array(1000),
      session: -1, turn: 0, delayNs: -1, priority: 0, model: -1, failed: false, extra: "" });
  process.stdout.write("half way");
  process.stdin.resume();`;

const ROUNDS = 50;
/** Opens each database whose path comes in, and answers with a line about what it found. */
const OPENING = `
  import { createInterface } from "node:readline";
  import { openStore } from "./src/store/index.ts";
  const found = (path) => {
    const store = openStore(path);
    const traces = store.traces().length;
    store.close();
    return traces + " traces";
  };
  console.log("ready");
  for await (const path of createInterface(process.stdin)) {
    try { console.log(found(path)); } catch (thrown) { console.log(String(thrown)); }
  }`;

const importingInto = (path: string) =>
  otherProcess(`const DB = ${JSON.stringify(path)};${IMPORTING}`);

describe("opening a store", () => {
  it("makes the database where there is none, and finds it again", () => {
    const path = join(scratchFolder(), "new.db");
    const store = openStore(path);
    importAs(store, "t");
    store.close();
    const again = openStore(path);
    expect(again.traces().map(({ name }) => name)).toEqual(["t"]);
    again.close();
  });

  it("keeps nothing in memory", () => {
    const store = openStore(":memory:");
    importAs(store, "t");
    store.close();
    expect(openStore(":memory:").traces()).toEqual([]);
  });

  it("uses a write-ahead log, which is gone once the store is closed", () => {
    const folder = scratchFolder();
    const store = openStore(join(folder, "t.db"));
    importAs(store, "t");
    expect(readdirSync(folder)).toContain("t.db-wal");
    store.close();
    store.close();
    expect(readdirSync(folder)).toEqual(["t.db"]);
  });

  it("takes an empty file for a new database", () => {
    const path = join(scratchFolder(), "empty.db");
    writeFileSync(path, "");
    const store = openStore(path);
    expect(store.traces()).toEqual([]);
    store.close();
  });

  it("refuses a file that is not SQLite, and leaves every byte of it", () => {
    const path = join(scratchFolder(), "notes.txt");
    const text = "TIMESTAMP,ContextTokens,GeneratedTokens\n".repeat(100);
    writeFileSync(path, text);
    expect(refusal(() => openStore(path))).toMatchInlineSnapshot(
      `"a database must be one that Rackproof made, found a file that is not an SQLite database [STORE-1]"`,
    );
    expect(readFileSync(path, "utf8")).toBe(text);
  });

  it("refuses another program's database, and leaves every byte of it", () => {
    const path = join(scratchFolder(), "theirs.db");
    new Database(path).exec("CREATE TABLE theirs (x)").close();
    const before = readFileSync(path);
    expect(refusal(() => openStore(path))).toContain("another program [STORE-1]");
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  it("refuses a database of a newer version", () => {
    const path = join(scratchFolder(), "newer.db");
    openStore(path).close();
    const db = new Database(path);
    db.pragma("user_version = 99");
    db.close();
    expect(refusal(() => openStore(path))).toMatchInlineSnapshot(
      `"a database must be of schema version 2 or older, found version 99: use the Rackproof that made it, or a newer one [STORE-2]"`,
    );
    expect(refusal(() => openStore(path, { readonly: true }))).toContain("[STORE-2]");
  });

  it("says what is wrong with the place", () => {
    const folder = scratchFolder();
    writeFileSync(join(folder, "file"), "");
    mkdirSync(join(folder, "folder"));
    const said = (path: string, readonly = false): string =>
      refusal(() => openStore(path, { readonly })).replaceAll(folder, "…");
    expect([
      said(""),
      said(join(folder, "absent", "t.db")),
      said(join(folder, "file", "t.db")),
      said(join(folder, "folder")),
      said(join(folder, "absent.db"), true),
      said(join(folder, "file"), true),
    ]).toMatchInlineSnapshot(`
      [
        "a database must be a file in a folder that exists, found an empty name [STORE-5]",
        "a database must be a file in a folder that exists, found no folder …/absent: create it first [STORE-5]",
        "a database must be a file in a folder that exists, found no folder …/file: create it first [STORE-5]",
        "a database must be a file in a folder that exists, found a folder: name a file in it [STORE-5]",
        "a database must exist before it is read or changed, found none: import a trace first [STORE-5]",
        "a database that is only to be read must be of schema version 2, found version 0: write to it once [STORE-5]",
      ]
    `);
    expect(readdirSync(folder).toSorted()).toEqual(["file", "folder"]);
  });

  it("makes no database for who wants to change one that is there", () => {
    const path = join(scratchFolder(), "t.db");
    const change = () => openStore(path, { create: false });
    expect(refusal(change)).toContain("found none: import a trace first [STORE-5]");
    expect(existsSync(path)).toBe(false);
    importAs(openStore(path), "t");
    const store = change();
    store.removeTrace("t");
    expect(store.traces()).toEqual([]);
    store.close();
  });

  it("finds nothing in a new memory to read or to change", () => {
    for (const options of [{ readonly: true }, { create: false }]) {
      expect(refusal(() => openStore(":memory:", options))).toContain("found none");
    }
  });

  it("says that a damaged database is damaged", () => {
    const path = join(scratchFolder(), "t.db");
    const store = openStore(path);
    importAs(store, "t");
    store.close();
    const bytes = readFileSync(path);
    writeFileSync(path, bytes.fill(0xff, 200, bytes.length));
    expect(refusal(() => openStore(path).traces())).toContain("[STORE-1]");
  });

  it("changes nothing when it is opened to be read", () => {
    const path = join(scratchFolder(), "t.db");
    const store = openStore(path);
    importAs(store, "t");
    store.close();
    const reader = openStore(path, { readonly: true });
    expect([...reader.requests("t")]).toEqual([aRequest()]);
    expect(() => reader.importTrace("u", {})).toThrow(SpecViolation);
    expect(() => reader.removeTrace("t")).toThrow("a store that was opened to be read");
    expect(reader.traces()).toHaveLength(1);
    reader.close();
  });
});

describe("two at once", () => {
  it("makes the second writer wait, and then refuses it with a sentence", () => {
    const path = join(scratchFolder(), "t.db");
    const [first, second] = [openStore(path), openStore(path, { busyTimeoutMs: 50 })];
    const writer = first.importTrace("a", {});
    writer.request(aRequest());
    expect(refusal(() => second.importTrace("b", {}))).toMatchInlineSnapshot(
      `"a database must be one that can be opened and written, found another process writing to it: try again when that has finished [STORE-5]"`,
    );
    expect(refusal(() => second.saveVerdicts([]))).toContain("[STORE-5]");
    expect(second.traces()).toEqual([]);
    writer.finish(aSource());
    importAs(second, "b");
    expect(first.traces().map(({ name }) => name)).toEqual(["a", "b"]);
    first.close();
    second.close();
  });

  it("does not let one store write anything else during its import", () => {
    const store = openStore(":memory:");
    importAs(store, "old");
    const writer = store.importTrace("t", {});
    expect(() => store.importTrace("u", {})).toThrow(SpecViolation);
    expect(() => store.removeTrace("old")).toThrow(SpecViolation);
    expect(store.traces()).toHaveLength(1);
    writer.request(aRequest());
    expect(writer.finish(aSource()).requests).toBe(1);
  });

  it("lets several processes make the same database, and each of them finds it ready", async () => {
    const folder = scratchFolder();
    const paths = Array.from({ length: ROUNDS }, (_, round) => join(folder, `${round}.db`));
    const processes = [1, 2, 3, 4].map(() => otherProcess(OPENING));
    const answers = processes.map(({ stdout }) => createInterface(stdout)[Symbol.asyncIterator]());
    const heard = () => Promise.all(answers.map(async (lines) => (await lines.next()).value));
    const ends = processes.map((child) => once(child, "exit"));
    expect(await heard()).toEqual(processes.map(() => "ready"));
    // All processes are awake and get the same path at once: in most rounds two of them meet.
    for (const path of paths) {
      for (const { stdin } of processes) stdin.write(`${path}\n`);
      expect(await heard(), path).toEqual(processes.map(() => "0 traces"));
      // So the header says that a write-ahead log is used.
      expect([...readFileSync(path).subarray(18, 20)]).toEqual([2, 2]);
    }
    for (const { stdin } of processes) stdin.end();
    await Promise.all(ends);
    // Of two that leave at the same moment each may leave the log to the other. The next one takes it away.
    for (const path of paths) openStore(path).close();
    expect(readdirSync(folder)).toHaveLength(ROUNDS);
  }, 60_000);
});

describe("a process that dies in the middle of an import", () => {
  it("leaves nothing of it, and the database as it was", async () => {
    const path = join(scratchFolder(), "t.db");
    const before = openStore(path);
    importAs(before, "old");
    before.close();
    const child = importingInto(path);
    const [said] = await once(child.stdout, "data");
    expect(String(said)).toBe("half way");
    // The half is really on disk: what is tested is that it does not count.
    expect(readFileSync(`${path}-wal`).length).toBeGreaterThan(1_000_000);
    child.kill("SIGKILL");
    await once(child, "exit");

    const after = openStore(path);
    expect(after.traces().map(({ name }) => name)).toEqual(["old"]);
    importAs(after, "half", [aRequest(), aRequest(1)]);
    expect([...after.requests("half")]).toHaveLength(2);
    after.close();
    const db = new Database(path);
    expect(db.prepare("SELECT count(*) FROM trace_requests").pluck().get()).toBe(3);
    expect(db.pragma("integrity_check", { simple: true })).toBe("ok");
    expect(db.pragma("foreign_key_check")).toEqual([]);
    db.close();
  }, 30_000);
});
