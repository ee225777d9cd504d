import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { NANOS_MAX } from "#base";
import { readTrace } from "../read-trace.ts";
import type { TraceRequest } from "../request.ts";
import { conventionsOf, type GenerateOptions, generateTrace } from "./generate.ts";
import { azureTimestamp, generatedLines, type Layout } from "./layouts.ts";
import { SHAPE_NAMES } from "./shapes.ts";

const folder = mkdtempSync(join(tmpdir(), "rackproof-layouts-"));
afterAll(() => rmSync(folder, { recursive: true }));

const text = (options: GenerateOptions, layout: Layout): string =>
  [...generatedLines(options, layout)].join("");

const readBack = async (options: GenerateOptions, layout: Layout, sessionRows?: "whole") => {
  const path = join(folder, `${options.shape}.${layout}`);
  writeFileSync(path, text(options, layout));
  const requests: TraceRequest[] = [];
  const read = await readTrace(
    path,
    { format: "auto", skipBadRows: false, reorder: false, sessionRows },
    { request: (request) => requests.push(request), reject: () => expect.unreachable() },
  );
  return { requests, read };
};

const DAY_NS = 86_400e9;

describe("a generated trace in a file", () => {
  it.each(SHAPE_NAMES)(
    "of shape %s comes back as it was, in the project's own format",
    async (shape) => {
      const options = { shape, requests: 200, seed: 4 };
      const { requests, read } = await readBack(options, "rackproof");
      expect(requests).toEqual([...generateTrace(options)]);
      expect(read.conventions).toEqual(conventionsOf(shape));
      expect(read.origin).toBe(`generated, shape ${shape}, seed 4`);
    },
  );

  it("comes back as it was in Mooncake's layout, sessions included", async () => {
    const options = { shape: "sessions", requests: 200, seed: 4 } as const;
    const { requests } = await readBack(options, "mooncake", "whole");
    expect(requests).toEqual([...generateTrace(options)]);
  });

  it("comes back as it was in Azure's layout", async () => {
    const options = { shape: "azure-code", requests: 100, seed: 4 } as const;
    expect((await readBack(options, "azure-2023")).requests).toEqual([...generateTrace(options)]);
  });
});

describe("Mooncake's layout", () => {
  it("has a line for each request, with a session and a delay where there are any", () => {
    const lines = [...generatedLines({ shape: "sessions", requests: 12, seed: 1 }, "mooncake")];
    expect(lines[0]).toMatchInlineSnapshot(`
      "{"timestamp":0,"session_id":"s0","input_length":3377,"output_length":19,"hash_ids":[0,1,2,3,4,5,6]}
      "
    `);
    expect(lines.find((line) => line.includes("delay"))).toMatchInlineSnapshot(`
      "{"timestamp":10184,"session_id":"s1","delay":8898,"input_length":1376,"output_length":23,"hash_ids":[0,1,13]}
      "
    `);
  });
});

describe("Azure's layout of 2023", () => {
  it("ends its lines on CRLF, and its last on nothing", () => {
    expect(text({ shape: "azure-code", requests: 2, seed: 1 }, "azure-2023")).toMatch(
      /^TIMESTAMP,ContextTokens,GeneratedTokens(\r\n2023-11-16 00:00:00[.]\d{7},\d+,\d+){2}$/,
    );
  });

  it.each([
    [0, "2023-11-16 00:00:00.0000000"],
    [1_000_100, "2023-11-16 00:00:00.0010001"],
    [(3600 + 120 + 3) * 1e9, "2023-11-16 01:02:03.0000000"],
    [DAY_NS - 100, "2023-11-16 23:59:59.9999999"],
    [DAY_NS, "2023-11-17 00:00:00.0000000"],
    [15 * DAY_NS, "2023-12-01 00:00:00.0000000"],
    [46 * DAY_NS, "2024-01-01 00:00:00.0000000"],
    [76 * DAY_NS, "2024-01-31 00:00:00.0000000"],
    [77 * DAY_NS, "2024-02-01 00:00:00.0000000"],
    [NANOS_MAX, "2024-02-28 05:59:59.2547409"],
  ])("dates %d ns on %s", (arrivalNs, expected) => {
    expect(azureTimestamp(arrivalNs)).toBe(expected);
  });
});
