/** Racks that go wrong about blocks: whose they are, where they lie, who reads them. */
import { DirectoryModel, RackMachine, TierModel } from "#rack";
import { broken, withParts } from "./subjects.ts";

type Worker = NonNullable<ReturnType<RackMachine["choose"]>>;
type Kind = Worker["kind"];
type Found = NonNullable<ReturnType<RackMachine["find"]>>;
type Fetch = Parameters<RackMachine["arrive"]>[0];
type Begin = Parameters<RackMachine["beginFetch"]>;
type Read = Parameters<RackMachine["read"]>;
type Find = Parameters<RackMachine["find"]>;

/** A rack that looks for missing blocks in another way. */
const finding = (
  find: (
    right: Found | undefined,
    worker: Worker,
    all: readonly Worker[],
    names: Uint32Array,
  ) => Found | undefined,
) =>
  broken(
    class extends RackMachine {
      protected override find(...[worker, names, missing]: Find): Found | undefined {
        return find(super.find(worker, names, missing), worker, this.present(), names);
      }
    },
  );

/** A rack that counts readers in another way. */
const reading = (
  change: (worker: Worker, names: readonly number[]) => readonly [Worker, readonly number[]],
) =>
  broken(
    class extends RackMachine {
      protected override read(...[worker, names]: Read): void {
        super.read(...change(worker, [...names]));
      }
    },
  );

const posing = (worker: Worker, changed: Partial<Worker>): Worker =>
  ({ gpus: worker.gpus, domain: worker.domain, kind: worker.kind, ...changed }) as Worker;

export const BLOCK_MUTANTS = {
  "does not tell the directory that a model has changed": withParts(() => ({
    createDirectory: (shape) =>
      new (class extends DirectoryModel {
        protected override forget(worker: number): void {
          if (this.lastId(worker) < 0 || !this.isCleared) super.forget(worker);
        }
        private isCleared = false;
        override cleared(worker: number, id: number) {
          this.isCleared = true;
          const told = super.cleared(worker, id);
          this.isCleared = false;
          return told;
        }
      })(shape),
  })),
  "does not tell the directory of some evictions": withParts(() => ({
    createDirectory: (shape) =>
      new (class extends DirectoryModel {
        override removed(worker: number, tier: number, block: number, id: number) {
          return block % 512 > 255
            ? super.removed(worker, tier, block, id)
            : this.hear(worker, id, () => {});
        }
      })(shape),
  })),
  "names the blocks of all kinds alike": broken(
    class extends RackMachine {
      protected override names(kind: Kind, blocks: ArrayLike<number>): Uint32Array {
        return super.names(this.fleet.kindsSoFar()[0] ?? kind, blocks);
      }
    },
  ),
  "copies from the lowest number that has anything": finding((right, worker, all, names) => {
    const other = all.find(
      (one) => one !== worker && one.pool.leadingRun(names) > (right?.missing ?? 9),
    );
    return right && other ? { ...right, source: other, run: other.pool.leadingRun(names) } : right;
  }),
  "never asks the switch": finding((right, worker, all, names) => {
    if (right?.source !== "switch") return right;
    const run = (one: Worker): number => one.pool.leadingRun(names);
    const other = all.find(
      (one) => one !== worker && one.kind === worker.kind && run(one) > right.missing,
    );
    return other && { ...right, source: other, run: run(other) };
  }),
  "copies a block less than there is": finding((right) =>
    right && right.run - right.missing > 1 ? { ...right, run: right.run - 1 } : right,
  ),
  "finds nothing for a worker that has something": finding((right) =>
    right && right.missing > 0 ? undefined : right,
  ),
  "has a copy at once": broken(
    class extends RackMachine {
      protected override beginFetch(...args: Begin): void {
        super.beginFetch(...args);
        this.arrive(this.fetches.underway().at(-1) as Fetch);
      }
    },
  ),
  "copies take a nanosecond": broken(
    class extends RackMachine {
      protected override beginFetch(...[request, found]: Begin): void {
        super.beginFetch(request, found, this.nowNs + 1);
      }
    },
  ),
  "drops what has arrived": broken(
    class extends RackMachine {
      protected override arrive(fetch: Fetch): void {
        if (fetch.source === "switch" || fetch.target.kind.tp === 2) super.arrive(fetch);
        else for (const [ended] of this.fetches.abort(fetch.target)) this.tellOf(ended);
      }
      private tellOf({ request, flights }: Fetch): void {
        this.tell({ kind: "fetched", request, blocks: flights.size });
      }
    },
  ),
  "holds for good what was copied": broken(
    class extends RackMachine {
      protected override arrive(fetch: Fetch): void {
        super.arrive(fetch);
        fetch.target.pool.admit(this.nextHolder(), fetch.names, 0);
      }
    },
  ),
  "keeps the blocks of a release now and then": broken(
    class extends RackMachine {
      override release(number: number): ReturnType<RackMachine["release"]> {
        const request = this.requests.get(number);
        if (request?.isStarted && request.names.length === 2) {
          request.worker.pool.admit(this.nextHolder(), request.names, 0);
        }
        return super.release(number);
      }
    },
  ),
  "counts a reader wherever it is": broken(
    class extends RackMachine {
      protected override read(...[worker, names]: Read): void {
        const all = [...names];
        super.read(worker, all);
        super.read(
          posing(worker, { domain: 1 - worker.domain, gpus: [(worker.number + 4) % 8] }),
          all,
        );
      }
    },
  ),
  "counts each GPU of a worker": broken(
    class extends RackMachine {
      protected override read(...[worker, names]: Read): void {
        const all = [...names];
        for (const gpu of worker.gpus) super.read(posing(worker, { gpus: [gpu] }), all);
      }
    },
  ),
  "counts readings, not readers": withParts(() => ({
    createTier: (shape) =>
      new (class extends TierModel {
        private readonly counts = new Map<number, number>();
        protected override count(block: number): number {
          const count = (this.counts.get(block) ?? 0) + 1;
          this.counts.set(block, count % 3);
          return count;
        }
      })(shape),
  })),
  "promotes at the second reader": withParts(() => ({
    createTier: (shape) => new TierModel({ ...shape, promoteAfter: 2 }),
  })),
  "counts nobody who reads at home": broken(
    class extends RackMachine {
      override start(number: number): ReturnType<RackMachine["start"]> {
        this.isStarting = true;
        const reply = super.start(number);
        this.isStarting = false;
        return reply;
      }
      private isStarting = false;
      protected override read(...args: Read): void {
        if (!this.isStarting) super.read(...args);
      }
    },
  ),
  "counts only the first block of what is read": reading((worker, names) => [
    worker,
    names.slice(0, 1),
  ]),
  "promotes without a look at the switch's size": withParts(() => ({
    createTier: (shape) => new TierModel({ ...shape, capacityBytes: shape.capacityBytes + 8 }),
  })),
  "hits what is being filled": broken(
    class extends RackMachine {
      override start(number: number): ReturnType<RackMachine["start"]> {
        const reply = super.start(number);
        return reply.kind === "started" ? { ...reply, hits: reply.hits + reply.shared } : reply;
      }
    },
  ),
  "makes a block readable that nobody has computed": broken(
    class extends RackMachine {
      override fill(number: number): ReturnType<RackMachine["fill"]> {
        const reply = super.fill(number);
        const request = this.requests.get(number);
        if (reply.kind === "filled" && request && request.worker.requests.size === 1) {
          const { pool } = request.worker;
          const extra = this.names(request.worker.kind, [
            ...Array.from(request.names, (name) => Math.floor(name / 256)),
            99,
          ]);
          const holder = this.nextHolder();
          if (pool.admit(holder, extra, 0).kind === "admitted") {
            pool.fill(holder);
            pool.release(holder);
          }
        }
        return reply;
      }
    },
  ),
} as const;
