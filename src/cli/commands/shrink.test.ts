import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BlockPool } from "#rack";
import { type Plan, readReplayOptions, referenceParts, replay } from "#replay";
import { openStore } from "#store";
import type { PartsOf } from "#verify";
import type { CommandEntry } from "../command.ts";
import { COMMANDS } from "../registry.ts";
import { findingsOf, replayTraceOf, runInput } from "../replay-stored.ts";
import { runCli } from "../run.ts";
import { fakeWorld } from "../testing/fake-world.ts";
import { shrinkOver } from "./shrink.ts";

let folder = "";

/** Forgets that a request has ended, when it has more than three blocks. */
class Leaky extends BlockPool {
  readonly #long = new Set<number>();

  override admit(request: number, blocks: Uint32Array, unnamed: number) {
    if (blocks.length > 3) this.#long.add(request);
    return super.admit(request, blocks, unnamed);
  }

  override release(request: number) {
    return this.#long.delete(request) ? ({ kind: "done" } as const) : super.release(request);
  }
}

const leaky: PartsOf = (plan: Plan) => ({
  ...referenceParts(plan),
  createPool: (capacity, events) => new Leaky(capacity, events),
});

/** What is typed where the rack's parts are sound, or broken. */
const typed = async (line: string, partsOf: PartsOf = undefined) => {
  const shrink: CommandEntry = {
    name: "shrink",
    summary: "",
    load: async () => shrinkOver(partsOf),
  };
  const others = COMMANDS.filter(({ name }) => name === "import" || name === "replay");
  const world = fakeWorld(line.split(" "), { cwd: folder });
  const status = await runCli(world, [...others, shrink]);
  return { status, out: world.said(), err: world.complained() };
};

const OPTIONS = { deploy: [{ model: "llama-405b", replicas: 1 }] };

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "rackproof-shrink-"));
  const rows = Array.from({ length: 40 }, (_, at) => ({
    timestamp: 100 * at,
    input_length: 512 * (1 + (at % 7)),
    output_length: 5,
    hash_ids: Array.from({ length: 1 + (at % 7) }, (__, block) => 10 * at + block),
  }));
  const lines = rows.map((row) => JSON.stringify(row));
  writeFileSync(join(folder, "rows.jsonl"), `${lines.join("\n")}\n`);
  await typed("import rows.jsonl --format mooncake");
  const store = openStore(join(folder, "rackproof.db"));
  const trace = replayTraceOf(store, "rows");
  for (const [checks, on_violation, partsOf] of [
    ["all", "stop", leaky],
    ["all", "record", undefined],
    ["none", "record", undefined],
  ] as const) {
    const options = readReplayOptions({ ...OPTIONS, checks, on_violation });
    const requests = store.requests("rows");
    const result = replay({ ...trace, requests }, options, { partsOf });
    store.saveRun({ ...runInput("rows", options), ...findingsOf(result) });
  }
  store.close();
});
afterAll(() => rmSync(folder, { recursive: true }));

const files = (): readonly string[] => readdirSync(join(folder, "cases"));

describe("rackproof shrink", () => {
  it("cuts a stored run to the requests that break it, keeps them, and plays them again", async () => {
    const { status, out, err } = await typed("shrink 1 --cases cases", leaky);
    expect(status).toBe(1);
    expect(err).toMatch(/^cut 40 requests to 1 request in \d+ replays, which took 0 ns\n$/);
    const [file] = files();
    expect(out.replace(String(file), "FILE")).toMatchInlineSnapshot(`
      "RUN-8 is violated: the blocks in use on a worker never exceed what its requests asked for, nor its capacity
      first at 25.0 ms, when request 0 was last heard of, off by 4

      llama-405b/fp4/fp8/tp8, kv-aware:bound=2, blocks of 512 tokens

      Request  Arrives     In  Out  Blocks  Session  Worker  What happened
      ───────  ───────  ─────  ───  ──────  ───────  ──────  ────────────────────
            0     0 ns  2,048    1  0–3           –       0  completed at 25.0 ms

      rackproof shrink cases/FILE plays it again
      "
    `);
    const saved = JSON.parse(readFileSync(join(folder, "cases", String(file)), "utf8"));
    expect(saved).toMatchObject({ property: "RUN-8", case: { kind: "run", invariant: "RUN-8" } });
    const store = openStore(join(folder, "rackproof.db"));
    expect(store.cases()).toMatchObject([{ property: "RUN-8", part: "replay", case: saved.case }]);
    store.close();

    const again = await typed(`shrink cases/${file}`, leaky);
    expect(again).toMatchObject({ status: 1, err: "" });
    expect(out.startsWith(again.out)).toBe(true);
    const healed = await typed(`shrink cases/${file}`);
    expect(healed).toMatchObject({ status: 0, err: "" });
    expect(healed.out).toMatch(/^RUN-8 holds: .*\n\n.*\n\n.*\n.*\n.*completed at/);
  });

  it("says all of it as JSON, the same each time", async () => {
    const line = "shrink 1 --cases cases --invariant RUN-8 --quiet --json";
    const { status, out, err } = await typed(line, leaky);
    expect([status, err]).toEqual([1, ""]);
    const said = JSON.parse(out);
    expect(said).toMatchObject({
      run_id: 1,
      trace: "rows",
      requests_before: 40,
      is_minimal: true,
      case_id: 1,
      file: `cases/${files()[0]}`,
      invariant: "RUN-8",
      breaks: true,
      violation: { id: "RUN-8", request: 0 },
      case: { requests: [{ arrival_ns: 0, input_tokens: 2048, output_tokens: 1 }] },
    });
    expect((await typed(line, leaky)).out).toBe(out);
    expect(files().length).toBe(1);
  });

  it("says of a run that violates nothing, or was not watched, or does not any more, that it is so", async () => {
    expect(await typed("shrink 2")).toMatchObject({
      status: 0,
      out: "Run 2 violates nothing: there is nothing to shrink.\n",
    });
    expect(await typed("shrink 3")).toMatchObject({
      status: 4,
      out: "Run 3 was not watched: replay it with --checks all.\n",
    });
    const healed = await typed("shrink 1 --json");
    expect(healed.status).toBe(0);
    expect(JSON.parse(healed.out)).toMatchObject({ run_id: 1, breaks: false });
  });

  it("says when the budget was too small", async () => {
    const { status, err } = await typed("shrink 1 --cases cases --budget 1", leaky);
    expect(status).toBe(1);
    expect(err).toContain("; the budget ran out, a larger one may cut more\n");
  });

  it("refuses what is not there, and what is no case", async () => {
    writeFileSync(join(folder, "broken.json"), "{");
    writeFileSync(join(folder, "other.json"), '{"property":"DIR-2","case":[],"because":""}');
    const lines = [
      "shrink 99",
      "shrink nowhere.json",
      "shrink .",
      "shrink broken.json",
      "shrink other.json",
      "shrink 1 --invariant RUN-2",
      "shrink 1 --invariant DIR-2",
      "shrink 1 --cases rows.jsonl/cases",
    ];
    const said: string[] = [];
    for (const line of lines) {
      const { status, out, err } = await typed(`${line} --quiet`, leaky);
      expect([status, out]).toEqual([2, ""]);
      // How JSON is faulty is Node's own sentence, which changes.
      said.push(err.replaceAll(folder, "…").replace(/JSON, found: .*? \[/, "JSON, found: … ["));
    }
    expect(said).toMatchInlineSnapshot(`
      [
        "a run must be a stored one, found 99; the latest is 3 [STORE-3] at …/rackproof.db
      ",
        "RUN must be the number of a stored run or a file that is there to be read, found neither [CLI-6] at nowhere.json
      ",
        "RUN must be the number of a stored run or a file that is there to be read, found a folder [CLI-6] at .
      ",
        "a case must be JSON, found: … [VERIFY-1] at broken.json
      ",
        "a case of a run must be an object, found [] [VERIFY-1] at other.json
      ",
        "--invariant must be one that run 1 violated (RUN-8), found RUN-2 [CLI-2]
      ",
        "--invariant must be one of RUN-1, RUN-2, RUN-3, RUN-4, RUN-5, RUN-6, RUN-7, RUN-8, RUN-9, RUN-10, RUN-11, RUN-12, RUN-13, RUN-14, RUN-15, RUN-16, RUN-17, RUN-18, RUN-19, RUN-20, RUN-21, RUN-22, RUN-23, RUN-24, RUN-25, RUN-26, RUN-27, RUN-28, found "DIR-2" [CLI-2]
      ",
        "the output must be a file that can be written, found a path through something that is not a folder [CLI-3] at …/rows.jsonl/cases/run-8-80c769d6.json
      ",
      ]
    `);
  });
});
