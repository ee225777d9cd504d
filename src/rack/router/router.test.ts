import { describe, expect, it } from "vitest";
import { requestsMax, softmaxWeight } from "./arithmetic.ts";
import { type RouterReply, routerModelSubject, routerSubject } from "./calls.ts";
import type { Candidate, RouterView } from "./contract.ts";
import { chooseWorker } from "./model.ts";
import { parsePolicy } from "./policy-text.ts";
import { createRouter } from "./router.ts";

const idle: Candidate = {
  worker: 0,
  overlapBlocks: 0,
  distance: 3,
  loadBlocks: 0,
  activeRequests: 0,
  live: true,
};

/** Candidates 0, 1, 2, …, idle but for what is said of each. */
const among = (...candidates: readonly Partial<Candidate>[]): RouterView => ({
  candidates: candidates.map((one, worker) => ({ ...idle, worker, ...one })),
  promptBlocks: 4,
  number: 0,
});

describe.each([
  ["the fast router", routerSubject(createRouter)],
  ["the model", routerModelSubject],
])("%s", (_, subject) => {
  const choose = (policy: string, view: RouterView, seed = 0): RouterReply =>
    subject()({ policy: parsePolicy(policy), seed, view });
  const worker = (policy: string, view: RouterView): number | undefined => {
    const reply = choose(policy, view);
    return reply.kind === "chosen" ? reply.worker : undefined;
  };

  it("prefers the longest run, however far and busy its worker is", () => {
    const view = among({ distance: 0, overlapBlocks: 2 }, { overlapBlocks: 3, loadBlocks: 900 });
    expect(worker("kv-aware", view)).toBe(1);
  });

  it("prefers the nearer of equal runs, then the less loaded, then the smaller number", () => {
    const run = { overlapBlocks: 3 };
    expect(
      worker("kv-aware", among({ ...run, distance: 2 }, { ...run, distance: 1, loadBlocks: 9 })),
    ).toBe(1);
    expect(worker("kv-aware", among({ ...run, loadBlocks: 9 }, { ...run, loadBlocks: 8 }))).toBe(1);
    expect(worker("kv-aware", among(run, run))).toBe(0);
  });

  it("takes the least loaded when nobody holds anything, even over the current worker", () => {
    const view = among({ distance: 0, loadBlocks: 2 }, { loadBlocks: 1 }, { loadBlocks: 1 });
    expect(worker("kv-aware", view)).toBe(1);
  });

  it("passes over a warm worker that one request more would take above the bound", () => {
    // Four requests and the new one on two workers: the mean is 2.5, so 3 are allowed at a bound of 1 and 4 at 1.5.
    const view = among(
      { overlapBlocks: 4, activeRequests: 3 },
      { activeRequests: 1, loadBlocks: 99 },
    );
    expect(worker("kv-aware", view)).toBe(0);
    expect(worker("kv-aware:bound=1.5", view)).toBe(0);
    expect(worker("kv-aware:bound=1", view)).toBe(1);
  });

  it("spreads one hot prefix evenly under a bound of 1", () => {
    const requests = [0, 0, 0];
    for (let request = 0; request < 9; request += 1) {
      const view = among(
        ...requests.map((activeRequests) => ({ activeRequests, overlapBlocks: 4 })),
      );
      const chosen = worker("kv-aware:bound=1", view) ?? -1;
      requests[chosen] = (requests[chosen] ?? 0) + 1;
    }
    expect(requests).toEqual([3, 3, 3]);
  });

  it("prefers a warm worker to an idle one up to the price of its queue, by Dynamo's cost", () => {
    // A prompt of 4 blocks: cold and idle costs 4; with 3 blocks held and a load of 2 it costs 1 + 2.
    expect(worker("dynamo-cost", among({}, { overlapBlocks: 3, loadBlocks: 2 }))).toBe(1);
    expect(worker("dynamo-cost", among({}, { overlapBlocks: 3, loadBlocks: 4 }))).toBe(0);
    expect(worker("dynamo-cost:prefill=2", among({}, { overlapBlocks: 3, loadBlocks: 4 }))).toBe(1);
    expect(worker("dynamo-cost:credit=0.5", among({}, { overlapBlocks: 3, loadBlocks: 2 }))).toBe(
      0,
    );
    // Two blocks on disk are worth half a block, two in host memory one and a half.
    const lower = among({ overlapBlocks: 1 }, { diskBlocks: 2 }, { hostBlocks: 2 });
    expect(worker("dynamo-cost", lower)).toBe(2);
    expect(worker("dynamo-cost:host=0.5,disk=1", lower)).toBe(1);
    expect(worker("dynamo-cost:host=0,disk=0", lower)).toBe(0);
    expect(worker("dynamo-cost:w=2", among({}, { overlapBlocks: 1, activeRequests: 1 }))).toBe(0);
  });

  it("draws at one temperature the same for the same seed and number, and every worker in the end", () => {
    const view = among({}, { loadBlocks: 1 }, { loadBlocks: 2 });
    const draw = (seed: number, number: number): RouterReply =>
      choose("dynamo-cost:temperature=1", { ...view, number }, seed);
    const drawn = Array.from({ length: 60 }, (_, number) => draw(5, number));
    expect(drawn).toEqual(Array.from({ length: 60 }, (_, number) => draw(5, number)));
    expect(new Set(drawn.map((reply) => (reply.kind === "chosen" ? reply.worker : -1))).size).toBe(
      3,
    );
  });

  it("takes turns over the live workers", () => {
    const view = among({}, { live: false }, {}, {});
    const turns = [0, 1, 2, 3, 4, 5].map((number) => worker("round-robin", { ...view, number }));
    expect(turns).toEqual([0, 2, 3, 0, 2, 3]);
  });

  it("takes the least loaded, whatever is held where", () => {
    expect(
      worker("least-loaded", among({ overlapBlocks: 4, loadBlocks: 1 }, { loadBlocks: 0 })),
    ).toBe(1);
  });

  it.each([
    "kv-aware",
    "kv-aware:bound=1",
    "dynamo-cost",
    "dynamo-cost:temperature=1",
    "round-robin",
    "least-loaded",
    "random",
  ])(
    "under %s refuses when nobody is live, or nobody is there, and takes the only one that is",
    (policy) => {
      const refusal = { kind: "refused", because: "no live worker" };
      expect(choose(policy, among())).toEqual(refusal);
      expect(choose(policy, among({ live: false }, { live: false }))).toEqual(refusal);
      expect(choose(policy, among({ live: false }, { activeRequests: 7 }))).toMatchObject({
        worker: 1,
      });
    },
  );
});

describe("a decision", () => {
  it("tells what it considered, by which keys, and which of them decided", () => {
    const view = among({ overlapBlocks: 2 }, { overlapBlocks: 2, distance: 1 }, { live: false });
    expect(chooseWorker(parsePolicy("kv-aware"), 0, view)).toEqual({
      kind: "chosen",
      worker: 1,
      because: "distance",
      considered: [
        { worker: 1, keys: { overlapBlocks: 2, distance: 1, loadBlocks: 0, worker: 1 } },
        { worker: 0, keys: { overlapBlocks: 2, distance: 3, loadBlocks: 0, worker: 0 } },
      ],
      regret: { overlapBlocks: 0, loadBlocks: 0 },
    });
  });

  it("regrets the blocks that it could have hit and the load that it could have spared, the bound aside", () => {
    // The bound passes over the warm worker 0; the turn is worker 1's; the idle worker 2 is as cold.
    const view = among(
      { overlapBlocks: 4, loadBlocks: 9, activeRequests: 9 },
      { overlapBlocks: 1, loadBlocks: 5 },
      { overlapBlocks: 1, loadBlocks: 2 },
      { overlapBlocks: 7, live: false },
    );
    const regretOf = (policy: string, number: number): unknown =>
      chooseWorker(parsePolicy(policy), 0, { ...view, number });
    expect(regretOf("kv-aware:bound=1", 0)).toMatchObject({
      worker: 2,
      regret: { overlapBlocks: 3, loadBlocks: 0 },
    });
    expect(regretOf("round-robin", 1)).toMatchObject({
      worker: 1,
      regret: { overlapBlocks: 3, loadBlocks: 3 },
    });
    expect(regretOf("kv-aware", 0)).toMatchObject({
      worker: 0,
      regret: { overlapBlocks: 0, loadBlocks: 7 },
    });
  });

  it("says so when there was nothing to decide", () => {
    expect(chooseWorker(parsePolicy("random"), 0, among({}))).toMatchObject({
      because: "only candidate",
    });
  });
});

describe("the bound on requests", () => {
  it("always leaves somebody below it, for every load of up to four workers and seven requests each", () => {
    for (let load = 0; load < 8 ** 4; load += 1) {
      const requests = [load & 7, (load >> 3) & 7, (load >> 6) & 7, load >> 9];
      const total = requests.reduce((sum, count) => sum + count, 0);
      expect(Math.min(...requests) + 1).toBeLessThanOrEqual(requestsMax(1, total, 4));
    }
  });
});

describe("the weight of a cost", () => {
  it("is 1 for the smallest, e^(−1/temperature) for the largest, and 1 for all when they are equal", () => {
    expect(softmaxWeight(3, 3, 7, 0.5)).toBe(1);
    expect(softmaxWeight(7, 3, 7, 0.5)).toBeCloseTo(Math.E ** -2, 12);
    expect(softmaxWeight(3, 3, 3, 0.5)).toBe(1);
  });

  it("is a number at the smallest temperature there is", () => {
    expect([softmaxWeight(3, 3, 7, 5e-324), softmaxWeight(7, 3, 7, 5e-324)]).toEqual([1, 0]);
  });
});
