import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { COMMANDS } from "../registry.ts";
import { runCli } from "../run.ts";
import { fakeWorld } from "../testing/fake-world.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "rackproof-subject-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

const typed = async (line: string) => {
  const world = fakeWorld(line.split(" "), { cwd: folder });
  const status = await runCli(world, COMMANDS);
  return { status, out: world.said(), err: world.complained() };
};

describe("rackproof verify --subject", { timeout: 60_000 }, () => {
  it("tells what an implementation breaks, and keeps nothing of it", async () => {
    const cases = join(folder, "cases");
    const line = `verify --subject document/gang --property GNG-5 --profile smoke --cases ${cases}`;
    const { status, out } = await typed(line);
    expect(status).toBe(1);
    expect(out).toMatchInlineSnapshot(`
      "Property  Verdict  Cases  Statement
      ────────  ───────  ─────  ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
      GNG-5     broken       7  well-formed groups find a place without ending anybody, and \`fits\` says so, exactly when there is one at all: as many as all placements tried

      GNG-5 is broken (case: small scope): well-formed groups find a place without ending anybody, and \`fits\` says so, exactly when there is one at all: as many as all placements tried
        shape {"gpus":8,"gpusPerDomain":4,"gpusPerSuperchip":2}
        history:
          place(owner 0, groups [1], priority 0)
          place(owner 2, groups [1,4], priority 0)
        at call 12, placed without ending anybody:
          expected true
          found    false
        rackproof verify --subject document/gang --profile smoke --seed 1 --property GNG-5 plays it again

      document/gang breaks 1 of 1 property; 0 held, 0 not applicable
      "
    `);
    expect(existsSync(cases)).toBe(false);
    expect(readdirSync(folder)).toEqual([]);
  });

  it("gives programs the same", async () => {
    const line = "verify --subject document/gang --part gang --profile smoke --json";
    const { status, out } = await typed(line);
    const { subject, properties } = JSON.parse(out);
    expect(status).toBe(1);
    expect(subject).toBe("document/gang");
    const broken = properties.find(({ id }: { id: string }) => id === "GNG-3");
    expect(broken).toMatchObject({ verdict: "broken", unmet: [] });
    expect(Object.keys(broken.counterexample)).toEqual(["origin", "case", "finding"]);
    const asked = properties.find(({ id }: { id: string }) => id === "GNG-8");
    expect(asked).toMatchObject({ verdict: "not applicable", cases_judged: 0 });
    expect(asked.missing).toContain("releasing a group");
  });

  it("is no finding when all that could be asked held, and unknown when nothing could", async () => {
    const verify = "verify --profile smoke --subject";
    expect((await typed(`${verify} document/savings --property CST-12`)).status).toBe(0);
    const { status, out } = await typed(`${verify} document/gang --property GNG-8`);
    expect(status).toBe(4);
    expect(out).toContain("GNG-8 is not applicable: every case needs what there is not:");
  });

  it("names the nearest when there is no such subject, and those that there are", async () => {
    const { status, out, err } = await typed("verify --subject document/gan");
    expect({ status, out }).toEqual({ status: 2, out: "" });
    expect(err).toContain(`found "document/gan"; did you mean document/gang? [VERIFY-2]`);
    expect((await typed("verify --subject transfer")).err).toContain("mean document/transfer?");
    const listed = await typed("verify --subjects");
    expect(listed.status).toBe(0);
    expect(listed.out).toContain("document/gang        gang       the gang scheduler");
    expect(JSON.parse((await typed("verify --subjects --json")).out).subjects).toHaveLength(13);
  });

  it("refuses a property that asks the subject nothing, and one that there is not", async () => {
    const { status, err } = await typed("verify --subject document/gang --property DIR-2");
    expect(status).toBe(2);
    expect(err).toContain("no property of the choice asks document/gang [VERIFY-2]");
    expect((await typed("verify --subject document/gang --property GNG-99")).status).toBe(2);
  });
});
