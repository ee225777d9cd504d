import { describe, expect, it } from "vitest";
import { formatIssue, type Issue } from "#base";
import { createFaults } from "./faults.ts";
import { eachLine, LINE_BYTES_MAX, linesOf } from "./lines.ts";

async function* chunksOf(...parts: readonly (string | Uint8Array)[]): AsyncGenerator<Buffer> {
  for (const part of parts) yield Buffer.from(part);
}

const read = async (chunks: AsyncIterable<Buffer>) => {
  const issues: Issue[] = [];
  const faults = createFaults("t", { reject: (issue) => issues.push(issue) });
  const lines: string[] = [];
  let heldBytesMax = 0;
  for await (const batch of linesOf(chunks, faults)) {
    heldBytesMax = Math.max(heldBytesMax, batch.bytes.length);
    eachLine(batch, (line, number) => lines.push(`${number} ${line}`));
  }
  return { lines, faults: issues.map(formatIssue), heldBytesMax };
};

describe("lines", () => {
  it("are the same however the bytes are cut", async () => {
    const text = "﻿one\n\ntwo é\r\nthree";
    const whole = await read(chunksOf(text));
    expect(whole.lines).toEqual(["1 one", "2 ", "3 two é\r", "4 three"]);
    const single = Buffer.from(text);
    for (const size of [1, 2, 3, 5]) {
      const parts = Array.from({ length: Math.ceil(single.length / size) }, (_, at) =>
        single.subarray(at * size, (at + 1) * size),
      );
      expect((await read(chunksOf(...parts))).lines).toEqual(whole.lines);
    }
  });

  it("need no end after the last, and one end is not another line", async () => {
    expect((await read(chunksOf("a\n"))).lines).toEqual(["1 a"]);
    expect((await read(chunksOf("a"))).lines).toEqual(["1 a"]);
    expect((await read(chunksOf(""))).lines).toEqual([]);
    expect((await read(chunksOf("﻿"))).lines).toEqual([]);
  });

  it("of 100 MB are named and passed over, holding no more than the limit, and reading goes on", async () => {
    const chunk = Buffer.alloc(2 ** 20, 0x78);
    async function* endless(): AsyncGenerator<Buffer> {
      yield Buffer.from("before\n");
      for (let at = 0; at < 100; at += 1) yield chunk;
      yield Buffer.from("\nafter\n");
    }
    const before = process.memoryUsage().arrayBuffers;
    const { lines, faults, heldBytesMax } = await read(endless());
    expect(lines).toEqual(["1 before", "2 ", "3 after"]);
    expect(faults).toEqual([
      "a line must be at most 16 MiB long, found 104857600 bytes [TRACE-7] at t:2",
    ]);
    expect(heldBytesMax).toBeLessThan(2 ** 20);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 * LINE_BYTES_MAX);
  });

  it("may be just as long as the limit, and not a byte longer, also at the end of a file", async () => {
    const longest = Buffer.alloc(LINE_BYTES_MAX, 0x78);
    expect((await read(chunksOf(longest, "\n"))).faults).toEqual([]);
    expect((await read(chunksOf(longest))).faults).toEqual([]);
    expect((await read(chunksOf(longest, "x\n"))).faults).toHaveLength(1);
    expect((await read(chunksOf(longest, "x"))).faults).toHaveLength(1);
  });

  it("with NUL bytes or broken UTF-8 are named and left empty, and their neighbours stay", async () => {
    const { lines, faults } = await read(
      chunksOf("a\n", new Uint8Array([0x62, 0, 10]), "c\n", new Uint8Array([0xff, 0xfe, 10]), "e"),
    );
    expect(lines).toEqual(["1 a", "2 ", "3 c", "4 ", "5 e"]);
    expect(faults).toEqual([
      "a line must be UTF-8 text, found a NUL byte [TRACE-8] at t:2",
      "a line must be UTF-8 text, found other bytes [TRACE-8] at t:4",
    ]);
  });
});
