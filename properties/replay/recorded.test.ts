import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { nanos } from "#base";
import { createCosts } from "#cost";
import type { ModelWorkerSetup } from "#replay";
import { findFormat, findModel, findProfile } from "#spec";
import type { TraceRequest } from "#trace";
import { difference, engineRun, modelRun, type Run, type RunSetup } from "./engines.ts";

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const MOONCAKE = at("../../../shared/traces/mooncake-conversation.jsonl");
const BUNDLED = at("../../traces/conversation-1k.jsonl");

const BLOCK_TOKENS = 512;
/** A fraction of what there is room for, so that blocks are evicted. */
const CAPACITY = 400;

type Row = {
  readonly timestamp: number;
  readonly input_length: number;
  readonly output_length: number;
  readonly hash_ids: readonly number[];
};

/** The first rows, without a reader that would go on to the last; their ids are dense as they are. */
const readHead = (file: string, rows: number): readonly TraceRequest[] =>
  readFileSync(file, "utf8")
    .trimEnd()
    .split("\n", rows)
    .map((line) => JSON.parse(line) as Row)
    .map(({ timestamp, input_length, output_length, hash_ids }) => ({
      arrivalNs: nanos(timestamp * 1e6),
      inputTokens: input_length,
      outputTokens: output_length,
      blocks: Uint32Array.from(hash_ids),
      session: -1,
      turn: 0,
      delayNs: -1,
      priority: 0,
      model: -1,
      failed: false,
      extra: "",
    }));

const setupOf = (
  requests: readonly TraceRequest[],
  roles: readonly ModelWorkerSetup["role"][],
): RunSetup => {
  const profile = findProfile("document");
  const tp = 8;
  return {
    profile,
    tp,
    costs: createCosts({
      profile,
      gpu: profile.gpus[profile.rackGpu],
      model: findModel("llama-405b"),
      weightFormat: findFormat("fp4"),
      kvFormat: findFormat("fp8"),
      tp,
      blockTokens: BLOCK_TOKENS,
      calibration: "document",
    }),
    policy: "kv-aware:bound=2",
    settings: {
      blockTokens: BLOCK_TOKENS,
      maxNumSeqs: 256,
      maxNumBatchedTokens: 8192,
      preemption: "newest",
      isFetching: true,
      deadlineNs: undefined,
      ttftDeadlineNs: undefined,
      patienceNs: undefined,
      concurrency: undefined,
    },
    workers: roles.map((role, place) => ({
      number: place * tp,
      kind: 0,
      role,
      capacityBlocks: CAPACITY,
    })),
    requests: requests.map((request, number) => ({ number, request, blocks: request.blocks })),
  };
};

/** One run, through the engine and through its model. */
const compare = (file: string, rows: number, roles: readonly ModelWorkerSetup["role"][]): Run => {
  const setup = setupOf(readHead(file, rows), roles);
  const found = engineRun(setup);
  expect(difference(modelRun(setup), found)).toBeUndefined();
  expect(found.events.filter(({ event }) => event === "completed")).toHaveLength(rows);
  expect(found.events.some(({ hits }) => hits > 0)).toBe(true);
  return found;
};

const AGGREGATED = ["both", "both", "both"] as const;
const APART = ["prefill", "prefill", "decode", "decode"] as const;

describe("the head of a trace gives one run, event for event, in the engine and in its model", () => {
  it("where who prefills decodes", () => {
    compare(BUNDLED, 100, AGGREGATED);
  });

  it("where prefill and decode are apart", () => {
    const { events } = compare(BUNDLED, 50, APART);
    expect(events.filter(({ event }) => event === "moving")).toHaveLength(50);
  });

  it.skipIf(!existsSync(MOONCAKE))(
    "for Mooncake's conversations, where they lie beside the repository (their licence keeps them out of it)",
    () => {
      compare(MOONCAKE, 300, AGGREGATED);
    },
  );
});

describe("the bundled conversations, one at a time on one worker", () => {
  const requests = readHead(BUNDLED, 1000);
  const misses = (capacityBlocks: number): number => {
    const setup = setupOf(requests, ["both"]);
    const settings = { ...setup.settings, concurrency: 1 };
    const workers = setup.workers.map((worker) => ({ ...worker, capacityBlocks }));
    return engineRun({ ...setup, settings, workers })
      .events.filter(({ event }) => event === "started")
      .reduce((sum, { request, hits }) => sum + (requests[request]?.blocks.length ?? 0) - hits, 0);
  };

  it("miss as many blocks as there are distinct ones, where nothing is evicted", () => {
    const distinct = new Set(requests.flatMap(({ blocks }) => [...blocks]));
    expect(misses(100_000)).toBe(distinct.size);
  });

  it("miss no more with twice the room", () => {
    const [few, more, most] = [400, 800, 1600].map(misses) as [number, number, number];
    expect(more).toBeLessThan(few);
    expect(most).toBeLessThan(more);
  });
});
