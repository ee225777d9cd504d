import { describe, expect, it } from "vitest";
import { nanos } from "#base";
import type { Costs } from "#cost";
import { findProfile } from "#spec";
import type { TraceRequest } from "#trace";
import { EngineModel } from "./engine-model.ts";
import type { ModelWorkerSetup } from "./model-worker.ts";

/** A step takes 100 ns for each token that it takes through the model, whatever it reads. */
const COSTS: Costs = {
  blockTokens: 4,
  blockBytes: 8 * 1_200_000,
  blocksPerWorker: 100,
  prefillNs: (newTokens) => 100 * newTokens,
  decodeStepNs: (batch) => 100 * batch,
  stepNs: (newTokens, batch) => 100 * (newTokens + batch),
  phaseNs: (batch, _, steps) => 100 * batch * steps,
  fetchNs: () => 0,
};

const asks = (
  arrivalNs: number,
  blocks: readonly number[],
  outputTokens: number,
): TraceRequest => ({
  arrivalNs: nanos(arrivalNs),
  inputTokens: 4 * blocks.length,
  outputTokens,
  blocks: Uint32Array.from(blocks),
  session: -1,
  turn: 0,
  delayNs: -1,
  priority: 0,
  model: -1,
  failed: false,
  extra: "",
});

const worker = (place: number, given: Partial<ModelWorkerSetup> = {}): ModelWorkerSetup => ({
  number: 8 * place,
  tp: 8,
  kind: 0,
  role: "both",
  capacityBlocks: 10,
  costs: COSTS,
  ...given,
});

/** Everything that happens, as `400: r0 prefilled at w0, 1`, where the last is the tokens that it has. */
const story = (
  requests: readonly TraceRequest[],
  workers: readonly ModelWorkerSetup[] = [worker(0)],
): readonly string[] => {
  const setup = {
    settings: {
      blockTokens: 4,
      maxNumSeqs: 8,
      maxNumBatchedTokens: 6,
      preemption: "newest" as const,
      isFetching: true,
      deadlineNs: undefined,
      ttftDeadlineNs: undefined,
      patienceNs: undefined,
      concurrency: undefined,
    },
    profile: findProfile("document"),
    policy: { kind: "least-loaded" as const },
    seed: 1,
    workers,
    kindOf: () => 0,
  };
  const offered = requests.map((request, number) => ({ number, request, blocks: request.blocks }));
  const model = new EngineModel(setup, offered);
  model.run();
  return model.events.map(
    ({ atNs, request, event, worker, tokens }) =>
      `${atNs}: r${request} ${event} at w${worker}, ${tokens}`,
  );
};

describe("the model of the engine", () => {
  it("prefills a prompt, which gives the first token, and decodes the others step by step", () => {
    expect(story([asks(50, [1], 3)])).toMatchInlineSnapshot(`
      [
        "50: r0 arrived at w0, 0",
        "50: r0 started at w0, 0",
        "450: r0 prefilled at w0, 1",
        "650: r0 completed at w0, 3",
      ]
    `);
  });

  it("cuts a prompt into what the batch leaves of a step, and lets it share its prefix later", () => {
    expect(story([asks(0, [1], 5), asks(450, [1, 2, 3], 1)])).toMatchInlineSnapshot(`
      [
        "0: r0 arrived at w0, 0",
        "0: r0 started at w0, 0",
        "400: r0 prefilled at w0, 1",
        "450: r1 arrived at w0, 0",
        "500: r1 started at w0, 0",
        "1500: r1 prefilled at w0, 1",
        "1500: r1 completed at w0, 1",
        "1600: r0 completed at w0, 5",
      ]
    `);
  });

  it("sends the newest away when blocks run out, and computes its tokens again", () => {
    const few = [worker(0, { capacityBlocks: 4 })];
    expect(story([asks(0, [1], 6), asks(0, [2], 6)], few)).toMatchInlineSnapshot(`
      [
        "0: r0 arrived at w0, 0",
        "0: r1 arrived at w0, 0",
        "0: r0 started at w0, 0",
        "0: r1 started at w0, 0",
        "600: r0 prefilled at w0, 1",
        "900: r1 prefilled at w0, 1",
        "1500: r1 preempted at w0, 4",
        "1600: r0 completed at w0, 6",
        "1600: r1 started at w0, 4",
        "2000: r1 prefilled at w0, 5",
        "2100: r1 completed at w0, 6",
      ]
    `);
  });

  it("moves KV to who decodes it: 1,000 ns for a block, after 1,500 for the hops", () => {
    const apart = [worker(0, { role: "prefill" }), worker(1, { role: "decode" })];
    expect(story([asks(0, [1], 2)], apart)).toMatchInlineSnapshot(`
      [
        "0: r0 arrived at w0, 0",
        "0: r0 started at w0, 0",
        "400: r0 prefilled at w0, 1",
        "400: r0 moving at w8, 1",
        "2900: r0 moved at w8, 1",
        "3000: r0 completed at w8, 2",
      ]
    `);
  });

  it("ends, and says so, where nobody serves", () => {
    expect(story([asks(0, [1], 2)], [])).toMatchInlineSnapshot(`
      [
        "0: r0 failed at w-1, 0",
      ]
    `);
  });
});
