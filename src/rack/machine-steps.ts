import { ascending, assert, byEach, descending, isRefused } from "#base";
import type { WorkerEnd } from "./machine-contract.ts";
import { type Fetch, type FetchSource, farApart } from "./machine-fetches.ts";
import { blocksFor, type KvKind } from "./machine-kinds.ts";
import { type Gone, MachineState } from "./machine-state.ts";
import { type MachineRequest, RackWorker, type Swap } from "./machine-worker.ts";

/** Where missing blocks are: from whom, how long a run, and how many of it the target has. */
export type Found = {
  readonly source: FetchSource;
  readonly run: number;
  readonly missing: number;
};

/** A request without named blocks. */
const NO_NAMES = new Uint32Array(0);

/**
 * The steps that calls and time take through a rack. Each is protected: where it can be broken, one at a time, to make the implementations that
 * properties must catch.
 */
export abstract class MachineSteps extends MachineState {
  /** Lets everything happen that is due by an instant, and makes it now. Never goes back. */
  advance(atNs: number): void {
    assert(Number.isSafeInteger(atNs) && atNs >= this.nowNs, "time goes on, whole", atNs);
    for (;;) {
      const [fetch, whole] = [this.fetches.next(), this.weights.next()];
      // What arrives at the instant at which its source's model goes has arrived.
      if (fetch !== undefined && fetch.dueNs <= Math.min(atNs, whole?.dueNs ?? atNs)) {
        this.nowNs = fetch.dueNs;
        this.arrive(fetch);
      } else if (whole !== undefined && whole.dueNs <= atNs) {
        this.nowNs = whole.dueNs;
        this.becomeWhole(this.workers[whole.worker] as RackWorker);
      } else break;
    }
    this.nowNs = atNs;
  }

  /** The next instant at which something happens by itself; nothing when nothing is under way. */
  nextNs(): number | undefined {
    const due = [this.fetches.next(), this.weights.next()].filter((next) => next !== undefined);
    return due.length === 0 ? undefined : Math.min(...due.map(({ dueNs }) => dueNs));
  }

  /** Makes a worker, which does not serve yet. */
  protected open(owner: number, kind: KvKind, gpus: readonly number[]): RackWorker {
    const number = gpus[0] as number;
    const worker = new RackWorker({
      worker: number,
      owner,
      gpus,
      domain: Math.floor(number / this.shape.profile.gpusPerDomain.value),
      kind,
      createPool: this.parts.createPool,
      directory: this.directory,
      computed: (target, name) => this.fetches.overtake(target, name),
    });
    this.workers[number] = worker;
    return worker;
  }

  /** Sends a kind's weights to workers that do not have them. */
  protected setOut(kind: KvKind, workers: readonly RackWorker[]) {
    const targets = workers.map(({ number, gpus }) => ({ worker: number, gpus }));
    return this.weights.begin(this.nowNs, kind, this.holders(kind.weights), targets);
  }

  /** A worker has all the weights that were on their way to it. */
  protected becomeWhole(worker: RackWorker): void {
    this.weights.end(worker.number);
    const { swap } = worker;
    if (swap === undefined) worker.isServing = true;
    else this.exchange(worker, swap.kind);
    this.tell({ kind: "serving", worker: worker.number, running: worker.kind.text });
    this.settle();
  }

  /** The old model and all that depended on it are gone. */
  protected exchange(worker: RackWorker, kind: KvKind): void {
    this.letGo(worker, "swapped");
    worker.become(kind);
    worker.swap = undefined;
  }

  /** A worker's gang has ended. */
  protected end(worker: RackWorker): void {
    this.weights.end(worker.number);
    this.letGo(worker, "worker-ended");
    worker.close();
    this.workers[worker.number] = undefined;
  }

  /** A worker's blocks and weights go: with them its requests, every copy from or to it, and what others were to get from it. */
  protected letGo(worker: RackWorker, because: WorkerEnd): void {
    for (const [{ request }, why] of this.fetches.abort(worker)) {
      this.tell({ kind: "fetch-ended", request, because: why });
    }
    for (const number of worker.requests) {
      this.forget(this.requests.get(number) as MachineRequest);
      this.tell({ kind: "request-ended", request: number, because });
    }
    if (worker.isServing) this.gone.push({ weights: worker.kind.weights, gpus: worker.gpus });
  }

  /** Copies have arrived. */
  protected arrive(fetch: Fetch): void {
    const names = this.fetches.arrive(fetch);
    this.tell({ kind: "fetched", request: fetch.request, blocks: names.length });
    if (fetch.source !== "switch") this.read(fetch.target, names);
    this.settle();
  }

  /** A worker has read blocks that its switch did not serve: the switch counts its first GPU as a reader of each. */
  protected read({ gpus, domain, kind }: RackWorker, names: Iterable<number>): void {
    const gpu = gpus[0] as number;
    for (const block of names) {
      const reading = { gpu, block, bytes: kind.blockBytes, tag: kind.number };
      const evicted = this.switches.count(domain, reading);
      if (evicted === undefined) continue;
      for (const victim of evicted) {
        this.tell({ kind: "evicted", domain, block: this.kinds.named(victim) });
      }
      this.tell({ kind: "promoted", domain, block: this.kinds.named(block) });
    }
  }

  /**
   * Who has the longest run of a prompt beyond what a worker has: the switch of its domain before others who have as much, then the nearest, then the
   * lowest number. Nothing when nobody has more.
   */
  protected find(worker: RackWorker, names: Uint32Array, missing: number): Found | undefined {
    if (missing === names.length) return undefined;
    const inSwitch = this.switches.runFrom(worker.domain, names, missing);
    const runs = this.routing.runs(names);
    const others = this.present().filter((other) => other !== worker && this.run(other, runs) > 0);
    const [best] = others.toSorted(
      byEach(
        descending((other) => this.run(other, runs)),
        ascending((other) => farApart(this.shape.profile, worker, other)),
        ascending(({ number }) => number),
      ),
    );
    const run = best === undefined ? 0 : this.run(best, runs);
    if (Math.max(inSwitch, run) <= missing) return undefined;
    if (best === undefined || inSwitch >= run) return { source: "switch", run: inSwitch, missing };
    return { source: best, run, missing };
  }

  /** The run that a worker can be copied from. */
  protected run({ number }: RackWorker, runs: Uint32Array): number {
    return runs[number] as number;
  }

  /** Sets copies out; what the switch serves it has served now. */
  protected beginFetch(
    { number, worker, names }: MachineRequest,
    found: Found,
    dueNs: number,
  ): void {
    const { source, run, missing } = found;
    if (source === "switch") {
      for (const name of names.subarray(missing, run)) {
        this.switches.serve(worker.domain, name, worker.kind.number);
      }
    }
    const holder = this.nextHolder();
    const set = { request: number, target: worker, source, names: names.subarray(0, run) };
    this.fetches.begin({ ...set, holder, dueNs }, missing);
  }

  /** What follows from what has just happened, when no pool is half way: copies overtaken, and plans whose sources are gone. */
  protected settle(): void {
    for (const { request } of this.fetches.settle()) {
      this.tell({ kind: "fetch-ended", request, because: "overtaken" });
    }
    const { gone } = this;
    this.gone = [];
    for (const { weights, gpus } of together(gone)) {
      for (const { worker, dueNs } of this.weights.gone(this.nowNs, weights, gpus)) {
        if (dueNs === undefined) this.lack(this.workers[worker] as RackWorker);
        else this.tell({ kind: "replanned", worker, dueNs });
      }
    }
  }

  /** Some of the weights that a worker waits for have no source left: it begins anew, or a swap with nobody to get them from is given up. */
  protected lack(worker: RackWorker): void {
    const { swap, kind, number } = worker;
    this.weights.end(number);
    const wanted = swap?.kind ?? kind;
    if (swap !== undefined && this.holders(wanted.weights).length === 0) {
      this.giveRoomBack(worker, swap);
      this.tell({ kind: "swap-failed", worker: number });
      return;
    }
    const { weights, dueNs } = this.setOut(wanted, [worker]);
    this.tell({ kind: "reloading", worker: number, weights, dueNs });
  }

  /** Has so many blocks of a worker's pool kept free of KV, evicting what is in the way. */
  protected makeRoom(worker: RackWorker, kind: KvKind): void {
    const blocks = blocksFor(worker.kind, kind.weightBytes);
    const holder = this.nextHolder();
    worker.swap = { kind, holder, blocks };
    if (blocks === 0) return;
    const answer = worker.pool.admit(holder, NO_NAMES, blocks);
    assert(!isRefused(answer), "blocks that are free or cached can be kept", blocks);
  }

  protected giveRoomBack(worker: RackWorker, { holder, blocks }: Swap): void {
    if (blocks > 0) worker.pool.release(holder);
    worker.swap = undefined;
  }
}

/** Losses of the same weights as one, so that a plan is made anew once. */
const together = (gone: readonly Gone[]): readonly Gone[] => {
  const byWeights = new Map<string, readonly number[]>();
  for (const { weights, gpus } of gone) {
    byWeights.set(weights, [...(byWeights.get(weights) ?? []), ...gpus]);
  }
  return [...byWeights].map(([weights, gpus]) => ({ weights, gpus }));
};
