import { tmpdir } from "node:os";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { InputError, type Issue } from "#base";
import type { ReadOptions } from "./options.ts";
import { readText } from "./read-text.ts";
import { exampleFiles } from "./reading-in-tests.ts";
import type { TraceRequest } from "./request.ts";

const { readContent } = exampleFiles(tmpdir());

const OPTIONS: ReadOptions = { format: "auto", skipBadRows: false, reorder: false };

const read = (chunks: readonly string[], options: Partial<ReadOptions> = {}) => {
  const requests: TraceRequest[] = [];
  const rejects: Issue[] = [];
  const source = readText(
    { name: "t", chunks: chunks.map((chunk) => Buffer.from(chunk)) },
    { ...OPTIONS, ...options },
    {
      request: (request) => requests.push(request),
      reject: (issue) => rejects.push(issue),
    },
  );
  return { source, requests, rejects };
};

const issuesOf = (chunks: readonly string[]): readonly Issue[] => {
  try {
    read(chunks);
    return [];
  } catch (error) {
    if (error instanceof InputError) return error.issues;
    throw error;
  }
};

const AZURE = "TIMESTAMP,ContextTokens,GeneratedTokens\n";
const ROWS = "2023-11-16 18:17:04,3,4\n2023-11-16 18:17:03,1,2\n";

describe("a text in memory", () => {
  it("gives what a file of it gives", async () => {
    const file = await readContent(AZURE + ROWS, { reorder: true });
    const text = read([AZURE, ROWS], { reorder: true });
    expect(text.requests).toEqual(file.requests);
    expect(file.source).toMatchObject(text.source);
    expect(text.source).toMatchObject({
      format: "azure-2023",
      origin: "2023-11-16 18:17:03",
      counts: { requests: 2, outOfOrder: 1 },
    });
  });

  it("is recognised and refused by its first twenty lines, however many come in one chunk", () => {
    const lines = Array.from({ length: 30 }, (_, at) => (at % 10 === 4 ? "\0\n" : "x\n"));
    const issues = issuesOf(lines);
    expect(issues.map(({ code, line }) => [code, line])).toEqual([
      ["TRACE-10", undefined],
      ["TRACE-8", 5],
      ["TRACE-8", 15],
    ]);
    expect(issuesOf([lines.join("")])).toEqual(issues);
  });

  it("may be of no bytes, in no chunks or in empty ones", () => {
    for (const chunks of [[], [""], ["", ""]]) {
      expect(issuesOf(chunks).map(({ code }) => code)).toEqual(["TRACE-11"]);
    }
  });
});

describe("faulty rows", () => {
  it("are told in order of their lines, whichever check finds them, and alike when unpacked", async () => {
    const text = `${AZURE}2023-11-16 18:17:04,-3,4\n\0\n${"2023-11-16 18:17:04,3,4\n".repeat(4000)}soon,1,1\n\0\n`;
    const plain = await readContent(text, { skipBadRows: true });
    expect(plain.rejects.map((issue) => issue.split(" at ").at(-1))).toEqual([
      "t:2",
      "t:3",
      "t:4004",
      "t:4005",
    ]);
    expect((await readContent(gzipSync(text), { skipBadRows: true })).rejects).toEqual(
      plain.rejects,
    );
  });
});

describe("rows that pretend", () => {
  const chunks = (rows: readonly object[]): Uint8Array[] => [
    new TextEncoder().encode(`${rows.map((row) => JSON.stringify(row)).join("\n")}\n`),
  ];
  const read = (rows: readonly object[]) => {
    const requests: TraceRequest[] = [];
    const issues: Issue[] = [];
    const options = {
      format: "auto",
      skipBadRows: false,
      reorder: false,
      sessionRows: "delta",
    } as const;
    const text = { name: "t.jsonl", chunks: chunks(rows) };
    const sink = {
      request: (request: TraceRequest) => requests.push(request),
      reject: (issue: Issue) => issues.push(issue),
    };
    const run = () => readText(text, options, sink);
    return { requests, issues, run };
  };
  const row = (timestamp: number, session_id: string, output_length: number, ids = [0]) => ({
    timestamp,
    input_length: ids.length * 512,
    output_length,
    hash_ids: ids,
    session_id,
  });

  it("that their answers are huge cost nothing when no later turn contains them", () => {
    const { requests, run } = read(["a", "b", "c"].map((name, at) => row(at, name, 2 ** 32 - 1)));
    run();
    expect(requests.map(({ outputTokens }) => outputTokens)).toEqual([
      2 ** 32 - 1,
      2 ** 32 - 1,
      2 ** 32 - 1,
    ]);
  });

  it("to continue a huge answer are refused, before it is cut into blocks", () => {
    const { issues, run } = read([row(0, "a", 2 ** 32 - 1), row(1, "a", 5, [1])]);
    expect(run).toThrow(InputError);
    expect(issues.map(({ message, line }) => `${message} at ${line}`)).toEqual([
      `a joined prompt must be at most ${2 ** 24} tokens, found ${2 ** 32 - 1 + 1024} at 2`,
    ]);
  });

  it("to continue one of the longest answers are cut into blocks, each new", () => {
    const longest = 2 ** 24 - 1024;
    const { requests, run } = read([row(0, "a", longest), row(1, "a", 5, [1]), row(2, "b", 1)]);
    run();
    expect(requests.map(({ inputTokens }) => inputTokens)).toEqual([512, 2 ** 24, 512]);
    const [, long, other] = requests.map(({ blocks }) => blocks);
    expect(long).toEqual(Uint32Array.from({ length: 2 ** 15 }, (_, at) => at));
    expect(other).toEqual(Uint32Array.of(0));
  });
});
