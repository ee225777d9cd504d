import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { InputError } from "#base";
import { readCatalogue } from "./catalogue.ts";
import { TARGETS } from "./generate/targets.ts";

const FILE = "traces/catalogue.csv";
const published = readFileSync(FILE, "utf8");
const [header = ""] = published.split("\n");

const issuesOf = (csv: string): readonly string[] => {
  try {
    readCatalogue(csv, "c.csv");
  } catch (thrown) {
    if (thrown instanceof InputError) return thrown.message.split("\n");
    throw thrown;
  }
  return [];
};

describe("the catalogue of public traces", () => {
  const entries = readCatalogue(published, FILE);

  it("names each once, with the figures that somebody vouches for", () => {
    expect(new Set(entries.map(({ name }) => name)).size).toBe(entries.length);
    expect(entries.find(({ name }) => name === "mooncake-conversation")).toMatchObject({
      format: "mooncake",
      rows: 12_031,
      inputTokensP50: 6909,
      distinctBlocks: 182_790,
      idealPrefixHit: 0.36641,
    });
    expect(entries.find(({ name }) => name === "azure-2024-code")?.rows).toBeNull();
  });

  it("agrees with the targets of the shapes that are made after its traces", () => {
    const pairs = [
      ["mooncake-conversation", "mooncake-conversation"],
      ["mooncake-toolagent", "mooncake-toolagent"],
      ["azure-code", "azure-2023-code"],
      ["azure-conversation", "azure-2023-conversation"],
    ] as const;
    for (const [shape, name] of pairs) {
      const entry = entries.find((candidate) => candidate.name === name);
      const table = TARGETS.find((candidate) => candidate.shape === shape);
      const target = table?.targets.find(({ figure }) => figure === "input tokens, p50")?.target;
      expect([entry?.rows, entry?.inputTokensP50]).toEqual([table?.requests, target]);
    }
  });

  it("takes its columns in any order, with a byte order mark and CRLF", () => {
    const backwards = published
      .split("\n")
      .slice(0, 2)
      .map((line) => line.split(",").toReversed().join(","));
    expect(readCatalogue(`\ufeff${backwards.join("\r\n")}\r\n`, FILE)).toEqual(entries.slice(0, 1));
  });

  it("says everything that is wrong with it, and where", () => {
    const rows = ["x,csv,a/b,MIT,abc,-1,,,,,,,,me", "y,mooncake,,MIT,,,,,,,,,,me", "z"];
    expect(issuesOf([header, ...rows].join("\n"))).toMatchInlineSnapshot(`
      [
        "format must be one of rackproof, mooncake, azure-2023, azure-2024, azure-2025, burstgpt, qwen-bailian, dynamo-request, found "csv" [TRACE-4] at c.csv:2",
        "sha256 must be 64 hexadecimal digits, found "abc" [TRACE-4] at c.csv:2",
        "rows must be a number, found "-1" [TRACE-4] at c.csv:2",
        "where must not be empty, found "" [TRACE-4] at c.csv:3",
        "a row must have 14 fields, found 1 [TRACE-6] at c.csv:4",
        "format must be one of rackproof, mooncake, azure-2023, azure-2024, azure-2025, burstgpt, qwen-bailian, dynamo-request, found nothing [TRACE-4] at c.csv:4",
        "where must not be empty, found "" [TRACE-4] at c.csv:4",
        "licence must not be empty, found "" [TRACE-4] at c.csv:4",
        "source must not be empty, found "" [TRACE-4] at c.csv:4",
      ]
    `);
    expect(issuesOf('name\n"open')).toHaveLength(1);
    expect(issuesOf("")).toHaveLength(header.split(",").length);
  });
});
