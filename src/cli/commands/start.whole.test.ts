import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "csv-parse/sync";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { INVARIANTS } from "#replay";
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
  it("does the main job, prints what the README shows, and writes the reports that are committed", async () => {
    const { status, out, err } = await typed("start");
    expect([status, err]).toEqual([0, ""]);
    const [, shown] =
      /```text\n(database[\s\S]*?)```/.exec(readFileSync("README.md", "utf8")) ?? [];
    expect(out).toBe(shown);
    expect(reports(join(folder, "reports"))).toEqual(reports("reports"));
  });

  it("records comparisons, with how often every invariant meant something in each run", () => {
    for (const name of ["policies-conversation-1k", "policies-sessions-1k", "serving"]) {
      const text = readFileSync(join(folder, "reports", `compare-${name}-invariants.csv`), "utf8");
      const rows = parse(text, { columns: true }) as Record<string, string>[];
      expect(rows.map(({ invariant }) => invariant)).toEqual(Object.keys(INVARIANTS));
      // The fate of each is the count again, or why there is none.
      for (const row of rows) expect(Object.values(row).join()).not.toContain("violated");
    }
  });

  it("leaves what it did to be recognised, not done twice", async () => {
    const trace = join(process.cwd(), "traces", "code-1k.csv");
    expect((await typed(`import ${trace}`)).out).toContain("code-1k: already in rackproof.db");
    const before = JSON.parse((await typed("runs --json")).out);
    // One of each trace, five policies on two of them, and three ways of serving.
    expect(before).toHaveLength(3 + 5 * 2 + 3);
    const again = JSON.parse((await typed("replay code-1k --json")).out);
    expect(again.run_id).toBe(before[1].run_id);
    expect(JSON.parse((await typed("runs --json")).out)).toEqual(before);
  });

  it("is what `report` writes afterwards, to the byte", async () => {
    expect((await typed("report --output later")).status).toBe(0);
    expect(reports(join(folder, "later"))).toEqual(reports(join(folder, "reports")));
  });
});
