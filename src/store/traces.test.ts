// Past 250 lines: a trace from its import to its removal, and all that can go wrong on the way.
import Database from "better-sqlite3";
import { describe, expect, it } from "vitest";
import { type Issue, SpecViolation } from "#base";
import { connectionTo } from "./connection.ts";
import { openStore } from "./index.ts";
import { migrate } from "./migrate.ts";
import { opened } from "./open-file.ts";
import { aRequest, aSource, importAs, refusal } from "./testing/samples.ts";
import { traceShelf } from "./traces.ts";

const names = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, at) => `s${at}`);

describe("a trace that was imported", () => {
  it("comes back with every field as it was", () => {
    const store = openStore(":memory:");
    const requests = [
      aRequest(0, { blocks: Uint32Array.of(0, 1, 2), extra: '{"type":"chat"}', model: 1 }),
      aRequest(5, { session: 0, turn: 3, delayNs: 0, priority: -7, failed: true }),
      aRequest(2 ** 53 - 1, { inputTokens: 2 ** 32 - 1, outputTokens: 0, model: 0, session: 1 }),
    ];
    const source = aSource({
      models: ["a", ""],
      sessions: ["x", "日本\u0000語"],
      blockIds: BigUint64Array.of(0n, 2n ** 63n, 2n ** 64n - 1n),
      compressed: true,
      origin: "2023-11-16 18:17:03.9799600",
    });
    const writer = store.importTrace("t", { reorder: false });
    for (const request of requests) writer.request(request);
    const stored = writer.finish(source);

    expect([...store.requests("t")]).toEqual(requests);
    expect(store.source("t")).toEqual(source);
    const { models: _models, sessions: _sessions, blockIds: _blockIds, ...file } = source;
    expect(stored).toEqual({
      ...file,
      name: "t",
      options: { reorder: false },
      requests: 3,
      spanNs: 2 ** 53 - 1,
      rejectedRows: 0,
      outOfOrder: 0,
      distinctBlocks: 3,
    });
    expect(store.trace("t")).toEqual(stored);
  });

  it("comes back whole whatever its length, also where pages and batches end", () => {
    const store = openStore(":memory:");
    for (const count of [1, 15, 16, 17, 255, 256, 257, 1000]) {
      const requests = Array.from({ length: count }, (_, at) => aRequest(at));
      importAs(store, `t${count}`, requests);
      expect([...store.requests(`t${count}`)]).toEqual(requests);
    }
  });

  it("keeps more block ids than a chunk holds", () => {
    const store = openStore(":memory:");
    const blockIds = BigUint64Array.from(
      { length: 65_537 },
      (_, at) => 2n ** 64n - 1n - BigInt(at),
    );
    expect(importAs(store, "t", undefined, { blockIds }).distinctBlocks).toBe(65_537);
    expect(store.source("t").blockIds).toEqual(blockIds);
  });

  it("keeps a prompt of a million blocks", () => {
    const store = openStore(":memory:");
    const blocks = Uint32Array.from({ length: 1_000_000 }, (_, at) => at);
    importAs(store, "t", [aRequest(0, { blocks })], { blockIds: new BigUint64Array(1_000_000) });
    const [request] = store.requests("t");
    expect(request?.blocks.every((block, at) => block === at)).toBe(true);
    expect(request?.blocks).toHaveLength(1_000_000);
  });

  it("keeps a view into a larger array as what is in view", () => {
    const store = openStore(":memory:");
    const blocks = Uint32Array.of(9, 1, 2, 9).subarray(1, 3);
    importAs(store, "t", [aRequest(0, { blocks })], { blockIds: new BigUint64Array(3) });
    expect([...store.requests("t")].map((request) => [...request.blocks])).toEqual([[1, 2]]);
  });

  it("stands in order of arrival, and then of place in the file", () => {
    const store = openStore(":memory:");
    const arrivals = [30, 10, 20, 10, 30, 0];
    const requests = arrivals.map((arrival, at) => aRequest(arrival, { inputTokens: at }));
    const stored = importAs(store, "t", requests);
    const found = [...store.requests("t")].map(({ arrivalNs, inputTokens }) => [
      arrivalNs,
      inputTokens,
    ]);
    expect(found).toEqual([
      [0, 5],
      [10, 1],
      [10, 3],
      [20, 2],
      [30, 0],
      [30, 4],
    ]);
    expect(stored).toMatchObject({ outOfOrder: 4, requests: 6, spanNs: 30 });
  });

  it("stands in order also when there are more requests than a page, with its blocks and faults", () => {
    const store = openStore(":memory:");
    const writer = store.importTrace("t", {});
    for (let at = 999; at >= 0; at -= 1) {
      writer.request(aRequest(at, { blocks: Uint32Array.of(at) }));
    }
    writer.reject({ code: "TRACE-1", message: "a fault", line: 4 });
    writer.finish(aSource({ blockIds: new BigUint64Array(1000) }));
    importAs(store, "next");
    expect([...store.requests("t")].every(({ blocks }, at) => blocks[0] === at)).toBe(true);
    expect(store.rejects("t")).toHaveLength(1);
    expect(store.trace("next").requests).toBe(1);
  });

  it("can be read several times at once, and while something is written", () => {
    const store = openStore(":memory:");
    importAs(
      store,
      "t",
      Array.from({ length: 600 }, (_, at) => aRequest(at)),
    );
    const [left, right] = [store.requests("t"), store.requests("t")];
    let read = 0;
    for (const request of left) {
      if (read === 300) importAs(store, "meanwhile");
      expect(right.next().value).toEqual(request);
      read += 1;
    }
    expect(read).toBe(600);
  });

  it("says so when it is removed while it is read, though another takes its name", () => {
    const store = openStore(":memory:");
    const requests = Array.from({ length: 300 }, (_, at) => aRequest(at));
    importAs(store, "t", requests);
    const reading = store.requests("t");
    reading.next();
    store.removeTrace("t");
    importAs(store, "t", requests);
    expect(refusal(() => [...reading])).toMatchInlineSnapshot(
      `"a trace must stay in the database while it is read, found that it was removed [STORE-5]"`,
    );
  });
});

describe("rows that were passed over", () => {
  it("are kept with their reasons, and counted by line", () => {
    const store = openStore(":memory:");
    const issues: readonly Issue[] = [
      {
        code: "TRACE-1",
        message: "input_length must be a whole number, found -3",
        file: "t",
        line: 17,
      },
      {
        code: "TRACE-9",
        message: 'an id must be a whole number, found "x"',
        file: "t",
        line: 17,
        column: 5,
      },
      {
        code: "TRACE-5",
        message: "a line must be one JSON object, found garbage",
        file: "t",
        line: 99,
      },
    ];
    const writer = store.importTrace("t", {});
    writer.request(aRequest());
    for (const issue of issues) writer.reject(issue);
    expect(writer.finish(aSource()).rejectedRows).toBe(2);
    expect(store.rejects("t")).toEqual(issues);
  });
});

describe("an import", () => {
  it("of nothing is refused, and leaves nothing", () => {
    const store = openStore(":memory:");
    const writer = store.importTrace("t", {});
    writer.reject({ code: "TRACE-5", message: "a line must be one JSON object, found garbage" });
    expect(refusal(() => writer.finish(aSource()))).toMatchInlineSnapshot(
      `"a trace must have at least one request, found 0 and 1 faults [TRACE-11]"`,
    );
    expect(store.traces()).toEqual([]);
    importAs(store, "t");
    expect(store.rejects("t")).toEqual([]);
  });

  it("that is abandoned leaves nothing, and abandoning again nothing of what came after is harmed", () => {
    const store = openStore(":memory:");
    const dropped = store.importTrace("t", {});
    for (let at = 0; at < 100; at += 1) dropped.request(aRequest(at));
    dropped.abandon();
    const next = store.importTrace("t", {});
    dropped.abandon();
    expect(() => dropped.request(aRequest())).toThrow(SpecViolation);
    next.request(aRequest());
    expect(next.finish(aSource()).requests).toBe(1);
    next.abandon();
    expect(store.traces()).toHaveLength(1);
    expect(() => next.finish(aSource())).toThrow("an import takes nothing after its end");
  });

  it("ends when its store is closed", () => {
    const store = openStore(":memory:");
    const writer = store.importTrace("t", {});
    store.close();
    writer.abandon();
    expect(() => writer.request(aRequest())).toThrow(SpecViolation);
  });

  it.each([
    ["a fraction of a token", aRequest(0, { inputTokens: 2.5 })],
    ["no number", aRequest(0, { outputTokens: Number.NaN })],
    ["a count of 2^32", aRequest(0, { inputTokens: 2 ** 32 })],
    ["a negative turn", aRequest(0, { turn: -1 })],
    ["an arrival before the start", aRequest(0, { arrivalNs: -1 as never })],
    ["an arrival that no number holds exactly", aRequest(0, { arrivalNs: (2 ** 53) as never })],
    ["a block that has no id", aRequest(0, { blocks: Uint32Array.of(1) })],
    ["a session that has no name", aRequest(0, { session: 1 })],
    ["a model that has no name", aRequest(0, { model: 1 })],
  ])("of a request with %s is our own defect, and leaves nothing", (_, request) => {
    const store = openStore(":memory:");
    const one = { blockIds: new BigUint64Array(1), sessions: ["s"], models: ["m"] };
    expect(() => importAs(store, "t", [aRequest(), request], one)).toThrow(SpecViolation);
    expect(store.traces()).toEqual([]);
    importAs(store, "t");
  });

  it("of a source that breaks the table's rules is our own defect", () => {
    const store = openStore(":memory:");
    expect(() => importAs(store, "t", undefined, { sha256: "AB".repeat(32) })).toThrow(
      "a row keeps the rules of its table",
    );
    expect(() => importAs(store, "t", undefined, { sizeBytes: -1 })).toThrow(SpecViolation);
    expect(store.traces()).toEqual([]);
  });
});

describe("a disk that fills up in the middle of an import", () => {
  it("ends it with a sentence, and nothing of it is left", () => {
    const db = new Database(":memory:");
    migrate(db, "t.db");
    db.pragma("max_page_count = 200");
    const shelf = traceShelf(connectionTo(opened(db), "t.db"));
    const writer = shelf.importTrace("t", {});
    const blocks = new Uint32Array(1000);
    const fill = (): void => {
      for (let at = 0; at < 1000; at += 1) writer.request(aRequest(at, { blocks }));
    };
    expect(refusal(fill)).toMatchInlineSnapshot(
      `"a database must be one that can be opened and written, found the disk full: make room, or choose a database elsewhere [STORE-5]"`,
    );
    writer.abandon();
    expect(shelf.traces()).toEqual([]);
    expect(db.prepare("SELECT count(*) FROM trace_requests").pluck().get()).toBe(0);
    const next = shelf.importTrace("t", {});
    next.request(aRequest());
    expect(next.finish(aSource()).requests).toBe(1);
  });
});

describe("names", () => {
  it.each([
    "a",
    "with space",
    "Ünïcode 日本語 🎉",
    "'; DROP TABLE traces; --",
    "%_*?",
    "x".repeat(200),
  ])("may be %j", (name) => {
    const store = openStore(":memory:");
    importAs(store, name);
    expect(store.trace(name).name).toBe(name);
    expect([...store.requests(name)]).toHaveLength(1);
    store.removeTrace(name);
    expect(store.traces()).toEqual([]);
  });

  it.each(["", "x".repeat(201), "a\nb", "a\u0000b", "\u001b[31m", "\ud800", "a\u2028b"])(
    "may not be %j",
    (name) => {
      const store = openStore(":memory:");
      expect(refusal(() => store.importTrace(name, {}))).toContain("[STORE-6]");
      importAs(store, "after");
    },
  );

  it("are taken once", () => {
    const store = openStore(":memory:");
    importAs(store, "t", [aRequest(), aRequest(1)]);
    expect(refusal(() => store.importTrace("t", {}))).toMatchInlineSnapshot(
      `"the name "t" must be free, found a trace of it from "sample.jsonl": choose another name or remove that trace [STORE-4]"`,
    );
    expect(store.trace("t").requests).toBe(2);
    importAs(store, "T");
    expect(store.traces().map(({ name }) => name)).toEqual(["t", "T"]);
  });

  it("that are unknown are answered with the nearest", () => {
    const store = openStore(":memory:");
    const sentence = refusal(() => store.trace("moncake"));
    for (const name of ["azure-code", "mooncake", "mooncake-2", "burst"]) importAs(store, name);
    expect([sentence, refusal(() => store.requests("moncake"))]).toMatchInlineSnapshot(`
      [
        "a name must be that of a stored trace, found "moncake"; none is stored yet [STORE-3]",
        "a name must be that of a stored trace, found "moncake"; the nearest: "mooncake", "mooncake-2", "burst" [STORE-3]",
      ]
    `);
    const unknown = [
      () => store.source("x"),
      () => store.rejects("x"),
      () => store.removeTrace("x"),
    ];
    for (const action of unknown) expect(refusal(action)).toContain("[STORE-3]");
  });
});

describe("the same file", () => {
  it("is recognised by its bytes, its options and the importer's version", () => {
    const store = openStore(":memory:");
    const sha256 = "cd".repeat(32);
    const writer = store.importTrace("t", { reorder: true, format: "auto" });
    writer.request(aRequest());
    const stored = writer.finish(aSource({ sha256, importerVersion: 3 }));
    expect(store.findSame(sha256, { format: "auto", reorder: true }, 3)).toEqual(stored);
    expect(store.findSame("ef".repeat(32), { format: "auto", reorder: true }, 3)).toBeUndefined();
    expect(store.findSame(sha256, { format: "auto" }, 3)).toBeUndefined();
    expect(store.findSame(sha256, { format: "auto", reorder: true }, 4)).toBeUndefined();
  });

  it("under two names is found under the first", () => {
    const store = openStore(":memory:");
    importAs(store, "z");
    importAs(store, "a");
    expect(store.findSame(aSource().sha256, {}, 1)?.name).toBe("z");
  });
});

describe("removing a trace", () => {
  it("removes all below it, and nothing of another", () => {
    const store = openStore(":memory:");
    const other = { blocks: Uint32Array.of(0), session: 0, model: 0 };
    const source = { blockIds: BigUint64Array.of(5n), sessions: names(1), models: ["m"] };
    importAs(store, "keep", [aRequest(0, other)], source);
    importAs(store, "drop", [aRequest(0, other)], source);
    store.removeTrace("drop");
    expect(store.traces().map(({ name }) => name)).toEqual(["keep"]);
    importAs(store, "drop", [aRequest(7)]);
    expect([...store.requests("drop")]).toEqual([aRequest(7)]);
    expect(store.source("drop")).toEqual(aSource());
    expect([...store.requests("keep")]).toEqual([aRequest(0, other)]);
    expect(store.source("keep")).toEqual(aSource(source));
  });
});
