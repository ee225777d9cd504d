import Database from "better-sqlite3";
import { describe, expect, it } from "vitest";
import { connectionTo } from "./connection.ts";
import { migrate } from "./migrate.ts";
import { opened } from "./open-file.ts";
import { runShelf } from "./runs.ts";
import { APPLICATION_ID, MIGRATIONS } from "./schema.ts";
import { aRun } from "./testing/run-samples.ts";
import { aRequest, aSource, refusal } from "./testing/samples.ts";
import { traceShelf } from "./traces.ts";

const versionOf = (db: Database.Database): unknown => db.pragma("user_version", { simple: true });
const tablesOf = (db: Database.Database): readonly unknown[] =>
  db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").pluck().all();

const STEPS = ["CREATE TABLE a (x INTEGER) STRICT;", "CREATE TABLE b (y INTEGER) STRICT;"];

describe("migrations", () => {
  it("bring an empty database to the latest version and mark it as ours", () => {
    const db = new Database(":memory:");
    migrate(db, "t.db");
    expect(versionOf(db)).toBe(MIGRATIONS.length);
    expect(db.pragma("application_id", { simple: true })).toBe(APPLICATION_ID);
    expect(Buffer.from(APPLICATION_ID.toString(16), "hex").toString()).toBe("Rkpf");
  });

  it("bring an older database on from where it is, and keep what is in it", () => {
    const db = new Database(":memory:");
    migrate(db, "t.db", STEPS.slice(0, 1));
    db.exec("INSERT INTO a VALUES (7)");
    migrate(db, "t.db", STEPS);
    expect(versionOf(db)).toBe(2);
    expect(tablesOf(db)).toEqual(["a", "b"]);
    expect(db.prepare("SELECT x FROM a").pluck().get()).toBe(7);
  });

  it("bring on a database whose runs have no rows yet, and keep the runs", () => {
    const db = new Database(":memory:");
    db.pragma("foreign_keys = ON");
    migrate(db, "t.db", MIGRATIONS.slice(0, 1));
    const connection = connectionTo(opened(db), "t.db");
    const writer = traceShelf(connection).importTrace("t", {});
    writer.request(aRequest());
    writer.finish(aSource());
    runShelf(connection).saveRun(aRun());
    migrate(db, "t.db");
    const shelf = runShelf(connection);
    expect(shelf.run(1)).toEqual({ runId: 1, ...aRun() });
    expect(shelf.runRowCounts(1)).toEqual({ requests: 0, series: 0, spans: 0 });
    expect(shelf.beginRun(aRun()).commit(aRun()).kind).toBe("same");
  });

  it("do nothing the second time", () => {
    const db = new Database(":memory:");
    migrate(db, "t.db", STEPS);
    migrate(db, "t.db", STEPS);
    expect(versionOf(db)).toBe(2);
  });

  it("leave a step that fails half way wholly undone, and the steps before it done", () => {
    const db = new Database(":memory:");
    const broken = [
      ...STEPS.slice(0, 1),
      "CREATE TABLE b (y INTEGER); CREATE TABLE a (x INTEGER);",
    ];
    expect(() => migrate(db, "t.db", broken)).toThrow("table a already exists");
    expect(versionOf(db)).toBe(1);
    expect(tablesOf(db)).toEqual(["a"]);
    expect(db.inTransaction).toBe(false);
  });

  it("refuse a newer database and leave it as it is", () => {
    const db = new Database(":memory:");
    migrate(db, "t.db", STEPS);
    expect(refusal(() => migrate(db, "t.db", STEPS.slice(0, 1)))).toMatchInlineSnapshot(
      `"a database must be of schema version 1 or older, found version 2: use the Rackproof that made it, or a newer one [STORE-2]"`,
    );
    expect(versionOf(db)).toBe(2);
  });

  it("refuse a database of another program, also one that has no mark but has tables", () => {
    const unmarked = new Database(":memory:").exec("CREATE TABLE theirs (x)");
    expect(refusal(() => migrate(unmarked, "t.db"))).toMatchInlineSnapshot(
      `"a database must be one that Rackproof made, found an SQLite database of another program [STORE-1]"`,
    );
    expect(tablesOf(unmarked)).toEqual(["theirs"]);
    const marked = new Database(":memory:");
    marked.pragma("application_id = 1");
    expect(refusal(() => migrate(marked, "t.db"))).toContain("[STORE-1]");
    const versioned = new Database(":memory:");
    versioned.pragma("user_version = 1");
    expect(refusal(() => migrate(versioned, "t.db"))).toContain("[STORE-1]");
  });
});
