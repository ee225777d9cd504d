import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "csv-parse/sync";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { COMMANDS } from "../registry.ts";
import { runCli } from "../run.ts";
import { fakeWorld } from "../testing/fake-world.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "rackproof-audit-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const typed = async (line: string) => {
  const world = fakeWorld(line.split(" "), { cwd: folder });
  const status = await runCli(world, COMMANDS);
  return { status, out: world.said(), err: world.complained() };
};

const json = async (line: string) => JSON.parse((await typed(`${line} --json`)).out);

const write = (file: string, text: string): void => writeFileSync(join(folder, file), text);

/** A page about a machine that Rackproof does not know: the first claim holds, the second does not, the third follows from it. */
const OURS = `id,place,states,stated,unit,decimals,kind,formula
ours.weights,slide 3,Our model takes 282 GB.,282,GB,0,derived,"weight_bytes('ours-141b', 'fp16')"
ours.rate,slide 3,One GPU decodes 28 tokens a second.,28,tok/s,0,derived,"hbm_bandwidth('mi300x') / claim('ours.weights')"
ours.two,slide 4,Two of them decode 56.,56,tok/s,0,derived,2 * claim('ours.rate')
`;

const PROFILE = JSON.stringify({
  name: "ours",
  extends: "datasheet",
  gpus: { mi300x: "b200" },
  models: { "ours-141b": "llama-70b" },
  figures: {
    "mi300x.hbm_bandwidth_bytes_per_second": { value: 5.3e12, source: "a datasheet" },
    "ours-141b.parameters": 141e9,
  },
});

describe("rackproof audit", () => {
  it("says of the whole document what is recorded, by section, by cause and by root", async () => {
    const { status, out, err } = await typed("audit");
    expect({ status, err }).toEqual({ status: 0, err: "" });
    expect(out).toMatch(/^Section +Claims +Input +Consistent +Rounded +Inconsistent\n/);
    expect(out).toContain("capacity.replicas: 8 [wrong-count]\n└─ e2e.sessions.nvl72: 44.5\n");
    expect(out).toMatch(
      /\n\d+ claims: \d+ input, \d+ consistent, \d+ rounded, \d+ inconsistent\n$/,
    );
  });

  it("gives each claim as JSON, with its formula and what it comes to", async () => {
    const claims = await json("audit");
    expect(claims.length).toBeGreaterThan(500);
    const found = claims.find(({ id }: { id: string }) => id === "rack.hbm.tb");
    expect(Object.keys(found)).toEqual(
      "id section place states stated unit kind formula computed relative_error verdict cause inherits corrected because".split(
        " ",
      ),
    );
    expect(found).toMatchObject({
      stated: 13.5,
      computed: 13.824,
      verdict: "inconsistent",
      cause: "unit",
      corrected: "13.8",
    });
  });

  it("gives the same claims as CSV", async () => {
    const rows = parse((await typed("audit --csv")).out, { columns: true }) as { id: string }[];
    expect(rows.map(({ id }) => id)).toEqual(
      (await json("audit")).map(({ id }: { id: string }) => id),
    );
  });

  it("rebuilds the eight tables in Markdown", async () => {
    const { out } = await typed("audit --markdown");
    expect(out.match(/^## Table: /gm)).toHaveLength(8);
    expect(out).toContain("2.39x ≈ 2.3881x");
    expect(out).toContain("## On public figures");
  });

  it("shows the claims with one verdict only", async () => {
    const claims = await json("audit --only rounded");
    expect(new Set(claims.map(({ verdict }: { verdict: string }) => verdict))).toEqual(
      new Set(["rounded"]),
    );
  });

  it("explains a figure down to what is given", async () => {
    const { status, out } = await typed("audit --explain rack.bandwidth");
    expect(status).toBe(0);
    expect(out).toContain("576 TB/s");
    expect(out).toContain("b200.hbm_bandwidth_bytes_per_second → 8000000000000 (the document: ");
  });

  it("names the nearest claims when there is none of a name", async () => {
    const { status, err } = await typed("audit --explain rack.bandwith");
    expect(status).toBe(2);
    expect(err).toContain('found "rack.bandwith"; did you mean rack.bandwidth');
  });

  it("says which conclusions public figures turn, and ends with 1", async () => {
    const { status, out } = await typed("audit --profile datasheet");
    expect(status).toBe(1);
    expect(out).toMatch(/^\d+ not as recorded\n/);
    expect(out).toMatch(/gpu\.sms\.b200 +192 +148 +input +inconsistent \(wrong-operand\)/);
  });

  it("supposes figures, and shows what they turn", async () => {
    const { status, out } = await typed(
      "audit --set b200.hbm_bytes=186e9 --set h100.hbm_bytes=96e9",
    );
    expect(status).toBe(1);
    expect(out).toMatch(/gpu\.hbm\.ratio +2\.4x +1\.9375x/);
    expect((await typed("audit --set b200.hbm_bytes=192e9")).status).toBe(0);
  });

  it("refuses addresses, values and profiles that are none, all at once", async () => {
    const { status, err } = await typed("audit --set b200.hbm_byte=1 --set b200.hbm_bytes=much");
    expect(status).toBe(2);
    expect(err).toMatchInlineSnapshot(`
      "an address must be that of a figure of the reference (b200.hbm_bytes, h100.hbm_bytes, b200.l2_bytes?), found "b200.hbm_byte" [SPEC-7]
      b200.hbm_bytes must be a number, found "much" [SPEC-7]
      "
    `);
    expect((await typed("audit --set nonsense")).err).toContain("such as b200.hbm_bytes=186e9");
    expect((await typed("audit --profile elsewhere.json")).err).toContain("[CLI-6]");
    expect((await typed("audit --profile dokument")).err).toContain("document, datasheet");
  });

  it("audits somebody else's claims with somebody else's figures", async () => {
    write("ours.csv", OURS);
    write("ours.json", PROFILE);
    const { status, out } = await typed("audit --claims ours.csv --profile ours.json --csv");
    const rows = parse(out, { columns: true }) as Record<string, string>[];
    expect(
      rows.map(({ id, computed, verdict, inherits }) => [id, computed, verdict, inherits]),
    ).toEqual([
      ["ours.weights", "282", "consistent", ""],
      ["ours.rate", String(5300 / 282), "inconsistent", ""],
      ["ours.two", String((2 * 5300) / 282), "inconsistent", "ours.rate"],
    ]);
    expect(status).toBe(1);
  });

  it("names every fault of a file of claims with its line and column", async () => {
    write(
      "bad.csv",
      OURS.replace("2 * claim('ours.rate')", "2 * clam('ours.rate')").replace(
        "282,GB",
        "about 282,GB",
      ),
    );
    const { status, err } = await typed("audit --claims bad.csv");
    expect(status).toBe(2);
    expect(err).toContain("[CLAIM-3] at bad.csv:2\n");
    expect(err).toContain("[CLAIM-4] at bad.csv:4:64\n");
    expect((await typed("audit --claims none.csv")).err).toContain(
      "no such file [CLI-6] at none.csv",
    );
  });

  it("lists the functions of formulas, and the figures with their sources", async () => {
    expect((await typed("audit --functions")).out).toContain("hbm_bandwidth(gpu)");
    const listed = await json("audit --figures --set b200.sms=148");
    expect(listed.find(({ address }: { address: string }) => address === "b200.sms")).toEqual({
      address: "b200.sms",
      value: 148,
      kind: "supposed",
      where: "put in by hand",
    });
  });

  it("prints the same bytes twice", async () => {
    expect((await typed("audit --markdown")).out).toBe((await typed("audit --markdown")).out);
  });
});
