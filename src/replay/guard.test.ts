import { describe, expect, it } from "vitest";
import { nanos, randomStream, refused } from "#base";
import type { Directory, Pool, PoolEvents, RackParts } from "#rack";
import type { TraceRequest } from "#trace";
import { Engine } from "./engine.ts";
import { type Plan, plan, REPLAY_DEFAULTS } from "./options.ts";
import { referenceParts } from "./replay.ts";
import { INVARIANT_IDS, type InvariantId } from "./watch.ts";

/** 300 requests over a tree of prefixes, a few blocks deep, close enough together to queue and too many to keep. */
const requests: readonly TraceRequest[] = (() => {
  const stream = randomStream(1, "guard");
  let number = 0;
  const names = new Map<string, number>();
  const nameOf = (path: string): number => {
    const known = names.get(path) ?? names.size;
    names.set(path, known);
    return known;
  };
  return Array.from({ length: 300 }, () => {
    number += stream.below(40_000_000);
    let path = "";
    const blocks = Array.from({ length: 1 + stream.below(6) }, () => {
      path += `/${stream.below(3)}`;
      return nameOf(path);
    });
    return {
      arrivalNs: nanos(number),
      inputTokens: blocks.length * 512 - stream.below(512),
      outputTokens: 1 + stream.below(900),
      blocks: Uint32Array.from(blocks),
      session: -1,
      turn: 0,
      delayNs: -1,
      priority: 0,
      model: -1,
      failed: false,
      extra: "",
    };
  });
})();

const reference = plan({ ...REPLAY_DEFAULTS, capacity_blocks: 24 }, 512);

const run = (planned: Plan, parts: RackParts = referenceParts(planned)): Engine => {
  const engine = new Engine(planned, parts);
  engine.run(requests);
  return engine;
};

const violated = (engine: Engine): readonly InvariantId[] =>
  engine.guard.watch
    .counts()
    .filter((count) => count.violated > 0)
    .map(({ id }) => id);

/** The reference's parts with every pool passed through a saboteur. */
const poolsThat = (sabotage: (pool: Pool, events: PoolEvents) => Partial<Pool>): RackParts => {
  const parts = referenceParts(reference);
  return {
    ...parts,
    createPool(capacity, events) {
      const pool = parts.createPool(capacity, events);
      return overriding(pool, sabotage(pool, events));
    },
  };
};

const directoryThat = (sabotage: (directory: Directory) => Partial<Directory>): RackParts => {
  const parts = referenceParts(reference);
  return {
    ...parts,
    createDirectory(shape) {
      const directory = parts.createDirectory(shape);
      return overriding(directory, sabotage(directory));
    },
  };
};

/** The same object with some of its methods replaced; private fields keep working, because `this` stays the original. */
const overriding = <Part extends object>(part: Part, replaced: Partial<Part>): Part =>
  new Proxy(part, {
    get(target, name) {
      const value = Reflect.get(name in replaced ? replaced : target, name, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });

const costsThat = (replaced: Partial<Plan["costs"]>): Plan => ({
  ...reference,
  costs: { ...reference.costs, ...replaced },
});

/** For each invariant, a broken part that it must catch. */
const SABOTEURS: Readonly<Record<InvariantId, () => Engine>> = {
  "RUN-1": () => {
    let admitted = 0;
    return run(
      reference,
      poolsThat((pool) => ({
        admit(request, blocks, unnamed) {
          admitted += 1;
          return admitted > 100 ? refused("full") : pool.admit(request, blocks, unnamed);
        },
      })),
    );
  },
  "RUN-2": () => run(costsThat({ prefillNs: () => -1 })),
  "RUN-3": () => run(costsThat({ decodeStepNs: () => -1 })),
  "RUN-4": () =>
    run(
      reference,
      poolsThat((pool) => ({ counts: () => ({ ...pool.counts(), free: pool.counts().free + 1 }) })),
    ),
  "RUN-5": () =>
    run(
      reference,
      directoryThat(() => ({ removed: () => ({ kind: "applied" }) })),
    ),
  "RUN-6": () => {
    const parts = referenceParts(reference);
    return run(reference, {
      ...parts,
      createPool: (capacity, events) =>
        parts.createPool(capacity, {
          ...events,
          stored(block) {
            events.stored(block);
            events.stored(block);
          },
        }),
    });
  },
  "RUN-7": () =>
    run(
      reference,
      poolsThat((pool) => ({
        admit(request, blocks, unnamed) {
          const answer = pool.admit(request, blocks, unnamed);
          return answer.kind === "admitted" ? { ...answer, hits: blocks.length } : answer;
        },
      })),
    ),
  "RUN-8": () =>
    run(
      reference,
      poolsThat((pool) => ({
        counts() {
          const { free, active, ...rest } = pool.counts();
          return free > 0 ? { ...rest, free: free - 1, active: active + 1 } : pool.counts();
        },
      })),
    ),
  "RUN-9": () =>
    run(
      reference,
      directoryThat((directory) => ({
        leadingRuns(blocks, into) {
          const longest = directory.leadingRuns(blocks, into);
          for (let worker = 0; worker < into.length; worker += 1) {
            if ((into[worker] as number) > 0) into[worker] = Math.min(longest + 1, blocks.length);
          }
          return longest === 0 ? 0 : Math.min(longest + 1, blocks.length);
        },
      })),
    ),
  "RUN-10": () => {
    let leaked = 0;
    return run(
      reference,
      poolsThat((pool) => ({
        release(request) {
          leaked += 1;
          return leaked % 10 === 0 ? { kind: "done" } : pool.release(request);
        },
      })),
    );
  },
  "RUN-12": () =>
    run(
      reference,
      poolsThat((pool) => ({
        admit(request, blocks, unnamed) {
          const answer = pool.admit(request, blocks, unnamed);
          if (answer.kind === "admitted") pool.fill(request);
          return answer;
        },
      })),
    ),
  "RUN-11": () => run(costsThat({ prefillNs: () => 1 })),
};

describe("the invariants of a run", () => {
  const engine = run(reference);

  it.each(INVARIANT_IDS)("%s holds of the reference, and its premise came up", (id) => {
    const count = engine.guard.watch.counts().find((entry) => entry.id === id);
    expect(count?.violated).toBe(0);
    expect(count?.premise_true).toBeGreaterThan(0);
  });

  it.each(INVARIANT_IDS)("%s is violated by a rack that is broken in that way", (id) => {
    expect(violated(SABOTEURS[id]())).toContain(id);
  });

  it("meet a full pool, evictions, a queue and a fetch in this run", () => {
    expect(engine.completed).toBe(300);
    expect(engine.guard.evictions).toBeGreaterThan(100);
    expect(engine.measures.latencies().queueing_ns.max).toBeGreaterThan(0);
    expect(engine.measures.transfers().count).toBeGreaterThan(0);
  });
});
