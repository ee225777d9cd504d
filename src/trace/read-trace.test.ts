// Past 250 lines: every rule of reading beside the fault that breaks it, on the same few rows.
import { appendFileSync, truncateSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { FAULTS_CARRIED } from "./reading/faults.ts";
import { hashFile } from "./reading/file.ts";
import { blocksOf, exampleFiles, jsonl, readPath } from "./reading-in-tests.ts";

const { readContent, withFile } = exampleFiles(tmpdir());

const row = (timestamp: unknown, more: object = {}): object => ({
  timestamp,
  input_length: 600,
  output_length: 5,
  hash_ids: [1, 2],
  ...more,
});

const AZURE = "TIMESTAMP,ContextTokens,GeneratedTokens\n";
const azureRows = (count: number): string =>
  Array.from(
    { length: count },
    (_, at) => `2023-11-16 18:17:${String(at % 60).padStart(2, "0")},${at},1\n`,
  ).join("");

describe("a file that cannot be used", () => {
  it("may be missing, a folder, or under a file", async () => {
    await withFile("", async (path) => {
      expect((await readPath(`${path}-not`)).faults).toEqual([
        `a trace must be a file that can be read, found nothing [TRACE-14] at ${path}-not`,
      ]);
      expect((await readPath(join(path, ".."))).faults).toEqual([
        `a trace must be a file that can be read, found a folder [TRACE-14] at ${join(path, "..")}`,
      ]);
      expect((await readPath(join(path, "x"))).faults[0]).toContain("TRACE-14");
    });
  });

  it("may be a device, which is not waited for", async () => {
    const { faults } = await readPath("/dev/null");
    expect(faults[0]).toContain("found a device, a pipe or a socket [TRACE-14]");
  });

  it.each(["", "\n\n", "\uFEFF", gzipSync("")])("may be empty: %j", async (content) => {
    expect((await readContent(content)).faults).toEqual([
      "a trace must have at least one request, found nothing in the file [TRACE-11] at t",
    ]);
    for (const format of ["mooncake", "azure-2023", "rackproof"] as const) {
      const { faults } = await readContent(content, { format });
      expect(faults).toEqual([
        "a trace must have at least one request, found no rows [TRACE-11] at t",
      ]);
    }
  });

  it("may hold a header and nothing else", async () => {
    const own = jsonl({
      schema: "rackproof.trace.v1",
      origin: "",
      conventions: {
        blockTokens: null,
        ids: "none",
        idScope: "file",
        lastBlock: "none",
        sessionRows: "none",
        zeroOutput: "plain",
      },
      block_ids: "numbers",
    });
    for (const header of [AZURE, own]) {
      expect((await readContent(header)).faults).toEqual([
        "a trace must have at least one request, found no rows [TRACE-11] at t",
      ]);
    }
    expect((await readContent(own.replace('"origin":""', '"origin":"\\ud800"'))).faults).toEqual([
      "a file of this format must begin with its header, found none that is sound [TRACE-4] at t",
      'origin must be text that UTF-8 can hold, found "\\ud800" [TRACE-8] at t:1',
    ]);
  });

  it("may have its rows outside the window, and others", async () => {
    const beyond = { fromNs: 1e15, skipBadRows: true };
    expect((await readContent(jsonl(row(0)), beyond)).faults).toEqual([
      "a trace must have at least one request, found 1 row outside the window [TRACE-11] at t",
    ]);
    const { faults } = await readContent(jsonl(row(0), "oops", row(1)), beyond);
    expect(faults[0]).toBe(
      "a trace must have at least one request, found 1 faulty row and 2 rows outside the window [TRACE-11] at t",
    );
  });

  it("may be binary: NUL bytes are named, and no format is guessed", async () => {
    const { faults } = await readContent(
      new Uint8Array([0x7f, 0x45, 0x4c, 0x46, 0, 0, 10, 0xff, 0xfe]),
    );
    expect(faults[0]).toContain("found no line of text [TRACE-10] at t");
    expect(faults.slice(1)).toEqual([
      "a line must be UTF-8 text, found a NUL byte [TRACE-8] at t:1",
      "a line must be UTF-8 text, found other bytes [TRACE-8] at t:2",
    ]);
  });

  it("may be of no known format: what was found is said, and what the formats are", async () => {
    const json = await readContent(jsonl({ prompt: "x", answer: "y" }));
    expect(json.faults[0]).toMatch(
      /mooncake \(hash_ids and .*found rows with prompt, answer \[TRACE-10\] at t$/,
    );
    const csv = await readContent("a,b\n1,2\n");
    expect(csv.faults[0]).toContain("found a first line with a, b [TRACE-10]");
  });

  it("may lack columns of the format that was named", async () => {
    const { faults } = await readContent("TIMESTAMP,Tokens\n2023-11-16 18:17:03,1\n", {
      format: "azure-2023",
    });
    expect(faults[0]).toBe(
      'the header must name ContextTokens, GeneratedTokens, found "TIMESTAMP", "Tokens" [TRACE-4] at t:1',
    );
    expect((await readContent(`${AZURE.trim()},TIMESTAMP\n`)).faults[0]).toContain(
      'found "TIMESTAMP" twice [TRACE-6]',
    );
  });

  it("may span more than 104 days, unless it is read through a window", async () => {
    const rows = jsonl(row(0), row(110 * 86_400_000), row(121 * 86_400_000));
    expect((await readContent(rows)).faults).toEqual([
      "a trace must span at most 104 days, or be read in windows by fromNs and toNs, found 110 days [TRACE-15] at t:2",
    ]);
    const day = 86_400e9;
    const late = await readContent(rows, { fromNs: 109 * day });
    expect(late.requests.map(({ arrivalNs }) => arrivalNs)).toEqual([day, 12 * day]);
    expect(late.source).toMatchObject({
      origin: "0 + 9417600000000000 ns",
      counts: { requests: 2, outsideWindow: 1 },
    });
    const early = await readContent(rows, { toNs: 121 * day, fromNs: 110 * day });
    expect(early.requests.map(({ arrivalNs }) => arrivalNs)).toEqual([0]);
    expect(early.source?.counts.outsideWindow).toBe(2);
  });
});

describe("compressed files", () => {
  const text = jsonl(row(0), row(1), row(2));

  it("are told by their first bytes, whatever their name, also in several members", async () => {
    const two = Buffer.concat([gzipSync(jsonl(row(0))), gzipSync(jsonl(row(1)))]);
    const { requests, source } = await readContent(two);
    expect(requests).toHaveLength(2);
    expect(source).toMatchObject({ compressed: true, sizeBytes: two.length });
    await withFile(two, async (path) => expect((await hashFile(path)).sha256).toBe(source?.sha256));
  });

  it.each([1, 8, 20])("that are cut %i bytes short are named", async (bytes) => {
    const { faults, requests } = await readContent(gzipSync(text).subarray(0, -bytes), {
      format: "mooncake",
    });
    expect(faults).toEqual([
      "a compressed file must be whole, found one that ends too early [TRACE-12] at t",
    ]);
    expect(requests.length).toBeLessThanOrEqual(3);
  });

  it("that are cut before their first line is whole are named for that, and no format is missed", async () => {
    const { faults } = await readContent(gzipSync(text).subarray(0, 14));
    expect(faults).toEqual([
      "a compressed file must be whole, found one that ends too early [TRACE-12] at t",
    ]);
  });

  it("of many chunks are read whole, and let go when the sink has had enough", async () => {
    const content = gzipSync(AZURE + azureRows(60) + "2023-11-16 18:17:59,1,1\n".repeat(40_000));
    expect((await readContent(content)).requests).toHaveLength(40_060);
    await withFile(content, async (path) => {
      const thrower = (): void => {
        throw new RangeError("full");
      };
      await expect(readPath(path, {}, thrower)).rejects.toThrow("full");
    });
  });

  it("that are damaged, or followed by something else, are named, however bad rows are treated", async () => {
    const damaged = Buffer.from(gzipSync(text));
    damaged[damaged.length - 6] = (damaged[damaged.length - 6] ?? 0) ^ 0xff;
    const options = { format: "mooncake", skipBadRows: true } as const;
    expect((await readContent(damaged, options)).faults).toEqual([
      "a compressed file must be whole, found one that is damaged [TRACE-12] at t",
    ]);
    const followed = Buffer.concat([gzipSync(text), Buffer.from("and more")]);
    expect((await readContent(followed, options)).faults).toEqual([
      "a compressed file must be whole, found one that is damaged [TRACE-12] at t",
    ]);
  });

  it.each([8, 500_000])("that are followed by %i NUL bytes are named", async (bytes) => {
    const padded = Buffer.concat([gzipSync(text), Buffer.alloc(bytes)]);
    expect((await readContent(padded)).faults).toEqual([
      `a compressed file must end with its last member, found ${bytes} bytes after it [TRACE-12] at t`,
    ]);
  });
});

describe("a file that changes while it is read", () => {
  const content = AZURE + azureRows(60);
  const changed = "a file must stay the same while it is read, found it changed [TRACE-13] at t";

  it.each([
    ["grows", (path: string) => appendFileSync(path, "2023-11-16 18:18:00,1,1\n")],
    ["shrinks", (path: string) => truncateSync(path, 100)],
    [
      "is written again with the same length",
      (path: string) => {
        writeFileSync(path, content.replace(",59,1", ",58,1"));
        utimesSync(path, 1, 1);
      },
    ],
  ])("is named when it %s", async (_how, change) => {
    await withFile(content, async (path) => {
      let hasChanged = false;
      const { faults } = await readPath(path, {}, () => {
        if (!hasChanged) change(path);
        hasChanged = true;
      });
      expect(faults).toEqual([changed]);
    });
  });

  it("is named when it is no longer the one whose hash was taken", async () => {
    await withFile(content, async (path) => {
      const expect_ = await hashFile(path);
      expect((await readPath(path, { expect: expect_ })).faults).toEqual([]);
      appendFileSync(path, "2023-11-16 18:18:00,1,1\n");
      expect((await readPath(path, { expect: expect_ })).faults).toEqual([changed]);
    });
  });
});

describe("bad rows", () => {
  it.each([
    [{ input_length: -3 }, "input_length must be a whole number of 0 or more, found -3 [TRACE-1]"],
    [
      { input_length: "-3" },
      'input_length must be a whole number of 0 or more, found "-3" [TRACE-1]',
    ],
    [
      { output_length: 1.5 },
      "output_length must be a whole number of 0 or more, found 1.5 [TRACE-1]",
    ],
    [
      { output_length: null },
      "output_length must be a whole number of 0 or more, found null [TRACE-1]",
    ],
    [{ input_length: 2 ** 32 }, "input_length must be below 2^32, found 4294967296 [TRACE-1]"],
    [{ input_length: undefined }, "input_length must be given, found nothing [TRACE-4]"],
    [{ timestamp: undefined }, "timestamp must be given, found nothing [TRACE-4]"],
    [{ timestamp: "7" }, 'timestamp must be milliseconds, 0 or more, found "7" [TRACE-2]'],
    [{ timestamp: -7 }, "timestamp must be milliseconds, 0 or more, found -7 [TRACE-2]"],
    [{ hash_ids: 7 }, "hash_ids must be a list of block ids, found 7 [TRACE-9]"],
    [
      { hash_ids: [1, -2] },
      "item 2 of hash_ids must be a whole number of 0 … 2^64 − 1, found -2 [TRACE-9]",
    ],
    [
      { hash_ids: [0.5] },
      "item 1 of hash_ids must be a whole number of 0 … 2^64 − 1, found 0.5 [TRACE-9]",
    ],
    [
      { hash_ids: ["18446744073709551616"] },
      'item 1 of hash_ids must be a whole number of 0 … 2^64 − 1, found "18446744073709551616" [TRACE-9]',
    ],
    [{ session_id: {} }, "session_id must be text or a whole number, found {} [TRACE-21]"],
    [{ priority: "high" }, 'priority must be a whole number, found "high" [TRACE-21]'],
    [{ session_id: "s", delay: -1 }, "delay must be milliseconds, 0 or more, found -1 [TRACE-2]"],
    [
      { session_id: "s", timestamp: undefined, delay: 4 },
      "timestamp must be given for a session's first turn, found nothing [TRACE-4]",
    ],
  ])("%j is named", async (fields, fault) => {
    const { faults, rejects } = await readContent(jsonl(row(1), row(2, fields)), {
      sessionRows: "whole",
    });
    expect(faults).toEqual([`${fault} at t:2`]);
    expect(rejects).toEqual(faults);
  });

  it.each([
    ["NaN", "a line must be one JSON object, found "],
    ["1e400", "timestamp must be milliseconds, 0 or more, found a number that no double holds"],
    [
      "99999999999999999999",
      "timestamp must be milliseconds, 0 or more, found 99999999999999999999",
    ],
  ])("a JSON timestamp of %s is named", async (text, fault) => {
    const bad = `{"timestamp":${text},"input_length":1,"output_length":1,"hash_ids":[]}`;
    expect((await readContent(jsonl(row(1), bad))).faults[0]).toContain(fault);
  });

  it.each([0, "12345678901234567890"])(
    "a line that is nested too deep is named, beside %s as well",
    async (number) => {
      const nested = (levels: number): string =>
        `{"timestamp":2,"input_length":1,"output_length":1,"hash_ids":[],"id":${number},"x":${"[".repeat(levels - 1)}${"]".repeat(levels - 1)}}`;
      expect((await readContent(jsonl(row(1), nested(100)))).requests).toHaveLength(2);
      for (const levels of [101, 5000, 100_000]) {
        expect((await readContent(jsonl(row(1), nested(levels)))).faults).toEqual([
          "a line must be nested at most 100 levels deep, found more [TRACE-5] at t:2",
        ]);
      }
    },
  );

  it("a name that is half a character is named, wherever it stands", async () => {
    const half = (fields: string): string =>
      `{"timestamp":2,"input_length":1,"output_length":1,"hash_ids":[],${fields}}`;
    const options = { sessionRows: "whole" } as const;
    const { faults } = await readContent(jsonl(row(1), half('"session_id":"a\\ud83d"')), options);
    expect(faults).toEqual([
      'session_id must be text that UTF-8 can hold, found "a\\ud83d" [TRACE-8] at t:2',
    ]);
    const whole = await readContent(jsonl(row(1), half('"session_id":"a\\ud83d\\ude00"')), options);
    expect(whole.source?.sessions).toEqual(["a😀"]);
    // What is only carried along stays escaped.
    const extra = await readContent(jsonl(half('"note":"a\\ud83d"')));
    expect(extra.requests[0]?.extra).toBe('{"note":"a\\ud83d"}');
  });

  it.each(["[1]", "7", "null", '"x"', "{", '{"a":1}{'])("the line %.12s is named", async (line) => {
    const { faults } = await readContent(jsonl(row(1), line));
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatch(/^a line must be one JSON object, found .* \[TRACE-5\] at t:2$/);
  });

  it.each([
    [
      "2023-11-16 18:17:03,NaN,1",
      'ContextTokens must be a whole number of 0 or more, found "NaN" [TRACE-1]',
    ],
    [
      "2023-11-16 18:17:03,1e400,1",
      'ContextTokens must be a whole number of 0 or more, found "1e400" [TRACE-1]',
    ],
    [
      "2023-11-16 18:17:03,1,-1",
      'GeneratedTokens must be a whole number of 0 or more, found "-1" [TRACE-1]',
    ],
    [
      "2023-11-16 18:17:03,1.5,1",
      'ContextTokens must be a whole number of 0 or more, found "1.5" [TRACE-1]',
    ],
    [
      "2023-11-16 18:17:03,,1",
      'ContextTokens must be a whole number of 0 or more, found "" [TRACE-1]',
    ],
    [
      "2023-11-16 18:17:03,9999999999999999999999,1",
      'ContextTokens must be below 2^32, found "9999999999999999999999" [TRACE-1]',
    ],
    ["2023-11-16 18:17:03,1", "a row must have the header's 3 fields, found 2 [TRACE-6]"],
    ["2023-11-16 18:17:03,1,1,1", "a row must have the header's 3 fields, found 4 [TRACE-6]"],
    [
      "yesterday,1,1",
      'TIMESTAMP must be a time as 2024-05-12 00:00:00.001163 without a zone, found "yesterday" [TRACE-2]',
    ],
    [
      '"2023-11-16 18:17:03,1,1',
      "a quoted field must end before its comma or line does, found an open quote [TRACE-6]",
    ],
    [
      '2023-11-16 18:17:03,"1"x,"1"',
      "a quoted field must end before its comma or line does, found a quote in the middle of a field [TRACE-6]",
    ],
  ])("the CSV row %s is named, and its neighbours are read", async (bad, fault) => {
    const content = `${AZURE}2023-11-16 18:17:03,1,1\n\n${bad}\n2023-11-16 18:17:04,"2",2\n`;
    const { faults } = await readContent(content);
    expect(faults).toEqual([`${fault} at t:4`]);
    const { requests, source, rejects } = await readContent(content, { skipBadRows: true });
    expect(requests.map(({ inputTokens }) => inputTokens)).toEqual([1, 2]);
    expect(rejects).toEqual([`${fault} at t:4`]);
    expect(source?.counts).toMatchObject({ requests: 2, rejectedRows: 1 });
  });

  it("are all named, each field of each row, and what is good among them is read on request", async () => {
    const content = jsonl(
      row(0),
      row(-1, { input_length: 0.5 }),
      "",
      "oops",
      row(2, { hash_ids: [1, 3] }),
    );
    const strict = await readContent(content);
    expect(strict.faults.map((fault) => fault.slice(fault.indexOf("[")))).toEqual([
      "[TRACE-2] at t:2",
      "[TRACE-1] at t:2",
      "[TRACE-5] at t:4",
    ]);
    const lenient = await readContent(content, { skipBadRows: true });
    expect(lenient.rejects).toEqual(strict.faults);
    expect(blocksOf(lenient)).toEqual([
      [0, 1],
      [0, 2],
    ]);
    expect(lenient.source?.counts).toMatchObject({ requests: 2, rejectedRows: 2 });
  });

  it("leave no number in the blocks, the models or the sessions of what is kept", async () => {
    const burst =
      "Timestamp,Model,Request tokens,Response tokens,Total tokens,Log Type,Session ID\n";
    const { source } = await readContent(`${burst}1,bad,1,1,3,a,x\n2,good,1,1,2,a,y\n`, {
      skipBadRows: true,
    });
    expect(source).toMatchObject({ models: ["good"], sessions: ["y"] });
  });

  it("beyond what an error carries are counted in it, and each reaches the sink", async () => {
    const content = jsonl(row(0), ...Array.from({ length: FAULTS_CARRIED + 5 }, () => "oops"));
    const { faults, rejects } = await readContent(content);
    expect(rejects).toHaveLength(FAULTS_CARRIED + 5);
    expect(faults).toHaveLength(FAULTS_CARRIED + 1);
    expect(faults.at(-1)).toBe("every row must be readable, found 5 faults more [TRACE-18] at t");
  });

  it("are still no trace when there is nothing else", async () => {
    const { faults } = await readContent(jsonl("oops", "oops"), {
      format: "mooncake",
      skipBadRows: true,
    });
    expect(faults[0]).toBe(
      "a trace must have at least one request, found 2 faulty rows [TRACE-11] at t",
    );
  });
});

describe("rows out of order", () => {
  const content = jsonl(row(5), row(9), row(7, { hash_ids: [4] }), row(9), row(2));

  it("are named, each against the latest above it", async () => {
    expect((await readContent(content)).faults).toEqual([
      'timestamp must not be earlier than on line 2, unless rows are reordered, found "7" [TRACE-3] at t:3',
      'timestamp must not be earlier than on line 4, unless rows are reordered, found "2" [TRACE-3] at t:5',
    ]);
  });

  it("are taken on request, with arrivals from the earliest, and counted", async () => {
    const { requests, source } = await readContent(content, { reorder: true });
    expect(requests.map(({ arrivalNs }) => arrivalNs / 1e6)).toEqual([3, 7, 5, 7, 0]);
    expect(source?.origin).toBe("2");
    expect(source?.counts.outOfOrder).toBe(2);
  });

  it("are taken through a window too", async () => {
    const { requests, source } = await readContent(content, {
      reorder: true,
      fromNs: 3e6,
      toNs: 7e6,
    });
    expect(requests.map(({ arrivalNs }) => arrivalNs / 1e6)).toEqual([0, 2]);
    expect(source?.counts.outsideWindow).toBe(3);
  });
});

describe("a reading", () => {
  it("through a window still joins the turns before it", async () => {
    const turn = (timestamp: number, id: number) => ({
      timestamp,
      input_length: 2,
      output_length: 2,
      hash_ids: [id],
      session_id: "s",
    });
    const reading = await readContent(jsonl(turn(0, 1), turn(10, 2), turn(20, 3)), {
      sessionRows: "delta",
      blockTokens: 2,
      fromNs: 5e6,
    });
    expect(
      reading.requests.map(({ inputTokens, turn, session }) => [inputTokens, turn, session]),
    ).toEqual([
      [6, 0, 0],
      [10, 1, 0],
    ]);
    expect(blocksOf(reading)).toEqual([
      [0, 1, 2],
      [0, 1, 2, 3, 4],
    ]);
    expect([...(reading.source?.blockIds ?? [])]).toEqual([
      1n,
      2n ** 64n - 1n,
      2n,
      2n ** 64n - 1n,
      3n,
    ]);
  });

  it("refuses options that describe nothing", async () => {
    const { faults } = await readContent("", {
      format: "parquet" as never,
      blockTokens: 0,
      ids: "both" as never,
      idScope: "rack" as never,
      sessionRows: "delta",
      skipBadRows: true,
      fromNs: 9,
      toNs: 9,
    });
    expect(faults).toHaveLength(6);
    for (const fault of faults) expect(fault).toContain("[TRACE-19]");
  });

  it("tells how far it is, up to the file's last byte", async () => {
    const content = AZURE + azureRows(60).repeat(1);
    await withFile(content, async (path) => {
      const told: (readonly [number, number])[] = [];
      const { readTrace } = await import("./read-trace.ts");
      const sink = {
        request: () => {},
        reject: () => {},
        progress: (done: number, total: number) => void told.push([done, total]),
      };
      await readTrace(path, { format: "auto", skipBadRows: false, reorder: true }, sink);
      expect(told).toEqual([
        [content.length, 2 * content.length],
        [2 * content.length, 2 * content.length],
      ]);
    });
  });

  it("passes on what its sink throws", async () => {
    await withFile(jsonl(row(0)), async (path) => {
      const thrower = (): void => {
        throw new RangeError("full");
      };
      await expect(readPath(path, {}, thrower)).rejects.toThrow("full");
    });
  });

  it("of a hundred thousand rows across many chunks loses none", async () => {
    const count = 100_000;
    const rows = Array.from({ length: count }, (_, at) => {
      const second = `${String(Math.floor(at / 3600) % 24).padStart(2, "0")}:${String(Math.floor(at / 60) % 60).padStart(2, "0")}:${String(at % 60).padStart(2, "0")}`;
      return `2023-11-${16 + Math.floor(at / 86_400)} ${second},${at},1`;
    });
    const { requests } = await readContent(`${AZURE}${rows.join("\r\n")}`);
    expect(requests).toHaveLength(count);
    expect(
      requests.every(
        ({ inputTokens, arrivalNs }, at) => inputTokens === at && arrivalNs === at * 1e9,
      ),
    ).toBe(true);
  });
});
