import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { COMMANDS } from "../registry.ts";
import { runCli } from "../run.ts";
import { fakeWorld } from "../testing/fake-world.ts";

let folder = "";
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "rackproof-commands-"));
  const bundled = ["conversation-1k.jsonl", "code-1k.csv"].map((name) =>
    join(process.cwd(), "traces", name),
  );
  await typed(`import ${bundled.join(" ")}`);
});
afterAll(() => rmSync(folder, { recursive: true }));

const typed = async (line: string, cwd = folder) => {
  const world = fakeWorld(line.split(" "), { cwd });
  const status = await runCli(world, COMMANDS);
  return { status, out: world.said(), err: world.complained() };
};

describe("rackproof replay", { timeout: 60_000 }, () => {
  it("prints what a program wants to know", async () => {
    const { status, out } = await typed("replay conversation-1k --json");
    expect(status).toBe(0);
    const result = JSON.parse(out);
    expect(result).toMatchObject({
      trace: "conversation-1k",
      requests: { total: 1000, completed: 1000, failed: 0 },
      violations: 0,
      hits: { block_refs: 23_083 },
    });
    expect(result.digest).toMatch(/^[0-9a-f]{64}$/);
    for (const latency of ["ttft_ns", "tpot_ns", "e2e_ns"]) {
      expect(Object.keys(result[latency])).toEqual(
        expect.arrayContaining(["mean", "p50", "p90", "p99", "max"]),
      );
    }
    expect(Object.keys(result.invariants[0])).toEqual([
      "id",
      "statement",
      "evaluated",
      "premise_true",
      "violated",
    ]);
  });

  it("gives the same run for a trace that was exported and imported again", async () => {
    const digestOf = async (name: string, db: string): Promise<string> =>
      JSON.parse((await typed(`replay ${name} --json --db ${db}`)).out).digest;
    const db = join(folder, "again.db");
    expect((await typed("export conversation-1k --output again.jsonl")).status).toBe(0);
    expect((await typed(`import again.jsonl --name again --db ${db}`)).status).toBe(0);
    expect(await digestOf("again", db)).toBe(
      await digestOf("conversation-1k", join(folder, "rackproof.db")),
    );
  });

  it("gives the same bytes in another process", async () => {
    const here = (await typed("replay conversation-1k --json")).out;
    const there = spawnSync(
      process.execPath,
      ["--import", "tsx", "src/cli/main.ts", "replay", "conversation-1k", "--json", "--db"].concat(
        join(folder, "rackproof.db"),
      ),
      { encoding: "utf8", env: { ...process.env, NODE_OPTIONS: "" } },
    );
    expect(there.status).toBe(0);
    expect(there.stdout).toBe(here);
  });

  it("keeps runs apart by what they were asked, and knows one again", async () => {
    const first = JSON.parse((await typed("replay code-1k --policy random --json")).out);
    const again = JSON.parse((await typed("replay code-1k --policy random --json")).out);
    const other = JSON.parse((await typed("replay code-1k --policy random --seed 2 --json")).out);
    expect(again.run_id).toBe(first.run_id);
    expect(other.run_id).not.toBe(first.run_id);
    expect(other.digest).not.toBe(first.digest);
  });

  it("names everything that is wrong with its options", async () => {
    const line = "replay code-1k --policy kv-awar --profile datashet --rate 1 --speedup 2 --json";
    const { status, out, err } = await typed(line);
    expect(status).toBe(2);
    expect(JSON.parse(out).issues.map(({ code }: { code: string }) => code)).toEqual([
      "SPEC-1",
      "REPLAY-1",
      "REPLAY-4",
    ]);
    expect(err).toContain("datasheet");
  });

  it("refuses what cannot be: a model too large, a trace that is not there", async () => {
    expect((await typed("replay code-1k --tp 1 --weight-format fp16")).err).toContain("[SPEC-2]");
    expect(await typed("replay nothing")).toMatchObject({ status: 2, out: "" });
  });
});

describe("rackproof verify", { timeout: 60_000 }, () => {
  it("prints each property with its witnesses and mutants", async () => {
    const { status, out } = await typed("verify --property RTR-2 --profile smoke --json");
    expect(status).toBe(0);
    const [proof] = JSON.parse(out).properties;
    expect(proof).toMatchObject({ id: "RTR-2", part: "router", verdict: "holds" });
    expect(proof.cases_done).toBe(proof.cases_asked);
    expect(Object.keys(proof.witnesses[0])).toEqual(["name", "count", "minimum"]);
    expect(Object.keys(proof.mutants[0])).toEqual(["name", "caught", "cases", "ms"]);
  });

  it("never passes on nothing, and names a file that is no property or no case", async () => {
    const none = join(folder, "none");
    mkdirSync(none);
    expect(await typed(`verify --properties ${none}`)).toMatchObject({ status: 2, out: "" });
    expect((await typed(`verify --properties ${none}/absent`)).err).toContain("[VERIFY-3]");
    writeFileSync(join(none, "bad.json"), "{");
    const { status, err } = await typed(`verify --property RTR-2 --cases ${none}`);
    expect(status).toBe(2);
    expect(err).toMatch(/VERIFY-1\] at .*bad[.]json/);
  });

  it("names parts and properties that there are", async () => {
    const { status, err } = await typed("verify --part ruter --property RTR-99");
    expect(status).toBe(2);
    expect(err).toContain(`found "ruter"; did you mean router or runner? [VERIFY-2]`);
    expect(err.trimEnd().split("\n")).toHaveLength(2);
  });

  it("tells a broken property as a story, keeps its case, and plays it first from then on", async () => {
    const own = join(folder, "own");
    mkdirSync(own);
    const index = join(process.cwd(), "src/verify/index.ts");
    writeFileSync(
      join(own, "cnt-1-counts.property.ts"),
      `import fc from ${JSON.stringify(join(process.cwd(), "node_modules/fast-check/lib/fast-check.js"))};
       import { asIs, finding, histories, property } from ${JSON.stringify(index)};
       const add = fc.record({ kind: fc.constant("add"), item: fc.nat({ max: 9 }) });
       const size = (limit) => () => { let n = 0; return () => Math.min(++n, limit); };
       export default property({
         id: "CNT-1", part: "count", statement: "a counter never stops",
         given: histories({ operations: { add }, small: { alphabet: [], depth: 0 } }),
         subject: size(2), scripts: asIs,
         holds: (history, [replies]) => {
           const at = replies.findIndex((reply, index) => reply !== index + 1);
           return at < 0 ? undefined : finding(at, at + 1, replies[at]);
         },
         witnesses: { "three additions": (history) => history.length > 2 },
         mutants: { "stops at one": size(1) },
       });`,
    );
    const line = `verify --properties ${own} --cases ${join(folder, "cases")}`;
    const { status, out } = await typed(line);
    expect(status).toBe(1);
    expect(out).toMatchInlineSnapshot(`
      "Property  Verdict  Cases  Witnesses  Mutants  Statement
      ────────  ───────  ─────  ─────────  ───────  ─────────────────────
      CNT-1     broken       2        0/1      1/1  a counter never stops

      CNT-1 is broken (case: drawn): a counter never stops
        add(item 0)
        add(item 0)
        add(item 0)
        at call 2:
          expected 3
          found    2
        rackproof verify --property CNT-1 --seed 1 plays it again, first of all

      0 of 1 properties hold, 1 of 1 mutants caught, 1 broken
      "
    `);
    const [file] = readdirSync(join(folder, "cases"));
    expect(file).toMatch(/^cnt-1-[0-9a-f]{8}[.]json$/);
    const again = JSON.parse((await typed(`${line} --json`)).out).properties[0];
    expect(again.counterexample.origin).toBe("saved");
    expect(again.cases_done).toBe(1);
    expect(readdirSync(join(folder, "cases"))).toHaveLength(1);
  });
});

describe("rackproof report", { timeout: 60_000 }, () => {
  it("writes everything the database has, where it was told to", async () => {
    const { status, out } = await typed("report --output all");
    expect(status).toBe(0);
    expect(out).toMatch(/^\d+ files in all; start with all\/README[.]md\n$/);
    expect(existsSync(join(folder, "all", "README.md"))).toBe(true);
  });

  it("says so when it cannot write there", async () => {
    writeFileSync(join(folder, "occupied"), "");
    for (const place of ["occupied", "occupied/below", "/proc/nowhere/at/all"]) {
      const { status, err } = await typed(`report --output ${place}`);
      expect(status).toBe(2);
      expect(err).toContain("[CLI-3]");
    }
  });
});

describe("rackproof catalogue", () => {
  it("lists the public traces with what they must measure", async () => {
    const entries = JSON.parse((await typed("catalogue --json")).out);
    expect(entries.length).toBeGreaterThan(5);
    expect((await typed("catalogue")).out).toContain("Apache-2.0");
  });
});
