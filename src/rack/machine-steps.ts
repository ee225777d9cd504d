import { ascending, assert, byEach, descending, isRefused } from "#base";
import type { FleetDriver, SeenWorker } from "./fleet-contract.ts";
import type { WorkerEnd } from "./machine-contract.ts";
import { type Fetch, type FetchSource, farApart } from "./machine-fetches.ts";
import { named } from "./machine-kinds.ts";
import { MachineState } from "./machine-state.ts";
import { type MachineRequest, RackWorker } from "./machine-worker.ts";

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
      const fetch = this.fetches.next();
      const wholeNs = this.fleet.nextNs();
      // What arrives at the instant at which its source's model goes has arrived.
      if (fetch !== undefined && fetch.dueNs <= Math.min(atNs, wholeNs ?? atNs)) {
        this.nowNs = fetch.dueNs;
        this.arrive(fetch);
      } else if (wholeNs !== undefined && wholeNs <= atNs) {
        this.nowNs = wholeNs;
        this.fleet.advance(wholeNs);
      } else break;
    }
    this.nowNs = atNs;
    this.fleet.advance(atNs);
  }

  /** The next instant at which something happens by itself; nothing when nothing is under way. */
  nextNs(): number | undefined {
    const [fetchNs, wholeNs] = [this.fetches.next()?.dueNs, this.fleet.nextNs()];
    return fetchNs === undefined ? wholeNs : Math.min(fetchNs, wholeNs ?? fetchNs);
  }

  /** Who hears what the fleet does: events are told, and blocks go with those whose they were. */
  protected driver(): FleetDriver {
    return {
      opened: (seat) => this.open(seat),
      serving: (seat) => this.serve(seat),
      swapped: (seat) => {
        this.exchange(this.workerOf(seat));
        this.serve(seat);
      },
      swapFailed: ({ number }) => this.tell({ kind: "swap-failed", worker: number }),
      replanned: ({ number }, dueNs) => this.tell({ kind: "replanned", worker: number, dueNs }),
      reloading: ({ number }, weights, dueNs) =>
        this.tell({ kind: "reloading", worker: number, weights, dueNs }),
      gangEnded: (owner, because) => this.tell({ kind: "ended", owner, because }),
      ended: (seat) => this.end(this.workerOf(seat)),
      hasRoom: (seat, blocks) => {
        const { free, cached } = this.workerOf(seat).pool.counts();
        return blocks <= free + cached;
      },
      makeRoom: (seat, blocks) => this.makeRoom(this.workerOf(seat), blocks),
      giveRoomBack: (seat) => this.giveRoomBack(this.workerOf(seat)),
    };
  }

  /** The worker at the same place. */
  protected workerOf({ number }: SeenWorker): RackWorker {
    const worker = this.workers[number];
    assert(worker !== undefined, "the machine has every worker of its fleet", number);
    return worker;
  }

  /** Makes a worker, which does not serve yet. */
  protected open(seat: SeenWorker): void {
    this.workers[seat.number] = new RackWorker({
      seat,
      createPool: this.parts.createPool,
      directory: this.directory,
      transfersOf: (kind) => this.transfersOf(kind),
      computed: (target, name) => this.fetches.overtake(target, name),
    });
  }

  protected serve({ number, kind }: SeenWorker): void {
    this.tell({ kind: "serving", worker: number, running: kind.text });
  }

  /** The old model's blocks and all that depended on them are gone. */
  protected exchange(worker: RackWorker): void {
    this.letGo(worker, "swapped");
    worker.become();
  }

  /** A worker's gang has ended. */
  protected end(worker: RackWorker): void {
    this.letGo(worker, "worker-ended");
    worker.close();
    this.workers[worker.number] = undefined;
  }

  /** A worker's blocks go: with them its requests, and every copy from or to it. */
  protected letGo(worker: RackWorker, because: WorkerEnd): void {
    for (const [{ request }, why] of this.fetches.abort(worker)) {
      this.tell({ kind: "fetch-ended", request, because: why });
    }
    for (const number of worker.requests) {
      this.forget(this.requests.get(number) as MachineRequest);
      this.tell({ kind: "request-ended", request: number, because });
    }
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
    const kinds = this.fleet.kindsSoFar();
    for (const block of names) {
      const reading = { gpu, block, bytes: kind.blockBytes, tag: kind.number };
      const evicted = this.switches.count(domain, reading);
      if (evicted === undefined) continue;
      for (const victim of evicted) {
        this.tell({ kind: "evicted", domain, block: named(kinds, victim) });
      }
      this.tell({ kind: "promoted", domain, block: named(kinds, block) });
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

  /** Copies that were overtaken in what has just happened are over, now that no pool is half way. */
  protected settle(): void {
    for (const { request } of this.fetches.settle()) {
      this.tell({ kind: "fetch-ended", request, because: "overtaken" });
    }
  }

  /** Has so many blocks of a worker's pool kept free of KV, evicting what is in the way. */
  protected makeRoom(worker: RackWorker, blocks: number): void {
    if (blocks === 0) return;
    const holder = this.nextHolder();
    worker.roomHolder = holder;
    const answer = worker.pool.admit(holder, NO_NAMES, blocks);
    assert(!isRefused(answer), "blocks that are free or cached can be kept", blocks);
  }

  protected giveRoomBack(worker: RackWorker): void {
    if (worker.roomHolder !== undefined) worker.pool.release(worker.roomHolder);
    worker.roomHolder = undefined;
  }
}
