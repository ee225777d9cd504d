import { describe, expect, it } from "vitest";
import type { EngineWorker } from "./engine/worker.ts";
import { plan, readReplayOptions } from "./options/index.ts";
import { referenceParts } from "./replay.ts";
import { Service } from "./service.ts";

/** A rack of its own, and who came to it and went, in order. */
const made = (deploy: readonly object[], models: readonly string[] = []) => {
  const planned = plan(readReplayOptions({ deploy, policy: "kv-aware" }), {
    blockTokens: 64,
    models,
  });
  const told: string[] = [];
  const service: Service = new Service(planned, referenceParts(planned), true, undefined, {
    opened: ({ number, deployment }) => told.push(`open w${number} for ${deployment}`),
    closing: ({ number }) => told.push(`close w${number}`),
    touching: () => undefined,
    nowNs: () => service.fleet.nowNs,
    placements: {
      placed: (worker, gpus) => told.push(`place w${worker} on ${gpus.length}`),
      freed: (worker) => told.push(`free w${worker}`),
      budget: (used, hbm) => {
        if (used > hbm) told.push(`too much on a GPU: ${used} of ${hbm}`);
      },
    },
  });
  service.open();
  return { service, told };
};

const TWO_MODELS = [
  { model: "llama-70b", weight_format: "fp8", tp: 1, replicas: 1, serves: ["a"] },
  { model: "llama-70b", tp: 1, replicas: 0, serves: ["b"] },
];

const free = (worker: EngineWorker | undefined): number => {
  const counts = worker?.serving.pool.counts();
  return (counts?.free ?? 0) + (counts?.cached ?? 0);
};

describe("who serves", () => {
  it("is placed before anything happens, each worker once, with as many blocks as fit", () => {
    const { service, told } = made([{ model: "llama-405b", replicas: 1 }]);
    expect(told).toEqual(["place w0 on 8", "open w0 for 0"]);
    // 192 GB − 25.3125 − 3 on each of 8 GPUs, and 258,048 bytes a token.
    expect(free(service.workers[0])).toBe(Math.floor((163.6875e9 * 8) / (64 * 258_048)));
  });

  it("is found by a request's model", () => {
    const { service } = made(TWO_MODELS, ["a", "b"]);
    const routeOf = (model: number) =>
      service.routeOf({ model } as Parameters<typeof service.routeOf>[0])?.prefill;
    expect(routeOf(0)).toMatchObject({ deployment: 0 });
    expect(routeOf(1)).toMatchObject({ deployment: 1 });
    expect([routeOf(0)?.live.includes(1), routeOf(1)?.live.includes(1)]).toEqual([true, false]);
    expect(routeOf(-1)).toBeUndefined();
  });
});

describe("a swap", () => {
  it("keeps the room for the new weights among the old model's blocks until they are there", () => {
    const { service, told } = made(TWO_MODELS, ["a", "b"]);
    const before = free(service.workers[0]);
    service.demand.want(1);
    // 35 GB are 3,337.9 blocks of 64 tokens, 163,840 bytes each; a part of one may have lain free beside them.
    const kept = service.fleet.workerAt(0)?.swap?.blocks ?? 0;
    expect(Math.abs(kept - 35e9 / (64 * 163_840))).toBeLessThan(1);
    expect(free(service.workers[0])).toBe(before - kept);
    service.fleet.advance(service.fleet.nextNs() ?? 0);
    // The other half of 70 GB is free now: as many blocks again.
    expect(free(service.workers[0]) - before).toBeCloseTo(kept, -1);
    expect(told.slice(2)).toEqual(["close w0", "open w0 for 1"]);
  });

  it("waits while the blocks in its way are held, and sets out when they are not", () => {
    const { service } = made(TWO_MODELS, ["a", "b"]);
    const pool = service.workers[0]?.serving.pool;
    pool?.admit(5, new Uint32Array(0), free(service.workers[0]));
    service.demand.want(1);
    expect([service.fleet.nextNs(), service.demand.isDraining]).toEqual([undefined, true]);
    pool?.release(5);
    service.demand.drained(service.workers[0] as EngineWorker);
    expect([service.fleet.nextNs(), service.demand.isDraining]).toEqual([38_888_889, false]);
  });

  it("of a worker that is lost meanwhile never ends; it comes back as it was placed", () => {
    const { service, told } = made(TWO_MODELS, ["a", "b"]);
    service.demand.want(1);
    service.lose({ gpu: 0 });
    expect([service.fleet.nextNs(), service.workers[0]]).toEqual([undefined, undefined]);
    service.regain({ gpu: 0 });
    service.fleet.advance(service.fleet.nextNs() ?? 0);
    expect(told.slice(2)).toEqual(["free w0", "close w0", "place w0 on 1", "open w0 for 0"]);
    expect(service.demand.swaps).toBe(0);
  });
});
