import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { describe, expect, it } from "vitest";
import { SpecViolation } from "#base";
import { openStore, type RunInput, type RunRequestRow } from "./index.ts";
import { aRun, aRunRequest, aSeriesRow, aSpan } from "./testing/run-samples.ts";
import { aRequest, importAs, refusal, scratchFolder } from "./testing/samples.ts";

const INPUT: RunInput = { trace: "t", options: { tp: 8 }, seed: 1, version: "0.1.0" };
const { trace: _, options: __, seed: ___, version: ____, ...FOUND } = aRun();

const withTrace = (path = ":memory:", requests = 1) => {
  const store = openStore(path);
  importAs(
    store,
    "t",
    Array.from({ length: requests }, (_, at) => aRequest(at)),
  );
  return store;
};

describe("the rows of a run", () => {
  it("come back as they were, each kind in its own order", () => {
    const store = withTrace();
    const nobody: RunRequestRow = {
      ...aRunRequest(7),
      outcome: "failed",
      reason: "deadline",
      deployment: -1,
      worker: -1,
      decodeWorker: -1,
      enqueueNs: -1,
      startNs: -1,
      firstTokenNs: -1,
    };
    const moved = aRunRequest(2, {
      decodeWorker: 16,
      transferNs: 3_000_000,
      transferredNs: 4_000_000,
      endNs: 2 ** 53 - 1,
      inputTokens: 2 ** 32 - 1,
    });
    const fetch = aSpan(5, { kind: "fetch", from: 16, request: 7, bytes: 2 ** 53 - 1 });
    const writer = store.beginRun(INPUT);
    for (const row of [nobody, moved, aRunRequest(0)]) writer.request(row);
    for (const row of [aSeriesRow(60e9, 8), aSeriesRow(60e9, 0)]) writer.series(row);
    for (const row of [aSpan(9), fetch, aSpan(5)]) writer.span(row);
    expect(writer.commit(FOUND)).toEqual({ kind: "stored", runId: 1 });

    expect([...store.runRequests(1)]).toEqual([aRunRequest(0), moved, nobody]);
    expect([...store.runSeries(1)]).toEqual([aSeriesRow(60e9, 0), aSeriesRow(60e9, 8)]);
    expect([...store.runSpans(1)]).toEqual([fetch, aSpan(5), aSpan(9)]);
    expect(store.runRowCounts(1)).toEqual({ requests: 3, series: 2, spans: 3 });
    expect(store.run(1)).toEqual({ runId: 1, ...FOUND, ...INPUT });
  });

  it("come back whole whatever their number, also where pages and batches end", () => {
    const store = withTrace();
    for (const [at, count] of [0, 1, 15, 16, 17, 255, 256, 257, 1000].entries()) {
      const writer = store.beginRun({ ...INPUT, seed: at });
      for (let row = count - 1; row >= 0; row -= 1) {
        writer.request(aRunRequest(row));
        writer.series(aSeriesRow(row, 0));
        writer.span(aSpan(0, { request: row }));
      }
      const { runId } = writer.commit(FOUND);
      const numbers = Array.from({ length: count }, (_, row) => row);
      expect([...store.runRequests(runId)].map(({ request }) => request)).toEqual(numbers);
      expect([...store.runSeries(runId)].map(({ atNs }) => atNs)).toEqual(numbers);
      expect([...store.runSpans(runId)].map(({ request }) => request)).toEqual(
        numbers.toReversed(),
      );
    }
  });

  it("are written while the trace is read from the same database", () => {
    const store = withTrace(":memory:", 1000);
    const writer = store.beginRun(INPUT);
    let at = 0;
    for (const request of store.requests("t")) {
      writer.request(aRunRequest(at, { arrivalNs: request.arrivalNs }));
      at += 1;
    }
    writer.commit(FOUND);
    expect([...store.runRequests(1)].every(({ arrivalNs }, row) => arrivalNs === row)).toBe(true);
    expect(store.runRowCounts(1).requests).toBe(1000);
  });

  it("may be told in the same object again and again", () => {
    const store = withTrace();
    const writer = store.beginRun(INPUT);
    const row = { ...aRunRequest() };
    for (row.request = 0; row.request < 40; row.request += 1) writer.request(row);
    writer.commit(FOUND);
    expect([...store.runRequests(1)].map(({ request }) => request)).toEqual(
      Array.from({ length: 40 }, (_, at) => at),
    );
  });

  it("are the new ones when a run is kept again, and stay when it is kept without", () => {
    const store = withTrace();
    const first = store.beginRun(INPUT);
    first.request(aRunRequest(0));
    first.span(aSpan(0));
    first.commit(FOUND);
    const again = store.beginRun(INPUT);
    again.request(aRunRequest(5));
    expect(again.commit(FOUND)).toEqual({ kind: "same", runId: 1 });
    expect([...store.runRequests(1)]).toEqual([aRunRequest(5)]);
    expect(store.runRowCounts(1)).toEqual({ requests: 1, series: 0, spans: 0 });
    expect(store.saveRun({ ...INPUT, ...FOUND })).toEqual({ kind: "same", runId: 1 });
    expect(store.runRowCounts(1).requests).toBe(1);
  });

  it("go with their run's trace", () => {
    const store = withTrace();
    const writer = store.beginRun(INPUT);
    writer.request(aRunRequest());
    writer.commit(FOUND);
    const reading = store.runRequests(1);
    store.removeTrace("t");
    expect(refusal(() => [...reading])).toMatchInlineSnapshot(
      `"a run must stay in the database while it is read, found that it was removed [STORE-5]"`,
    );
    for (const read of [store.runRequests, store.runSeries, store.runSpans, store.runRowCounts]) {
      expect(refusal(() => read(1))).toContain("[STORE-3]");
    }
  });
});

describe("a run that does not come to its end", () => {
  it("leaves nothing when it is aborted, and the run before it as it was", () => {
    const store = withTrace();
    const first = store.beginRun(INPUT);
    first.request(aRunRequest());
    first.commit(FOUND);
    const again = store.beginRun(INPUT);
    for (let at = 0; at < 100; at += 1) again.request(aRunRequest(at));
    again.abort();
    again.abort();
    expect(() => again.request(aRunRequest())).toThrow("a run takes nothing after its end");
    expect([...store.runRequests(1)]).toEqual([aRunRequest()]);
    const other = store.beginRun({ ...INPUT, seed: 2 });
    other.request(aRunRequest());
    other.abort();
    expect(store.runs()).toHaveLength(1);
  });

  it("is not seen, and nothing else is written meanwhile", () => {
    const path = join(scratchFolder(), "t.db");
    const store = withTrace(path);
    const reader = openStore(path, { readonly: true });
    const writer = store.beginRun(INPUT);
    for (let at = 0; at < 100; at += 1) writer.request(aRunRequest(at));
    expect([store.runs(), reader.runs()]).toEqual([[], []]);
    expect(() => store.removeTrace("t")).toThrow(SpecViolation);
    expect(() => store.beginRun(INPUT)).toThrow("one import or one run at a time");
    writer.commit(FOUND);
    expect([...reader.runRequests(1)]).toHaveLength(100);
    reader.close();
    store.close();
  });

  it.each([
    ["a request told twice", { request: 0 }],
    ["a fraction of a token", { request: 1, inputTokens: 2.5 }],
    ["no number", { request: 1, endNs: Number.NaN }],
    ["less than nothing", { request: 1, computedTokens: -2 }],
    ["an outcome that is none", { request: 1, outcome: "lost" as never }],
  ])("with %s is our own defect, and leaves nothing", (_, wrong) => {
    const store = withTrace();
    const writer = store.beginRun(INPUT);
    writer.request(aRunRequest(0));
    expect(() => {
      writer.request(aRunRequest(0, wrong));
      writer.commit(FOUND);
    }).toThrow("a row keeps the rules of its table");
    expect(store.runs()).toEqual([]);
    expect(store.beginRun(INPUT).commit(FOUND).runId).toBe(1);
  });

  it("with another digest than before is our own defect, and leaves the rows that were there", () => {
    const store = withTrace();
    const first = store.beginRun(INPUT);
    first.request(aRunRequest());
    first.commit(FOUND);
    const again = store.beginRun(INPUT);
    again.request(aRunRequest(3));
    expect(() => again.commit({ ...FOUND, digest: "34".repeat(32) })).toThrow(SpecViolation);
    expect([...store.runRequests(1)]).toEqual([aRunRequest()]);
  });

  it("cannot begin without its trace", () => {
    const store = withTrace();
    expect(refusal(() => store.beginRun({ ...INPUT, trace: "u" }))).toContain("[STORE-3]");
    expect(store.saveRun(aRun()).runId).toBe(1);
  });

  it("leaves nothing when its process is killed", async () => {
    const path = join(scratchFolder(), "t.db");
    withTrace(path).close();
    const code = `
      import { openStore } from "./src/store/index.ts";
      const writer = openStore(${JSON.stringify(path)}).beginRun(${JSON.stringify(INPUT)});
      const row = ${JSON.stringify(aRunRequest())};
      for (let request = 0; request < 300000; request += 1) writer.request({ ...row, request });
      process.stdout.write("half way");
      process.stdin.resume();`;
    const child = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", code], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    const [said] = await once(child.stdout, "data");
    expect(String(said)).toBe("half way");
    // The half is really on disk: what is tested is that it does not count.
    expect(readFileSync(`${path}-wal`).length).toBeGreaterThan(1_000_000);
    child.kill("SIGKILL");
    await once(child, "exit");

    const after = openStore(path);
    expect(after.runs()).toEqual([]);
    const writer = after.beginRun(INPUT);
    writer.request(aRunRequest());
    expect(writer.commit(FOUND)).toEqual({ kind: "stored", runId: 1 });
    after.close();
    const db = new Database(path);
    expect(db.prepare("SELECT count(*) FROM run_requests").pluck().get()).toBe(1);
    expect(db.pragma("integrity_check", { simple: true })).toBe("ok");
    expect(db.pragma("foreign_key_check")).toEqual([]);
    db.close();
  }, 30_000);
});
