// Past 250 lines: every command on the same two small files, so that what one says can be read beside what the others do.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ISSUE_RULES } from "#base";
import { openStore } from "#store";
import { COMMANDS } from "../registry.ts";
import { runCli } from "../run.ts";
import { fakeWorld, type Surroundings } from "../testing/fake-world.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "rackproof-cli-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const typed = async (line: string, around: Surroundings = {}) => {
  const world = fakeWorld(line.split(" "), { cwd: folder, ...around });
  const status = await runCli(world, COMMANDS);
  return { status, out: world.said(), err: world.complained() };
};

const json = async (line: string) => JSON.parse((await typed(`${line} --json`)).out);

const write = (file: string, text: string): void => writeFileSync(join(folder, file), text);

/** Three requests, the second of which shares the first's leading block. */
const THREE = `{"timestamp":0,"input_length":1000,"output_length":10,"hash_ids":[0,1]}
{"timestamp":1000,"input_length":600,"output_length":20,"hash_ids":[0,2]}
{"timestamp":3000,"input_length":512,"output_length":30,"hash_ids":[3]}
`;

/** Its second and third rows are faulty. */
const BAD = `{"timestamp":0,"input_length":1000,"output_length":10,"hash_ids":[0,1]}
{"timestamp":1000,"input_length":-3,"output_length":20,"hash_ids":[0,2]}
not even JSON
{"timestamp":3000,"input_length":512,"output_length":30,"hash_ids":[3]}
`;

describe("rackproof import", () => {
  it("says what it recognised, why, and where it is now", async () => {
    write("three.jsonl", THREE);
    const { status, out, err } = await typed("import three.jsonl");
    expect(status).toBe(0);
    expect(out).toMatchInlineSnapshot(`
      "three: 3 requests over 3.0 s from three.jsonl, read as mooncake because the rows have hash_ids and input_length, and no chat_id; stored in rackproof.db
      "
    `);
    expect(err).toBe("three.jsonl took 0 ns\n");
  });

  it("recognises a file that it has read in the same way", async () => {
    write("three.jsonl", THREE);
    write("copy.jsonl", THREE);
    await typed("import three.jsonl");
    expect(await typed("import copy.jsonl")).toMatchObject({
      status: 0,
      out: "three: already in rackproof.db, the same file read in the same way; 3 requests over 3.0 s\n",
    });
    expect(await json("traces")).toHaveLength(1);
  });

  it("stores nothing of a bad file, and names every fault of it", async () => {
    write("bad.jsonl", BAD);
    const { status, out, err } = await typed("import bad.jsonl");
    expect([status, out]).toEqual([2, ""]);
    expect(err).toMatchInlineSnapshot(`
      "input_length must be a whole number of 0 or more, found -3 [TRACE-1] at bad.jsonl:2
      a line must be one JSON object, found "not even JSON" [TRACE-5] at bad.jsonl:3
      "
    `);
    expect(await json("traces")).toEqual([]);
  });

  it("passes over bad rows when told to, and keeps their faults", async () => {
    write("bad.jsonl", BAD);
    const { status, out } = await typed("import bad.jsonl --skip-bad-rows --name some");
    expect(status).toBe(0);
    expect(out).toContain("some: 2 requests over 3.0 s");
    expect(out).toContain("; faulty rows passed over: 2;");
    const rejects = await json("trace some --rejects");
    expect(rejects.map(({ line }: { line: number }) => line)).toEqual([2, 3]);
    expect((await typed("trace some --rejects")).out).toMatchInlineSnapshot(`
      "File       Line  Code     Fault
      ─────────  ────  ───────  ──────────────────────────────────────────────────────────
      bad.jsonl     2  TRACE-1  input_length must be a whole number of 0 or more, found -3
      bad.jsonl     3  TRACE-5  a line must be one JSON object, found "not even JSON"
      "
    `);
  });

  it("imports the good ones of several files", async () => {
    write("three.jsonl", THREE);
    write("bad.jsonl", BAD);
    const { status, out, err } = await typed("import bad.jsonl none.csv three.jsonl --json");
    expect(status).toBe(2);
    const { imported, issues } = JSON.parse(out);
    expect(imported.map(({ name }: { name: string }) => name)).toEqual(["three"]);
    expect(issues.map(({ code }: { code: string }) => code)).toEqual([
      "TRACE-1",
      "TRACE-5",
      "TRACE-14",
    ]);
    expect(err).toContain("[TRACE-14]");
  });

  it("does not pretend to have stored a file under a second name", async () => {
    write("three.jsonl", THREE);
    await typed("import three.jsonl");
    const { status, err } = await typed("import three.jsonl --name other");
    expect(status).toBe(2);
    expect(err).toContain(`found --name "other" for one that is stored as "three"`);
  });

  it("reads a window", async () => {
    write("three.jsonl", THREE);
    const { out } = await typed("import three.jsonl --window 1s:3s --name middle");
    expect(out).toContain("middle: 1 request over 0 ns");
    expect(out).toContain("; rows outside the window: 2;");
  });

  it("takes a name for one file only, and a name that is free", async () => {
    write("three.jsonl", THREE);
    expect(await typed("import a b --name c")).toMatchObject({
      status: 2,
      err: "--name must be given with one FILE, found 2 [CLI-5]\n",
    });
    write(
      "more.jsonl",
      `${THREE}{"timestamp":4000,"input_length":1,"output_length":1,"hash_ids":[9]}\n`,
    );
    await typed("import three.jsonl");
    const { status, err } = await typed("import more.jsonl --name three");
    expect(status).toBe(2);
    expect(err).toContain("[STORE-4]");
  });

  it("stores nothing when it is interrupted, and says so", async () => {
    write("three.jsonl", THREE);
    expect(await typed("import three.jsonl", { isInterrupted: true })).toEqual({
      status: 130,
      out: "",
      err: "Interrupted: nothing of three.jsonl was stored.\n",
    });
    expect(await json("traces")).toEqual([]);
  });

  it("has nothing but JSON on stdout when that was asked for, whatever goes wrong", async () => {
    write("bad.jsonl", BAD);
    const lines = ["import bad.jsonl", "import none", "trace none", "trace", "nonsense", "runs x"];
    for (const line of lines) {
      const { status, out } = await typed(`${line} --json`);
      expect(status).toBe(2);
      expect(JSON.parse(out).issues.length).toBeGreaterThan(0);
    }
  });
});

describe("rackproof traces, trace and runs", () => {
  it("need a database that is there", async () => {
    for (const line of ["traces", "trace x", "export x", "runs"]) {
      const { status, err } = await typed(line);
      expect(status).toBe(2);
      expect(err).toContain("import a trace first [STORE-5]");
    }
    expect(readdirSync(folder)).toEqual([]);
  });

  it("list what is stored", async () => {
    write("three.jsonl", THREE);
    await typed("import three.jsonl");
    expect((await typed("traces")).out).toMatchInlineSnapshot(`
      "Name   Requests   Span  Blocks  Passed over  Format    File
      ─────  ────────  ─────  ──────  ───────────  ────────  ───────────
      three         3  3.0 s       4            0  mooncake  three.jsonl
      "
    `);
    expect((await typed("runs")).out).toBe("No run is stored yet.\n");
    expect(await json("runs")).toEqual([]);
  });

  it("list runs with what came of them", async () => {
    write("three.jsonl", THREE);
    await typed("import three.jsonl");
    const store = openStore(join(folder, "rackproof.db"));
    store.saveRun({
      trace: "three",
      options: { tp: 8 },
      seed: 7,
      version: "0.1.0",
      digest: "ab".repeat(32),
      requests: { total: 3, completed: 2, failed: 1 },
      summary: {},
      invariants: [{ id: "RUN-1", statement: "so", evaluated: 9, premise_true: 8, violated: 2 }],
    });
    store.close();
    expect((await typed("runs")).out).toMatchInlineSnapshot(`
      "Run  Trace  Completed  Failed  Cancelled  Violations  Seed  Version  Digest
      ───  ─────  ─────────  ──────  ─────────  ──────────  ────  ───────  ────────────
        1  three          2       1          0           2     7  0.1.0    abababababab
      "
    `);
    expect(await json("runs")).toMatchObject([{ run_id: 1, violations: 2, options: { tp: 8 } }]);
  });

  it("measure a trace that can be checked in the head", async () => {
    write("three.jsonl", THREE);
    await typed("import three.jsonl");
    const measured = await json("trace three");
    expect(Object.keys(measured)).toEqual([
      "name",
      "rows",
      "span_ns",
      "input_tokens",
      "output_tokens",
      "block_refs",
      "distinct_blocks",
      "ideal_prefix_hit",
      "lru_hit",
      "anomalies",
      "distinct_timestamps",
      "failed",
      "sessions",
      "rejected_rows",
      "options",
      "provenance",
    ]);
    expect(measured).toMatchObject({
      rows: 3,
      span_ns: 3e9,
      input_tokens: { p50: 600, max: 1000, total: 2112 },
      block_refs: 5,
      distinct_blocks: 4,
      ideal_prefix_hit: 0.2,
      options: { format: "auto", skip_bad_rows: false, reorder: false },
      provenance: { file: "three.jsonl", format: "mooncake" },
    });
    expect((await typed("trace three")).out).toMatchInlineSnapshot(`
      "Measure                         Value
      ──────────────────────────────  ─────
      rows                                3
      span_ns                         3.0 s
      input_tokens.mean                 704
      input_tokens.p50                  600
      input_tokens.p90                1,000
      input_tokens.p99                1,000
      input_tokens.max                1,000
      input_tokens.total              2,112
      output_tokens.mean                 20
      output_tokens.p50                  20
      output_tokens.p90                  30
      output_tokens.p99                  30
      output_tokens.max                  30
      output_tokens.total                60
      block_refs                          5
      distinct_blocks                     4
      ideal_prefix_hit                0.200
      lru_hit.1000.hit                0.200
      lru_hit.5000.hit                0.200
      lru_hit.10000.hit               0.200
      lru_hit.20000.hit               0.200
      lru_hit.50000.hit               0.200
      anomalies.zero_lengths              0
      anomalies.out_of_order              0
      anomalies.block_count_mismatch      0
      anomalies.two_parents               0
      distinct_timestamps                 3
      failed                              0
      sessions                            0

      What                  Value
      ────────────────────  ────────────────────────────────────────────────────────────────
      file                  three.jsonl
      sha256                070dcec231f07ed11ef50797cb1e392a4093080c58a3cd250aa26b5f5376c745
      size                  218 B
      format                mooncake
      taken for it because  the rows have hash_ids and input_length, and no chat_id
      blocks                512 tokens, ids chained within the file, last block partial
      session rows          none
      0 output tokens       plain
      first arrival         0
      models                none
      "
    `);
  });

  it("take the path of a file that was imported for its trace", async () => {
    write("three.jsonl", THREE);
    await typed("import three.jsonl --name other");
    expect((await json("trace three.jsonl")).name).toBe("other");
    write("stranger.jsonl", THREE.slice(0, 80));
    expect((await typed("trace stranger.jsonl")).err).toBe(
      "a file named instead of a trace must have been imported, found that it was not [STORE-3] at stranger.jsonl\n",
    );
  });

  it("ask which trace is meant when a file was imported twice", async () => {
    write("three.jsonl", THREE);
    await typed("import three.jsonl --name one");
    await typed("import three.jsonl --name two --reorder");
    const { status, err } = await typed("trace three.jsonl");
    expect(status).toBe(2);
    expect(err).toContain('under one name, found "one", "two" [STORE-3]');
  });

  it("propose the nearest name", async () => {
    write("three.jsonl", THREE);
    await typed("import three.jsonl");
    const { status, err } = await typed("trace thre");
    expect(status).toBe(2);
    expect(err).toContain('found "thre"; the nearest: "three" [STORE-3]');
  });
});

describe("rackproof replay", () => {
  it("tells a program everything, and keeps the run, the same one again as the same", async () => {
    write("three.jsonl", THREE);
    await typed("import three.jsonl");
    const first = await json("replay three");
    expect(first).toMatchObject({
      run_id: 1,
      trace: "three",
      requests: { total: 3, completed: 3, failed: 0, cancelled: 0 },
      violations: 0,
    });
    expect(await json("replay three")).toEqual(first);
    expect(await json("runs")).toMatchObject([{ run_id: 1, digest: first.digest }]);
    const again = await typed("replay three");
    expect(again.status).toBe(0);
    expect(again.out).toMatch(/^run 1 of three\n\ndeployed {4}9 × llama-405b/);
    expect(again.err).toBe("replaying three took 0 ns\n");
  });

  it("keeps rows when they are asked for, which a later replay without leaves there", async () => {
    write("three.jsonl", THREE);
    await typed("import three.jsonl");
    expect((await typed("export-run 1")).err).toContain("[STORE-3]");
    await typed("replay three --prefill 1 --decode 1 --rows");
    await typed("replay three --prefill 1 --decode 1");
    const { out } = await typed("export-run 1");
    expect(out.split("\r\n")).toHaveLength(5);
    expect((await typed("export-run 1 --as spans")).out).toContain("kv-transfer,");
  });

  it("refuses what cannot be before it begins, every fault of it", async () => {
    write("three.jsonl", THREE);
    await typed("import three.jsonl");
    const said = async (flags: string) => {
      const { status, out, err } = await typed(`replay three ${flags}`);
      expect([status, out]).toEqual([2, ""]);
      return err;
    };
    expect(await said("--policy nonsense --seed 3 --block-tokens 100")).toMatchInlineSnapshot(`
      "a policy must be one of kv-aware, dynamo-cost, round-robin, least-loaded, random, found "nonsense" [REPLAY-1]
      block tokens must divide the trace's 512 or be a multiple of it, such as 64 or 128, found 100 [TRACE-22]
      "
    `);
    expect(await said("--capacity-blocks 1")).toMatchInlineSnapshot(`
      "a worker of deploy[0] must hold request 0 (1000 tokens in, 10 out), which is 3 blocks of 512 tokens, found 1: with oversized "fail" it fails by itself [REPLAY-2]
      "
    `);
    expect(await said("--model llama-405b --tp 1")).toContain("[SPEC-2]");
    expect(await said("--tp 3")).toContain("deploy[0].tp must be 1, 2, 4 or 8, found 3 [REPLAY-2]");
    expect(await json("runs")).toEqual([]);
  });
});

describe("rackproof export", () => {
  it("writes what an import reads back to the same export", async () => {
    write("three.jsonl", THREE);
    await typed("import three.jsonl");
    const first = (await typed("export three")).out;
    write("again.jsonl", first);
    await typed("import again.jsonl");
    expect((await typed("export again")).out).toBe(first);
    expect((await json("trace again")).ideal_prefix_hit).toBe(0.2);
  });

  it("writes a file, compressed by its name, with the same bytes", async () => {
    write("three.jsonl", THREE);
    await typed("import three.jsonl");
    const { out } = await typed("export three");
    expect(await typed("export three --output plain.jsonl")).toEqual({
      status: 0,
      out: "",
      err: "wrote 3 requests to plain.jsonl\n",
    });
    expect(await json("export three --output z.jsonl.gz")).toEqual({
      name: "three",
      rows: 3,
      output: "z.jsonl.gz",
    });
    expect(readFileSync(join(folder, "plain.jsonl"), "utf8")).toBe(out);
    expect(gunzipSync(readFileSync(join(folder, "z.jsonl.gz"))).toString()).toBe(out);
  });

  it("leaves a file as it was when it is interrupted or cannot write", async () => {
    write("three.jsonl", THREE);
    await typed("import three.jsonl");
    write("kept.jsonl", "kept");
    expect(await typed("export three --output kept.jsonl", { isInterrupted: true })).toMatchObject({
      status: 130,
      err: "Interrupted: kept.jsonl was not written.\n",
    });
    expect(readFileSync(join(folder, "kept.jsonl"), "utf8")).toBe("kept");
    expect(existsSync(join(folder, "kept.jsonl.partial"))).toBe(false);

    const { status, err } = await typed("export three --output no/such/folder.jsonl");
    expect(status).toBe(2);
    expect(err).toBe(
      "the output must be a file that can be written, found no such folder [CLI-3] at no/such/folder.jsonl\n",
    );
    expect((await typed("export three --output .")).err).toContain("found a folder [CLI-3]");
  });

  it("ends quietly when nobody reads it", async () => {
    write("three.jsonl", THREE);
    await typed("import three.jsonl");
    expect(await typed("export three", { readsUntil: 0 })).toEqual({
      status: 141,
      out: "",
      err: "",
    });
  });
});

describe("rackproof generate", () => {
  const SHAPE = "--shape sessions --requests 20 --seed 7";

  it("gives the same bytes for the same seed, and others for another", async () => {
    const first = (await typed(`generate ${SHAPE}`)).out;
    expect((await typed(`generate ${SHAPE}`)).out).toBe(first);
    expect((await typed("generate --shape sessions --requests 20 --seed -8")).out).not.toBe(first);
    expect(first.split("\n")).toHaveLength(22);
  });

  it("stores what its file would be imported as", async () => {
    await typed(`generate ${SHAPE} --output g.jsonl`);
    expect(await typed(`generate ${SHAPE} --import-as g`)).toMatchObject({
      status: 0,
      out: "20 requests of shape sessions, seed 7: stored as g\n",
    });
    expect((await typed("export g")).out).toBe(readFileSync(join(folder, "g.jsonl"), "utf8"));
    expect((await json("trace g.jsonl")).name).toBe("g");
    expect((await typed(`generate ${SHAPE} --import-as h`)).out).toContain("already stored as g");
  });

  it("writes every layout that it can be told, as a file that is recognised", async () => {
    for (const layout of ["rackproof", "mooncake", "azure-2023"]) {
      await typed(
        `generate --shape mooncake-conversation --requests 9 --layout ${layout} --output ${layout}`,
      );
      const { imported } = await json(`import ${layout}`);
      expect(imported).toMatchObject([{ rows: 9, provenance: { format: layout } }]);
    }
  });

  it("refuses what cannot be", async () => {
    const { status, err } = await typed("generate --import-as x --output y --layout mooncake");
    expect(status).toBe(2);
    expect(err).toMatchInlineSnapshot(`
      "--output and --import-as must not be given together [CLI-5]
      --layout must not be given with --import-as [CLI-5]
      "
    `);
    expect((await typed("generate --requests 0 --shape round")).err).toMatchInlineSnapshot(`
      "--shape must be one of mooncake-conversation, mooncake-toolagent, azure-code, azure-conversation, sessions, hot-prompt, bursts, adversarial, found "round" [CLI-2]
      --requests must be a whole number of 1 or more, found "0" [CLI-2]
      "
    `);
  });
});

describe("rackproof remove", () => {
  it("removes a trace, once", async () => {
    write("three.jsonl", THREE);
    await typed("import three.jsonl");
    expect(await typed("remove three")).toEqual({
      status: 0,
      out: "three: removed, with 3 requests and 0 runs\n",
      err: "",
    });
    expect((await typed("remove three")).status).toBe(2);
    expect((await typed("traces")).out).toBe("No trace is stored yet.\n");
  });

  it("takes no file for a name", async () => {
    write("three.jsonl", THREE);
    await typed("import three.jsonl --name other");
    expect((await typed("remove three.jsonl")).status).toBe(2);
    expect(await json("traces")).toHaveLength(1);
  });
});

describe("rackproof issues", () => {
  it("lists every code there is", async () => {
    const codes = (await json("issues")).map(({ code }: { code: string }) => code);
    expect(codes).toEqual(Object.keys(ISSUE_RULES));
    expect((await typed("issues")).out).toContain("CLI-1");
  });
});

describe("the list of commands", () => {
  it("has names that differ, and a summary that is a sentence", () => {
    expect(new Set(COMMANDS.map(({ name }) => name)).size).toBe(COMMANDS.length);
    for (const { summary } of COMMANDS) expect(summary).toMatch(/^[A-Z].*\.$/);
  });

  it.each(COMMANDS)(
    "$name has help with an example that begins with its name",
    async ({ name, load }) => {
      const { status, out } = await typed(`${name} --help`);
      expect(status).toBe(0);
      expect(out).toContain("Examples:");
      expect(out.split("\n").filter((line) => line.length > 100)).toEqual([]);
      for (const { line } of (await load()).examples) expect(line).toContain(`rackproof ${name}`);
    },
  );
});
