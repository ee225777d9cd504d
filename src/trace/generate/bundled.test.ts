import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { bundledLines, bundledTraces } from "./bundled.ts";

describe("the bundled traces", () => {
  it.each(bundledTraces)("$file is what its seed gives, byte for byte", (bundled) => {
    const lies = readFileSync(bundled.file);
    const made = Buffer.from([...bundledLines(bundled)].join(""));
    expect(made.equals(lies)).toBe(true);
    expect(lies.length).toBeLessThan(400_000);
  });
});
