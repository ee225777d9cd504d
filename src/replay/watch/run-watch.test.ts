// Past 250 lines: every invariant beside a rack that breaks it, and the whole runs that break none.
import { describe, expect, it } from "vitest";
import { refused } from "#base";
import type { Directory, Pool, PoolEvents } from "#rack";
import type { EngineWatcher } from "../engine/watcher.ts";
import type { EngineWorker } from "../engine/worker.ts";
import { RunStopped } from "./counts.ts";
import { INVARIANT_IDS, type InvariantId } from "./invariants.ts";
import type { RunWatch } from "./run-watch.ts";
import {
  APART,
  type Broken,
  overriding,
  type Run,
  requestsOf,
  TOGETHER,
  watched,
} from "./testing/watched-run.ts";

const met = ({ watch }: Run): readonly InvariantId[] =>
  watch
    .counts()
    .filter(({ premise_true }) => premise_true > 0)
    .map(({ id }) => id);

const violated = ({ watch }: Run): readonly InvariantId[] =>
  watch
    .counts()
    .filter((count) => count.violated > 0)
    .map(({ id }) => id);

/** Every pool passed through a saboteur. */
const poolsThat = (
  sabotage: (pool: Pool, events: PoolEvents) => Partial<Pool>,
): Pick<Broken, "parts"> => ({
  parts: ({ createPool }) => ({
    createPool(capacity, events) {
      const pool = createPool(capacity, events);
      return overriding(pool, sabotage(pool, events));
    },
  }),
});

const directoryThat = (
  sabotage: (directory: Directory) => Partial<Directory>,
): Pick<Broken, "parts"> => ({
  parts: ({ createDirectory }) => ({
    createDirectory(shape) {
      const directory = createDirectory(shape);
      return overriding(directory, sabotage(directory));
    },
  }),
});

/** A history that is told with something wrong in it: what is done just before the watch is told. */
const told = (lies: (watch: RunWatch) => Partial<EngineWatcher>): Pick<Broken, "watcher"> => ({
  watcher: lies,
});

/** For each invariant, something broken that it must catch: a part of the rack, the costs, the engine's settings or its history. */
const SABOTEURS: Readonly<Record<InvariantId, () => Broken>> = {
  "RUN-1": () => {
    let admitted = 0;
    return poolsThat((pool) => ({
      admit(request, blocks, unnamed) {
        admitted += request >= 0 ? 1 : 0;
        const isShut = request >= 0 && admitted > 50;
        return isShut ? refused("full") : pool.admit(request, blocks, unnamed);
      },
    }));
  },
  "RUN-2": () => ({ costs: { stepNs: () => -1 } }),
  "RUN-3": () =>
    told((watch) => ({
      prefilled(live, worker, nowNs) {
        live.firstTokenNs = live.arrivalNs - 1;
        watch.prefilled(live, worker, nowNs);
      },
    })),
  "RUN-4": () =>
    poolsThat((pool) => ({
      counts: () => ({ ...pool.counts(), filling: pool.counts().filling + 1 }),
    })),
  "RUN-5": () => directoryThat(() => ({ removedRun: (_worker, _tier, _blocks, count) => count })),
  "RUN-6": () => ({
    parts: ({ createPool }) => ({
      createPool: (capacity, events) =>
        createPool(capacity, {
          ...events,
          storedRun(names, count) {
            events.storedRun?.(names, count);
            events.storedRun?.(names, count);
          },
        }),
    }),
  }),
  "RUN-7": () =>
    poolsThat((pool) => ({
      admit(request, blocks, unnamed) {
        const answer = pool.admit(request, blocks, unnamed);
        return answer.kind === "admitted" ? { ...answer, hits: blocks.length } : answer;
      },
    })),
  "RUN-8": () =>
    poolsThat((pool) => ({
      counts() {
        const { free, active, ...rest } = pool.counts();
        return free > 0 ? { ...rest, free: free - 1, active: active + 1 } : pool.counts();
      },
    })),
  "RUN-9": () => {
    // Both sides think that one block more is there than there is.
    const longer = (run: number, most: number): number => (run === 0 ? 0 : Math.min(run + 1, most));
    const { parts } = directoryThat((directory) => ({
      leadingRuns(blocks, into) {
        const longest = directory.leadingRuns(blocks, into);
        for (const [worker, run] of into.entries()) into[worker] = longer(run, blocks.length);
        return longer(longest, blocks.length);
      },
    }));
    return {
      parts: (whole) => ({
        ...parts?.(whole),
        ...poolsThat((pool) => ({
          leadingRun: (blocks) => longer(pool.leadingRun(blocks), blocks.length),
        })).parts?.(whole),
      }),
    };
  },
  "RUN-10": () => {
    let released = 0;
    return poolsThat((pool) => ({
      release(request) {
        released += request >= 0 ? 1 : 0;
        return request >= 0 && released % 10 === 0 ? { kind: "done" } : pool.release(request);
      },
    }));
  },
  "RUN-11": () => ({ costs: { stepNs: () => 1, phaseNs: (_batch, _tokens, steps) => steps } }),
  "RUN-12": () =>
    poolsThat((pool) => ({
      admit(request, blocks, unnamed) {
        const answer = pool.admit(request, blocks, unnamed);
        if (answer.kind === "admitted") pool.fill(request);
        return answer;
      },
    })),
  "RUN-13": () =>
    told((watch) => ({
      ended(live, ...how) {
        watch.ended(live, ...how);
        watch.moves(live, "waiting");
      },
    })),
  "RUN-14": () =>
    poolsThat((pool) => ({
      admit: (request, blocks, unnamed) =>
        pool.admit(request, blocks, request >= 0 ? unnamed + 1 : unnamed),
    })),
  "RUN-15": () => ({
    given: { deploy: APART },
    ...told((watch) => ({
      reading(move) {
        watch.reading(move);
        const pool = move.source?.serving.pool as Pool;
        if (move.kind === "kv-transfer") pool.release(move.live.number);
        pool.clear();
      },
    })),
  }),
  "RUN-16": () => ({
    parts: ({ createFabric }) => ({
      createFabric(shape) {
        const fabric = createFabric(shape);
        const ledger = () => ({ ...fabric.ledger(), moved: fabric.ledger().cut });
        return overriding(fabric, { ledger });
      },
    }),
  }),
  "RUN-17": () => {
    let asked = 0;
    return poolsThat((pool) => ({
      admit(request, blocks, unnamed) {
        asked += request >= 0 ? 1 : 0;
        const isSkipped = request >= 0 && asked % 3 === 0;
        return isSkipped ? refused("full") : pool.admit(request, blocks, unnamed);
      },
    }));
  },
  "RUN-18": () =>
    told((watch) => ({
      happened(worker) {
        watch.happened(worker);
        if (worker !== undefined) worker.queue = worker.queue.slice(worker.head).toReversed();
        if (worker !== undefined) worker.head = 0;
      },
    })),
  "RUN-19": () =>
    told((watch) => ({
      routed(live, worker, group, mask) {
        group.load(worker.serving, 0, Math.ceil(live.request.outputTokens / 512));
        watch.routed(live, worker, group, mask);
      },
    })),
  "RUN-20": () =>
    told((watch) => ({
      scheduled(worker, nowNs) {
        worker.decodeTokens += worker.batch.size;
        watch.scheduled(worker, nowNs);
      },
    })),
  "RUN-21": () => ({
    costs: { phaseNs: (_batch, _tokens, steps) => Math.ceil(steps / 2) },
  }),
  "RUN-22": () => ({
    watcher: (watch, engine) => ({
      arrived(live, nowNs) {
        if (live.number === 7) engine().census.counts.decoding += 1;
        watch.arrived(live, nowNs);
      },
    }),
  }),
  "RUN-23": () =>
    told((watch) => ({
      scheduled(worker, nowNs) {
        watch.budget(193, 192);
        watch.scheduled(worker, nowNs);
      },
    })),
  "RUN-24": () =>
    told((watch) => ({
      opened() {
        watch.placed(70, [70, 71, 72, 73]);
        watch.opened();
      },
    })),
  "RUN-25": () =>
    told((watch) => ({
      opened(worker) {
        watch.placed(worker.number + 4, [worker.number + 4, worker.number + 5]);
        watch.opened();
      },
    })),
  "RUN-26": () => ({ costs: { stepNs: () => 1 } }),
  "RUN-27": () =>
    told((watch) => ({
      scheduled(worker, nowNs) {
        worker.batch.kvTokens += 1;
        watch.scheduled(worker, nowNs);
      },
    })),
  "RUN-28": () => ({ watch: { maxNumSeqs: 2 } }),
};

/** The same for what an invariant says besides. */
const MORE: readonly (readonly [id: InvariantId, what: string, broken: Broken])[] = [
  [
    "RUN-1",
    "a request that is told as failed and counted as completed",
    told((watch) => ({
      ended: (live, _outcome, reason, nowNs) => watch.ended(live, "failed", reason, nowNs),
    })),
  ],
  [
    "RUN-5",
    "a directory that never hears of some blocks",
    directoryThat((directory) => ({
      storedRun: (worker, tier, blocks, count, firstId) =>
        firstId % 7 === 0 ? count : directory.storedRun(worker, tier, blocks, count, firstId),
    })),
  ],
  [
    "RUN-7",
    "hits that are too few",
    poolsThat((pool) => ({
      admit(request, blocks, unnamed) {
        const answer = pool.admit(request, blocks, unnamed);
        return answer.kind === "admitted" ? { ...answer, hits: 0 } : answer;
      },
    })),
  ],
  [
    "RUN-12",
    "a copy that is readable before it has come",
    told((watch) => ({
      reading(move) {
        watch.reading(move);
        move.target.serving.pool.fill(move.live.number);
      },
    })),
  ],
  [
    "RUN-13",
    "a request that arrives twice",
    told((watch) => ({
      arrived(live, nowNs) {
        watch.arrived(live, nowNs);
        watch.arrived(live, nowNs);
      },
    })),
  ],
  [
    "RUN-13",
    "a load that is taken off twice",
    told((watch) => ({
      unloaded(live, worker) {
        watch.unloaded(live, worker);
        watch.unloaded(live, worker);
      },
    })),
  ],
  [
    "RUN-16",
    "a link that carried more than it can",
    {
      parts: ({ createFabric }) => ({
        createFabric(shape) {
          const fabric = createFabric(shape);
          return overriding(fabric, { audit: () => ({ ...fabric.audit(), excessBytes: 1 }) });
        },
      }),
    },
  ],
  [
    "RUN-17",
    "a call that a worker does not hear",
    told((watch) => {
      let called: EngineWorker | undefined;
      return {
        routed(live, worker, group, mask) {
          watch.routed(live, worker, group, mask);
          called = worker.at === "idle" ? worker : undefined;
        },
        instant(nowNs) {
          if (called !== undefined) called.isCalled = false;
          watch.instant(nowNs);
        },
      };
    }),
  ],
  [
    "RUN-20",
    "a token that a request was given twice",
    told((watch) => ({
      prefilled(live, worker, nowNs) {
        live.emitted += live.request.outputTokens > 10 ? 1 : 0;
        watch.prefilled(live, worker, nowNs);
      },
    })),
  ],
  [
    "RUN-21",
    "a request that is completed a token short",
    told((watch) => ({
      ended(live, ...how) {
        live.emitted -= 1;
        watch.ended(live, ...how);
      },
    })),
  ],
  [
    "RUN-22",
    "an end that is told before its time",
    told((watch) => ({
      ended: (live, outcome, reason, nowNs) => watch.ended(live, outcome, reason, nowNs - 1),
    })),
  ],
  [
    "RUN-26",
    "a fabric that takes no time",
    {
      given: { deploy: APART },
      parts: ({ createFabric }) => ({
        createFabric: (shape) =>
          createFabric({
            ...shape,
            egress: 9e12,
            ingress: 9e12,
            ways: { ...shape.ways, rack: { bytesPerSecond: 9e12, latencyNs: 0 } },
          }),
      }),
    },
  ],
  ["RUN-28", "a step with more tokens than it may have", { watch: { maxNumBatchedTokens: 1_000 } }],
];

describe("the invariants of a run", () => {
  const together = watched();
  const apart = watched({ given: { deploy: APART } });

  it("hold of requests that are served by one worker, and each is put to the test", () => {
    expect(together.watch.violations()).toEqual([]);
    expect(met(together)).toEqual(INVARIANT_IDS);
  });

  it("hold of requests that are prefilled and decoded apart, and each is put to the test", () => {
    expect(apart.watch.violations()).toEqual([]);
    expect(met(apart)).toEqual(INVARIANT_IDS);
  });

  it.each(INVARIANT_IDS)("%s is violated by what is broken in that way", (id) => {
    const run = watched({ requests: requestsOf(100), ...SABOTEURS[id]() });
    expect(violated(run)).toContain(id);
  });

  it.each(MORE)("%s is violated by %s", (id, _, broken) => {
    expect(violated(watched({ requests: requestsOf(100), ...broken }))).toContain(id);
  });

  it("hold when a worker and a domain are lost and come back, and events are lost on their way", () => {
    const faults = [
      { kind: "lose", at_ns: 1_000_000_001, what: { gpu: 9 }, back_ns: 3_000_000_000 },
      { kind: "lose", at_ns: 2_000_000_000, what: { domain: 0 }, back_ns: 4_000_000_000 },
      { kind: "slow", at_ns: 1, until_ns: 4_000_000_000, link: "rack", factor: 0.01 },
      { kind: "events", at_ns: 1, until_ns: 3_000_000_000, how: "drop", worker: null },
    ];
    for (const deploy of [TOGETHER, APART]) {
      const run = watched({ given: { deploy, faults, event_delay_ns: 5_000_000 } });
      expect(run.watch.violations()).toEqual([]);
      expect(run.engine.tally.completed).toBeGreaterThan(200);
    }
  });

  it("hold while models are swapped: their weights take the room of blocks", () => {
    const model = { tp: 8, weight_format: "fp8", kv_format: "fp8" };
    const deploy = [
      { ...model, model: "llama-405b", replicas: 2, serves: ["a"] },
      { ...model, model: "llama-70b", replicas: 0, serves: ["b"] },
      { ...model, model: "llama-70b", weight_format: "fp4", replicas: 0, serves: ["c"] },
    ];
    const models = ["a", "b", "c"];
    const swapped = { given: { deploy }, models, requests: requestsOf(100, 3) };
    const run = watched(swapped);
    expect(run.watch.violations()).toEqual([]);
    expect(run.control.service.demand.swaps).toBeGreaterThan(0);
    const heedless = watched({ ...swapped, watch: { auditEvery: 1, keptOf: () => 0 } });
    expect(violated(heedless)).toContain("RUN-14");
  });

  it("hold of copies that come out of a switch's memory, whose bytes are carried once too", () => {
    const deploy = [{ ...TOGETHER[0], tp: 2 }];
    const run = watched({ given: { deploy, policy: "round-robin" } });
    expect(run.watch.violations()).toEqual([]);
    expect(run.fabric.ledger().moved.switch).toBeGreaterThan(0);
  });

  it("hold of requests whose blocks have no name, and of those that ask for nothing", () => {
    const nameless = requestsOf(100).map((request, index) => ({
      ...request,
      blocks: new Uint32Array(0),
      inputTokens: index % 3 === 0 ? 0 : request.inputTokens,
      outputTokens: index % 4 === 0 ? 0 : request.outputTokens,
    }));
    const run = watched({ given: { deploy: APART }, requests: nameless });
    expect(run.watch.violations()).toEqual([]);
    expect(run.engine.tally.completed).toBeGreaterThan(80);
  });

  it("of nothing hold without having been put to the test", () => {
    const run = watched({ requests: [] });
    expect(run.watch.violations()).toEqual([]);
    expect(met(run)).toEqual(["RUN-10", "RUN-23", "RUN-24", "RUN-25"]);
  });
});

describe("a violation", () => {
  it("is written down with the instant and the request, twenty of them in full", () => {
    const { watch } = watched(SABOTEURS["RUN-26"]());
    expect(watch.violations()).toHaveLength(20);
    expect(watch.violations()[0]).toMatchObject({ id: "RUN-26", at_ns: expect.any(Number) });
    const count = watch.counts().find(({ id }) => id === "RUN-26");
    expect(count?.violated).toBeGreaterThan(20);
    expect(count?.premise_true).toBeGreaterThanOrEqual(count?.violated ?? 0);
  });

  it("stops the run when it is to", () => {
    const stopped = () => watched({ ...SABOTEURS["RUN-7"](), watch: { onViolation: "stop" } });
    expect(stopped).toThrow(RunStopped);
    expect(stopped).toThrow("the hits of a request are the leading run");
  });
});
