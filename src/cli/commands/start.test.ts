import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { COMMANDS } from "../registry.ts";
import { runCli } from "../run.ts";
import { fakeWorld } from "../testing/fake-world.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "rackproof-start-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

const typed = async (line: string) => {
  const world = fakeWorld(line.split(" "), { cwd: folder });
  const status = await runCli(world, COMMANDS);
  return { status, out: world.said(), err: world.complained() };
};

/** Every file of the reports, by path; `bench.*` holds times and is nobody's to compare. */
const reports = (root: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    readdirSync(root, { recursive: true, encoding: "utf8" })
      .filter((path) => /[.](md|csv)$/.test(path) && !path.startsWith("bench."))
      .toSorted()
      .map((path) => [path, readFileSync(join(root, path), "utf8")]),
  );

describe("rackproof start", { timeout: 120_000 }, () => {
  let first: Awaited<ReturnType<typeof typed>> | undefined;

  it("does the main job, prints what the README shows, and writes the reports that are committed", async () => {
    first = await typed("start");
    const { status, out, err } = first;
    expect([status, err]).toEqual([0, ""]);
    const [, shown] =
      /```text\n(database[\s\S]*?)```/.exec(readFileSync("README.md", "utf8")) ?? [];
    expect(out).toBe(shown);
    expect(reports(join(folder, "reports"))).toEqual(reports("reports"));
  });

  it("recognises everything when it is run again, and prints the same", async () => {
    const again = await typed("start");
    expect(again).toEqual(first);
    expect(JSON.parse((await typed("runs --json")).out)).toHaveLength(3);
  });

  it("is what `report` writes afterwards, to the byte", async () => {
    expect((await typed("report --output later")).status).toBe(0);
    expect(reports(join(folder, "later"))).toEqual(reports(join(folder, "reports")));
  });
});
