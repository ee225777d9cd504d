import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { fakeWorld } from "../testing/fake-world.ts";
import { type Conversation, conversation, longerAnswersFile, mooncakeFile } from "./inputs.ts";
import { replayContests } from "./replay-contests.ts";
import { blockCounts, importLengths, withCopy } from "./replay-inputs.ts";
import { QUICK } from "./sizes.ts";
import type { Stage } from "./stage.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "rackproof-test-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const world = () => fakeWorld([], { cwd: folder });

/** A trace file of one's own, read. */
const given = (file: string, lines: readonly string[]): Promise<Conversation> => {
  writeFileSync(join(folder, file), lines.map((line) => `${line}\n`).join(""));
  return conversation(world(), folder, file, { requests: 1, seed: 1, always: true });
};

/** 600 tokens in blocks 0 and 1, then 1,100 in 0, 1 and 2. */
const TALK = [
  '{"timestamp":0,"input_length":600,"output_length":9,"hash_ids":[0,1]}',
  '{"timestamp":3000,"input_length":1100,"output_length":20,"hash_ids":[0,1,2]}',
];

/** A stage of which only so much is looked at. */
const stageOf = (talk: Conversation, change: Partial<Stage> = {}): Stage =>
  ({ sizes: QUICK, folder, conversation: talk, db: join(folder, "db"), ...change }) as Stage;

const figuresOf = (stage: Stage): readonly string[] =>
  replayContests(stage).flatMap(({ measures }) => measures.map(({ name }) => name));

describe("the blocks that a replay meets", () => {
  it("are counted in their own size", async () => {
    expect(blockCounts(await given("talk.jsonl", TALK), 512)).toEqual({ refs: 5, distinct: 3 });
  });

  it("are counted as they are cut", async () => {
    // 600 tokens are 38 blocks of 16, of which six in block 1; 1,100 are 69: block 1 whole, five in block 2, and the first 38 seen before.
    expect(blockCounts(await given("talk.jsonl", TALK), 16)).toEqual({ refs: 107, distinct: 69 });
  });

  it("are counted as they are joined", async () => {
    // A pair is named by its second: the first two prompts' pair 0-1 is one block, and the third's last lies alone.
    expect(blockCounts(await given("talk.jsonl", TALK), 1024)).toEqual({ refs: 3, distinct: 2 });
  });

  it("are all different in a trace that names none", async () => {
    const csv = ["TIMESTAMP,ContextTokens,GeneratedTokens", "2023-11-16 18:17:03.9799600,100,5"];
    expect(blockCounts(await given("azure.csv", csv), 64)).toEqual({ refs: 2, distinct: 2 });
  });
});

describe("the sizes of block that are measured", () => {
  const REPLAYS = /^replay, \d+-token/;

  it("are 16 tokens and the trace's own", async () => {
    const figures = figuresOf(stageOf(await given("talk.jsonl", TALK)));
    expect([...new Set(figures.filter((name) => REPLAYS.test(name)))]).toEqual([
      "replay, 16-token blocks",
      "replay, 512-token blocks",
    ]);
  });

  it.each([
    [16, ["replay, 16-token blocks"]],
    [24, ["replay, 24-token blocks"]],
    [null, ["replay, 16-token blocks", "replay, 64-token blocks"]],
  ])("are, of a trace with %s tokens a block, %j", async (blockTokens, expected) => {
    const talk = { ...(await given("talk.jsonl", TALK)), blockTokens };
    const figures = figuresOf(stageOf({ ...talk, requests: [] }));
    expect([...new Set(figures.filter((name) => REPLAYS.test(name)))]).toEqual(expected);
  });
});

describe("longer answers", () => {
  it("are the same requests otherwise", async () => {
    const talk = await given("talk.jsonl", TALK);
    const { path, file } = await longerAnswersFile(world(), folder, talk, 10);
    expect(file).toMatchObject({
      file: "answers-10.jsonl",
      rows: 2,
      origin: "talk.jsonl with 10 times the output tokens",
    });
    const read = await conversation(world(), folder, path, { requests: 1, seed: 1, always: true });
    expect(read.requests).toEqual(
      talk.requests.map((request, at) => ({ ...request, outputTokens: [90, 200][at] })),
    );
  });
});

describe("a long trace", () => {
  it("begins with the short one, and its file goes when it is stored", async () => {
    const lines: (readonly string[])[] = [];
    const talk = await given("talk.jsonl", TALK);
    const makeConversation = async (requests: number): Promise<string> =>
      (await mooncakeFile(world(), folder, requests, 1)).path;
    const files: string[] = [];
    const program: Stage["program"] = async (line) => {
      lines.push(line);
      files.push(...readdirSync(folder).filter((name) => name.startsWith("mooncake-like")));
      return { wallMs: 1, peakBytes: 1, out: "" };
    };
    const db = await importLengths(stageOf(talk, { program, makeConversation }), [2, 20]);
    expect(files).toEqual(["mooncake-like-2.jsonl", "mooncake-like-20.jsonl"]);
    expect(readdirSync(folder)).toEqual(["talk.jsonl"]);
    const at = (requests: number): string => join(folder, `mooncake-like-${requests}.jsonl`);
    expect(lines).toEqual([
      ["import", at(2), "--name", "2", "--db", db],
      ["import", at(20), "--name", "20", "--db", db],
    ]);
  });
});

describe("a copy of the database", () => {
  it("goes when the work ends, with what was written beside it, and the original stays", async () => {
    writeFileSync(join(folder, "db"), "whole");
    const stage = stageOf(await given("talk.jsonl", TALK));
    const failing = withCopy(stage, async (db) => {
      writeFileSync(`${db}-wal`, "half");
      throw new Error("out of luck");
    });
    await expect(failing).rejects.toThrow("out of luck");
    expect(readdirSync(folder)).toEqual(["db", "talk.jsonl"]);
  });
});
