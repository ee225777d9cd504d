import { readFileSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { describe, expect, it } from "vitest";
import { connectionTo } from "./connection.ts";
import { migrate } from "./migrate.ts";
import { opened } from "./open-file.ts";
import { runShelf } from "./runs.ts";
import { aRunRequest, aSeriesRow, aSpan } from "./testing/run-samples.ts";
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
  const run = runShelf(connection).beginRun({ trace: "t", options: {}, seed: 1, version: "0.1.0" });
  run.request(aRunRequest(0));
  run.request(aRunRequest(1, { localBlocks: 4, fetchedBlocks: 0, fetchedFrom: 0 }));
  run.request(
    aRunRequest(2, {
      outcome: "failed",
      reason: "deadline",
      firstTokenNs: -1,
      outputTokens: 0,
      localBlocks: 3,
    }),
  );
  run.series(aSeriesRow(60e9, 0));
  run.series(aSeriesRow(60e9, 8, { busyNs: 60e9 }));
  // Worker 16 has only been there since the first interval.
  run.series(aSeriesRow(80e9, 16, { heldBlocks: 0, cachedBlocks: 0, freeBlocks: 0 }));
  run.span(aSpan(0, { kind: "weights", bytes: 4e9, endNs: 2e9, from: 0 }));
  run.commit({
    digest: "12".repeat(32),
    requests: { total: 3, completed: 2, failed: 1 },
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
    expect(tables.filter(({ strict }) => strict === 1)).toHaveLength(15);
    expect(
      tables
        .filter(({ strict }) => strict === 0)
        .map(({ name }) => name)
        .toSorted(),
    ).toEqual([
      "run_hits",
      "run_latencies",
      "run_outcomes",
      "run_summary",
      "run_utilisation",
      "trace_summary",
      "verdicts_latest",
    ]);
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
    ["UPDATE run_requests SET run_id = 99", "FOREIGN KEY"],
    ["UPDATE run_requests SET request = 0", "UNIQUE"],
    ["UPDATE run_requests SET outcome = 'lost'", "CHECK"],
    ["UPDATE run_requests SET reason = ''", "CHECK"],
    ["UPDATE run_requests SET worker = -1", "CHECK"],
    ["UPDATE run_requests SET end_ns = NULL", "NOT NULL"],
    ["UPDATE run_requests SET input_tokens = 0.5", "cannot store REAL"],
    ["UPDATE run_requests SET fetched_from = 4", "CHECK"],
    ["UPDATE run_series SET at_ns = 0, worker = 0", "UNIQUE"],
    ["UPDATE run_series SET free_blocks = -1", "CHECK"],
    ["UPDATE run_spans SET kind = 'rest'", "CHECK"],
    ["UPDATE run_spans SET start_ns = end_ns + 1", "CHECK"],
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
      "run_requests",
      "run_series",
      "run_spans",
    ].map((table) => db.prepare(`SELECT count(*) FROM ${table}`).pluck().get());
    expect(left).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
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
      [{ request: 0, queueing_ms: 1, ttft_ms: 3, tpot_ms: 1, e2e_ms: 13 }],
      [
        { outcome: "completed", reason: null, requests: 2, output_tokens: 22 },
        { outcome: "failed", reason: "deadline", requests: 1, output_tokens: 0 },
      ],
      [{ block_refs: 8, local_blocks: 5, rack_blocks: 1, ratio_of_sums: 0.75 }],
      [
        { worker: 0, from_s: 0, to_s: 60, busy: 0.25, full: 0.5, tokens_per_s: 10 },
        { worker: 8, from_s: 0, to_s: 60, busy: 1, full: 0.5, tokens_per_s: 10 },
        { worker: 16, from_s: 60, to_s: 80, busy: 0.75, full: null, tokens_per_s: 30 },
      ],
    ]);
  });

  it("gives no latency to what was never reached, and counts both hit rates from the first token", () => {
    const db = filled();
    expect(db.prepare("SELECT * FROM run_latencies WHERE outcome = 'failed'").all()).toMatchObject([
      { request: 2, queueing_ms: 1, ttft_ms: null, tpot_ms: null, e2e_ms: null },
    ]);
    // 2 of 4 and 4 of 4 blocks: 6 of 8, and the mean of 0.5 and 1.
    expect(db.prepare("SELECT mean_of_ratios FROM run_hits").pluck().all()).toEqual([0.75]);
    db.exec("UPDATE run_requests SET blocks = 8, local_blocks = 8 WHERE request = 1");
    expect(db.prepare("SELECT ratio_of_sums, mean_of_ratios FROM run_hits").get()).toEqual({
      ratio_of_sums: 10 / 12,
      mean_of_ratios: 0.75,
    });
    db.exec("UPDATE run_requests SET blocks = 0, local_blocks = 0, fetched_blocks = 0");
    expect(db.prepare("SELECT ratio_of_sums, mean_of_ratios FROM run_hits").get()).toEqual({
      ratio_of_sums: null,
      mean_of_ratios: null,
    });
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
