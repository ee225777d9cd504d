/** Where the invariants of a run are looked at: after every event in constant time a block touched, and in full at checkpoints. */
import type { Rack, RackObserver, Start } from "#rack";
import type { Live } from "./live.ts";
import type { Plan } from "./options.ts";
import { Watch } from "./watch.ts";

/** Events between two full audits. */
export const AUDIT_EVERY = 50_000;

/** What the guard keeps of its own, to hold against what the parts say of themselves. */
export class Guard {
  readonly watch = new Watch();
  readonly #plan: Plan;
  /** Blocks, and unnamed ones among them, that the requests running on a worker asked for. */
  readonly #asked: Float64Array;
  readonly #unnamed: Float64Array;
  #arrived = 0;
  #ended = 0;
  #waiting = 0;
  #running = 0;
  #evictions = 0;
  /** The worker on which a request has just been prefilled; −1 between such moments. */
  #filling = -1;

  constructor(plan: Plan) {
    this.#plan = plan;
    this.#asked = new Float64Array(plan.workers);
    this.#unnamed = new Float64Array(plan.workers);
  }

  /** Blocks that left a pool. */
  get evictions(): number {
    return this.#evictions;
  }

  /** Hears the pools. */
  readonly observer: RackObserver = {
    stored: (worker, block, wasListed) => {
      this.watch.check("RUN-6", true, !wasListed, block);
      this.watch.check("RUN-12", true, worker === this.#filling, block);
    },
    removed: (_, block, wasListed) => {
      this.#evictions += 1;
      this.watch.check("RUN-6", true, wasListed, block);
    },
  };

  /** An event is about to happen. */
  clock(now: number, request: number): void {
    this.watch.check("RUN-2", true, now >= this.watch.now, this.watch.now - now);
    this.watch.now = now;
    this.watch.request = request;
  }

  arrived(): void {
    this.#arrived += 1;
    this.#waiting += 1;
  }

  /** A request has started on its worker: what its pool calls hits, the directory must list. */
  started({ worker, allBlocks, unnamed }: Live, { hits, listed }: Start): void {
    this.#waiting -= 1;
    this.#running += 1;
    this.#asked[worker] = (this.#asked[worker] as number) + allBlocks;
    this.#unnamed[worker] = (this.#unnamed[worker] as number) + unnamed;
    this.watch.check("RUN-7", hits + listed > 0, listed === hits, hits - listed);
  }

  /** A request has been prefilled: its blocks become readable now, and at no other time. */
  filled(live: Live, rack: Rack): void {
    this.#filling = live.worker;
    rack.fill(live.worker, live.number);
    this.#filling = -1;
  }

  /** A run of blocks, from the first on, is about to be read from another worker. */
  fetched(live: Live, source: number, run: number, rack: Rack): void {
    let listed = 0;
    while (listed < run && rack.directory.holds(source, 0, live.request.blocks[listed] as number)) {
      listed += 1;
    }
    this.watch.check("RUN-9", true, listed === run, run - listed);
  }

  /** A request has ended without ever starting. */
  declined(): void {
    this.#waiting -= 1;
    this.#ended += 1;
  }

  /** A request has all its tokens, and its blocks are released. */
  completed(live: Live, endNs: number): void {
    this.#running -= 1;
    this.#ended += 1;
    const { worker, arrivalNs, startNs, firstTokenNs } = live;
    this.#asked[worker] = (this.#asked[worker] as number) - live.allBlocks;
    this.#unnamed[worker] = (this.#unnamed[worker] as number) - live.unnamed;
    const slack = Math.min(startNs - arrivalNs, firstTokenNs - startNs, endNs - firstTokenNs);
    this.watch.check("RUN-3", true, slack >= 0, slack);
    const early = this.#floorNs(live) - (endNs - startNs);
    this.watch.check("RUN-11", live.computedTokens > 0, early <= 0, early);
  }

  /** The least time the request could have taken after its start, on the roofline and alone on its worker. */
  #floorNs({ computedTokens, fetchedBlocks, fetchedFrom, request }: Live): number {
    const { roofline } = this.#plan;
    const later = Math.max(0, request.outputTokens - 1);
    return (
      (fetchedBlocks > 0 ? roofline.fetchNs(fetchedFrom as 0 | 1 | 2 | 3, fetchedBlocks) : 0) +
      (computedTokens > 0 ? roofline.prefillNs(computedTokens) : 0) +
      (later > 0 ? later * roofline.decodeStepNs(1, request.inputTokens) : 0)
    );
  }

  /** An event has happened, and it touched this worker. */
  after(worker: number, rack: Rack, running: number, waiting: number): void {
    const { watch } = this;
    const missing = this.#arrived - this.#ended - waiting - running;
    const agreed = waiting === this.#waiting && running === this.#running;
    watch.check("RUN-1", this.#arrived > 0, missing === 0 && agreed, missing);
    const { free, filling, active, cached } = rack.pool(worker).counts();
    const { capacityBlocks } = this.#plan;
    const sum = free + filling + active + cached;
    const conserved = sum === capacityBlocks && Math.min(free, filling, active, cached) >= 0;
    watch.check("RUN-4", true, conserved, sum - capacityBlocks);
    const readable = cached + active - (this.#unnamed[worker] as number);
    const listed = rack.directory.heldBy(worker);
    watch.check("RUN-5", listed + readable > 0, listed === readable, listed - readable);
    const used = filling + active;
    const most = Math.min(capacityBlocks, this.#asked[worker] as number);
    watch.check("RUN-8", used > 0, used <= most, used - most);
    const idle = this.#asked[worker] === 0;
    watch.check("RUN-10", idle, used === 0, used);
  }

  /** Everything has ended: `total` requests, and nothing is left of them. */
  finished(total: number, rack: Rack): void {
    const lost = total - this.#ended;
    this.watch.check("RUN-1", total > 0, lost === 0 && this.#arrived === total, lost);
    this.audit(rack);
  }

  /** Recounts everything. At checkpoints and at the end: takes time in proportion to what the pools hold. */
  audit(rack: Rack): void {
    for (const [worker, pool] of rack.pools.entries()) {
      const names = pool.readable();
      let [unlisted, twice] = [0, 0];
      for (const [index, name] of names.entries()) {
        if (index > 0 && name === names[index - 1]) twice += 1;
        if (!rack.directory.holds(worker, 0, name)) unlisted += 1;
      }
      const off = unlisted + Math.abs(rack.directory.heldBy(worker) - names.length);
      this.watch.check("RUN-5", names.length > 0, off === 0, off);
      this.watch.check("RUN-6", names.length > 0, twice === 0, twice);
    }
  }
}
