import { readFileSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { describe, expect, it } from "vitest";
import { connectionTo } from "./connection.ts";
import { migrate } from "./migrate.ts";
import { opened } from "./open-file.ts";
import { runShelf } from "./runs.ts";
import { aRequest, aSource } from "./testing/samples.ts";
import { traceShelf } from "./traces.ts";
import { verdictShelf } from "./verdicts.ts";

/** A database with a trace, a reject, a run and a verdict, without the store around it. */
const filled = (): Database.Database => {
  const db = new Database(":memory:");
  migrate(db, "t.db");
  const connection = connectionTo(opened(db), "t.db");
  const writer = traceShelf(connection).importTrace("t", {});
  writer.request(aRequest(0, { inputTokens: 5, blocks: Uint32Array.of(0, 1) }));
  writer.request(aRequest(1_500_000_000, { inputTokens: 7, blocks: Uint32Array.of(0) }));
  writer.reject({ code: "TRACE-1", message: "a count must be whole, found 2.5", line: 9 });
  writer.finish(aSource({ blockIds: BigUint64Array.of(10n, 20n) }));
  runShelf(connection).saveRun({
    trace: "t",
    options: {},
    seed: 1,
    version: "0.1.0",
    digest: "12".repeat(32),
    requests: { total: 2, completed: 2, failed: 0 },
    summary: {},
    invariants: [
      { id: "RUN-1", statement: "no request is lost", evaluated: 4, premise_true: 4, violated: 3 },
      { id: "RUN-2", statement: "time goes on", evaluated: 4, premise_true: 4, violated: 0 },
    ],
  });
  verdictShelf(connection).saveVerdicts([
    {
      id: "DIR-2",
      part: "directory",
      statement: "it says where blocks are",
      seed: 1,
      profile: "ci",
      casesAsked: 1,
      casesDone: 1,
      small: { done: 0, complete: true },
      witnesses: [],
      mutants: [],
      verdict: "holds",
    },
  ]);
  return db;
};

describe("the schema", () => {
  it("is STRICT in every table", () => {
    const tables = filled()
      .prepare<[], { name: string; strict: number }>("SELECT name, strict FROM pragma_table_list")
      .all()
      .filter(({ name }) => !name.startsWith("sqlite_"));
    expect(tables.filter(({ strict }) => strict === 1)).toHaveLength(12);
    expect(
      tables
        .filter(({ strict }) => strict === 0)
        .map(({ name }) => name)
        .toSorted(),
    ).toEqual(["run_summary", "trace_summary", "verdicts_latest"]);
  });

  it.each([
    ["UPDATE traces SET sha256 = upper(sha256)", "CHECK"],
    ["UPDATE traces SET name = ''", "CHECK"],
    ["UPDATE traces SET conventions_json = '{'", "CHECK"],
    ["UPDATE traces SET out_of_order = requests", "CHECK"],
    ["UPDATE trace_requests SET blocks = x'010203'", "CHECK"],
    ["UPDATE trace_requests SET blocks = NULL", "NOT NULL"],
    ["UPDATE trace_requests SET input_tokens = 'many'", "cannot store TEXT"],
    ["UPDATE trace_requests SET session = -1", "CHECK"],
    ["UPDATE trace_requests SET failed = 2", "CHECK"],
    ["UPDATE trace_requests SET seq = 0", "UNIQUE"],
    ["UPDATE trace_block_ids SET ids = x''", "CHECK"],
    ["UPDATE trace_block_ids SET ids = zeroblob(524296)", "CHECK"],
    ["UPDATE trace_rejects SET line = 0", "CHECK"],
    ["UPDATE trace_requests SET trace_id = 99", "FOREIGN KEY"],
    ["UPDATE runs SET trace_id = 99", "FOREIGN KEY"],
    ["UPDATE runs SET digest = replace(digest, '1', 'g')", "CHECK"],
    ["UPDATE run_invariants SET violated = premise_true + 1", "CHECK"],
    ["UPDATE verdicts SET cases_asked = 2", "CHECK"],
    ["UPDATE verdicts SET verdict = 'probably'", "CHECK"],
  ])("does not take %s", (sql, why) => {
    expect(() => filled().exec(sql)).toThrow(why);
  });

  it("removes everything below a trace with it, whoever removes it", () => {
    const db = filled();
    db.exec("DELETE FROM traces");
    const left = [
      "trace_requests",
      "trace_rejects",
      "trace_block_ids",
      "runs",
      "run_invariants",
    ].map((table) => db.prepare(`SELECT count(*) FROM ${table}`).pluck().get());
    expect(left).toEqual([0, 0, 0, 0, 0]);
  });

  it("answers the questions of the README", () => {
    const db = filled();
    const readme = readFileSync(join(import.meta.dirname, "README.md"), "utf8");
    const questions = [...readme.matchAll(/```sql\n([^`]+)```/g)].map(([, sql]) => String(sql));
    expect(questions.map((sql) => db.prepare(sql).all())).toEqual([
      [
        {
          name: "t",
          requests: 2,
          span_s: 1.5,
          input_tokens: 12,
          block_refs: 3,
          distinct_blocks: 2,
        },
      ],
      [{ trace: "t", run_id: 1, invariant_id: "RUN-1", violated: 3 }],
      [{ name: "t", line: 9, code: "TRACE-1", message: "a count must be whole, found 2.5" }],
    ]);
  });

  it("sums a run's violations up, and lists the latest verdicts", () => {
    const db = filled();
    expect(db.prepare("SELECT invariants, violations FROM run_summary").all()).toEqual([
      { invariants: 2, violations: 3 },
    ]);
    expect(db.prepare("SELECT property_id, verdict FROM verdicts_latest").all()).toEqual([
      { property_id: "DIR-2", verdict: "holds" },
    ]);
    expect(db.prepare("SELECT rejected_rows, out_of_order FROM trace_summary").all()).toEqual([
      { rejected_rows: 1, out_of_order: 0 },
    ]);
  });
});
