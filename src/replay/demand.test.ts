import { describe, expect, it } from "vitest";
import { type Asked, about, MS, type Told, tell } from "./engine/testing/small-run.ts";

const MODELS = { models: ["a", "b", "c"] };
const [A, B, C] = [{ model: 0 }, { model: 1 }, { model: 2 }];

const served = (model: string, name: string, replicas: number, more: object = {}) => ({
  model,
  replicas,
  capacity_blocks: 100,
  serves: [name],
  ...more,
});

/** So many workers that serve `a`, and `b` and `c`, which have none. */
const swapping = (replicas: number) => ({
  deploy: [
    served("llama-405b", "a", replicas),
    served("llama-70b", "b", 0),
    served("llama-70b", "c", 0, { weight_format: "fp8" }),
  ],
  policy: "round-robin",
});

const swapped = (asked: readonly Asked[], replicas: number, more: object = {}): Told =>
  tell(asked, { ...swapping(replicas), ...more }, MODELS);

/** 35 GB of FP4, an eighth to each GPU of a worker, from its CPU at 900 GB/s; and of FP8. */
const [B_MS, C_MS] = [4.861112, 9.722223];

describe("a model without a worker", () => {
  it("is brought when somebody asks for it: the document's 35 GB at 1.8 TB/s and a hop, 19.4 ms", () => {
    const one = { model: "llama-70b", tp: 1, capacity_blocks: 100 };
    const deploy = [
      { ...one, replicas: 1, serves: ["a"] },
      { ...one, replicas: 1, serves: ["b"], weight_format: "fp8" },
      { ...one, replicas: 0, serves: ["c"] },
    ];
    const run = tell([{ ...C, blocks: [0] }], { deploy }, MODELS);
    expect(run.story).toEqual([
      "19.444945 ms: r0 arrived at w1",
      "19.444945 ms: r0 started at w1",
      "39.444945 ms: r0 prefilled at w1",
      "39.444945 ms: r0 completed at w1",
    ]);
    expect(run.control.service.demand.swaps).toBe(1);
  });

  it("comes when a worker has served those who were there, and goes again when the other is asked for", () => {
    const asked = [
      { ...A, blocks: [0], outputTokens: 4 },
      { at: 5, ...B, blocks: [7] },
      { at: 6, ...A, blocks: [8] },
    ];
    const run = swapped(asked, 1);
    expect(about(0, run).at(-1)).toBe("50 ms: r0 completed at w0");
    expect(about(1, run)[0]).toBe(`${50 + B_MS} ms: r1 arrived at w0`);
    // 20 ms to serve it, and 202.5 GB ÷ 8 ÷ 900 GB/s.
    expect(50 + B_MS + 20 + 28.125).toBeCloseTo(102.986112, 9);
    expect(about(2, run)[0]).toBe("102.986112 ms: r2 arrived at w0");
    expect(run.engine.tally.completed).toBe(3);
    expect(run.control.service.demand.swaps).toBe(2);
  });

  it("is given the worker with the fewest requests, the lowest at once, and nobody is sent there meanwhile", () => {
    const busy = [0, 1, 2].map((number) => ({ ...A, blocks: [number], outputTokens: 4 }));
    const asked = [...busy, { at: 5, ...B, blocks: [7] }, { at: 6, ...A, blocks: [8] }];
    // Worker 0 has two of the three.
    const run = swapped(asked, 2);
    expect(about(3, run)[0]).toBe(`${50 + B_MS} ms: r3 arrived at w8`);
    expect(about(4, run)[0]).toBe("6 ms: r4 arrived at w0");
    expect(about(0, swapped([{ ...B, blocks: [7] }], 2))[0]).toBe(`${B_MS} ms: r0 arrived at w0`);
  });

  it("is brought once, however many ask for it; two are brought to two", () => {
    const asks = [B, B, C, B].map((model, number) => ({ ...model, blocks: [number] }));
    const run = swapped(asks, 3);
    expect(run.control.service.demand.swaps).toBe(2);
    expect(about(3, run)[0]).toBe(`${B_MS} ms: r3 arrived at w0`);
    expect(about(2, run)[0]).toBe(`${C_MS} ms: r2 arrived at w8`);
  });

  it("ends the copies that are still read where it comes to: what they were for is computed", () => {
    const asked = [
      { ...A, blocks: [0, 1, 2, 3] },
      { at: 100, ...A, blocks: [0, 1, 2, 3] },
      { at: 101, ...B, blocks: [7] },
    ];
    const given = { ...swapping(2), remote_hits: "fetch" };
    // 9 ms a block: it would be there at 136 ms.
    const run = tell(asked, given, { ...MODELS, costs: { blockBytes: 9 * 8 * 1.2e9 } });
    expect(about(2, run)[0]).toBe("105.861112 ms: r2 arrived at w0");
    expect(about(1, run).slice(1)).toEqual([
      "100 ms: r1 started at w8",
      "155.861112 ms: r1 prefilled at w8",
      "155.861112 ms: r1 completed at w8",
    ]);
  });

  it("is brought to another worker when the one that it was to come to is lost", () => {
    const lose = (atMs: number) => ({
      faults: [{ kind: "lose", at_ns: atMs * MS, what: { worker: 0 } }],
    });
    // On its way to worker 0; and while worker 0 serves those who were there.
    expect(swapped([{ ...B, blocks: [7] }], 2, lose(2)).story[0]).toBe(
      `${2 + B_MS} ms: r0 arrived at w8`,
    );
    const busy = [0, 1].map((number) => ({ ...A, blocks: [number], outputTokens: 10 }));
    const run = swapped([...busy, { at: 5, ...B, blocks: [7] }], 2, lose(50));
    expect(run.engine.tally.completed).toBe(3);
    expect(about(2, run)[0]).toContain("at w8");
  });

  it("that nobody can be given ends its requests, for a reason", () => {
    const faults = [{ kind: "lose", at_ns: 0, what: { worker: 0 } }];
    const run = swapped([{ ...B, blocks: [7] }], 1, { faults });
    expect(run.story).toEqual(["0 ms: r0 failed"]);
    expect([...run.engine.reasons]).toEqual([["no live worker", 1]]);
  });

  it("never takes the last of a half, without which the other would work in vain", () => {
    const half = (model: string, role: "prefill" | "decode", replicas = 1) => ({
      model,
      role,
      replicas,
      capacity_blocks: 100,
      serves: role === "decode" ? null : [model === "llama-405b" ? "a" : "b"],
    });
    const faults = [{ kind: "lose", at_ns: 0, what: { worker: 0 } }];
    const run = (decoders: number): Told =>
      tell(
        [{ ...A, blocks: [0] }],
        {
          deploy: [
            half("llama-405b", "prefill"),
            half("llama-405b", "decode"),
            half("llama-70b", "prefill"),
            half("llama-70b", "decode", decoders),
          ],
          faults,
        },
        { models: ["a", "b"] },
      );
    expect(run(1).story).toEqual(["0 ms: r0 failed"]);
    // From the decoder of `a`: 25.3125 GB to each GPU at 1.2 TB/s, and 1,500 ns.
    expect(run(2).story[0]).toBe("21.09525 ms: r0 arrived at w24");
  });
});
