import type { RackObserver, ServingWorker } from "#rack";
import type { Live } from "../engine/live.ts";
import type { Books, RequestAccount, WorkerAccount } from "./books.ts";
import type { Counts } from "./counts.ts";
import { lagOf, netLagOf } from "./lag.ts";
import type { WatchedRun, WatchSettings } from "./settings.ts";

/** What must hold of pools, of the directory that lists them, and of what requests hold in them. */
export class PoolInvariants {
  readonly #books: Books;
  readonly #keptOf: (worker: number) => number;
  readonly #conserved;
  readonly #listed;
  readonly #once;
  readonly #bounded;
  readonly #whileHeld;
  readonly #filled;
  readonly #exact;
  /** Whose blocks become readable now, where, how many of them, and how many have; nobody's between such moments. */
  #filling: Live | undefined;
  #at = -1;
  #run = 0;
  #told = -1;

  constructor(counts: Counts, books: Books, { keptOf }: WatchSettings) {
    this.#books = books;
    this.#keptOf = keptOf ?? nothing;
    this.#conserved = counts.of("RUN-4");
    this.#listed = counts.of("RUN-5");
    this.#once = counts.of("RUN-6");
    this.#bounded = counts.of("RUN-8");
    this.#whileHeld = counts.of("RUN-10");
    this.#filled = counts.of("RUN-12");
    this.#exact = counts.of("RUN-14");
  }

  /** Hears the pools. */
  readonly observer: RackObserver = {
    stored: (worker, names, count, listings) => {
      this.#check(worker, count, listings);
      const isAsked = worker.number === this.#at && this.#isNext(names, count);
      this.#filled.check(true, isAsked, count);
    },
    removed: (worker, _, count, listings) => this.#check(worker, count, -listings),
  };

  /** The first `run` blocks of a request are about to become readable. */
  filling(worker: WorkerAccount, live: Live, run: number): void {
    this.#filling = live;
    this.#at = worker.worker.number;
    this.#run = run;
    this.#told = -1;
  }

  /** They have. */
  filled(): void {
    this.#at = -1;
  }

  /** At a quiet moment, where something happened: what counts alone can tell. */
  after({ worker, holders, askedBlocks, growthMost, unnamedBlocks }: WorkerAccount): void {
    const { number, serving } = worker;
    const { pool, place, group } = serving;
    const { free, filling, active, cached } = pool.counts();
    const sum = free + filling + active + cached;
    const isWhole = sum === pool.capacity && Math.min(free, filling, active, cached) >= 0;
    this.#conserved.check(true, isWhole, sum - pool.capacity);

    const kept = this.#keptOf(number);
    const readable = cached + active - unnamedBlocks - worker.output.count - kept;
    const listed = group.directory.heldBy(place);
    const apart = listed + netLagOf(serving) - readable;
    this.#listed.check(listed + readable > 0, apart === 0, apart);

    const used = filling + active - kept;
    const most = Math.min(pool.capacity, askedBlocks + growthMost);
    this.#bounded.check(used > 0, used <= most, used - most);
    this.#whileHeld.check(holders === 0, used === 0, used);
  }

  /** Recounts every worker's blocks one by one. Takes time in proportion to what the pools hold. */
  audit({ workers }: WatchedRun): void {
    const held = this.#heldAt();
    for (const worker of workers) {
      if (worker === undefined) continue;
      this.#auditListings(worker.serving);
      const account = this.#books.at(worker);
      const used = this.#usedAt(account);
      const named = held.get(account)?.size ?? 0;
      const off = used - named - account.unnamedBlocks - worker.output.count;
      this.#exact.check(used > 0, off === 0, off);
    }
  }

  /** At the end nothing is held any more. */
  finished({ workers }: WatchedRun): void {
    for (const worker of workers) {
      if (worker === undefined) continue;
      const used = this.#usedAt(this.#books.at(worker));
      this.#whileHeld.check(true, used === 0, used);
    }
  }

  /** Blocks in use, but for those that are kept empty. */
  #usedAt({ worker: { number, serving } }: WorkerAccount): number {
    const { filling, active } = serving.pool.counts();
    return filling + active - this.#keptOf(number);
  }

  /** The names that requests and copies hold, worker by worker. */
  #heldAt(): ReadonlyMap<WorkerAccount, ReadonlySet<number>> {
    const held = new Map<WorkerAccount, Set<number>>();
    const add = (at: WorkerAccount, blocks: Uint32Array): void => {
      const names = held.get(at) ?? new Set();
      held.set(at, names);
      for (const block of blocks) names.add(block);
    };
    for (const account of this.#books.requests.values()) {
      for (const { at } of account.holdings) add(at, account.live.blocks);
      for (const [at, blocks] of this.#copied(account)) add(at, blocks);
    }
    return held;
  }

  /** What a copy holds where it comes from; where it goes, the request holds it too. */
  #copied({ live, move }: RequestAccount): readonly (readonly [WorkerAccount, Uint32Array])[] {
    if (move?.kind !== "fetch" || move.source === undefined) return [];
    return [[this.#books.at(move.source), live.blocks.subarray(0, move.run)]];
  }

  #auditListings(worker: ServingWorker): void {
    const { place, pool, group } = worker;
    const { directory } = group;
    const names = pool.readable();
    let [unlisted, twice] = [0, 0];
    for (let index = 0; index < names.length; index += 1) {
      const name = names[index] as number;
      if (index > 0 && name === names[index - 1]) twice += 1;
      if (!directory.holds(place, 0, name)) unlisted += 1;
    }
    // What is listed and cannot be read comes on top of what can be read and is not listed.
    const off = unlisted + directory.heldBy(place) - (names.length - unlisted);
    this.#listed.check(names.length > 0, off <= lagOf(worker), off);
    this.#once.check(names.length > 0, twice === 0, twice);
  }

  #check(worker: ServingWorker, count: number, listings: number): void {
    const account = this.#books.numbered(worker.number);
    if (account?.worker.serving === worker) this.#books.touch(account);
    // Where the directory hears late, what it lists does not change now.
    const isAtOnce = worker.group.plane === undefined;
    this.#once.check(isAtOnce, listings === count, count - listings);
  }

  /** Whether blocks are the next of those that become readable now. The first told may lie behind others that could be read already. */
  #isNext(names: Uint32Array, count: number): boolean {
    const { blocks } = this.#filling as Live;
    const [first, last] = [names[0] as number, names[count - 1] as number];
    let at = this.#told;
    if (at < 0) {
      at = this.#run - count;
      if (blocks[at] !== first) at = blocks.indexOf(first);
    }
    this.#told = at + count;
    return (
      at >= 0 && this.#told <= this.#run && blocks[at] === first && blocks[at + count - 1] === last
    );
  }
}

const nothing = (): number => 0;
