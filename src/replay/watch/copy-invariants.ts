import type { Live } from "../engine/live.ts";
import type { Move } from "../engine/moves.ts";
import type { EngineWorker } from "../engine/worker.ts";
import type { Books, RequestAccount } from "./books.ts";
import type { Counts } from "./counts.ts";
import { lagOf } from "./lag.ts";
import type { WatchedRun, WatchSettings } from "./settings.ts";

/** Every so many looks, a run of blocks is walked from end to end; at the others, its last block and the one behind it tell. */
const WALK_EVERY = 16;

/** The ways of a ledger, by distance; none is how far a switch is. */
const LINKS = ["switch", "superchip", "domain", "rack"] as const;

/** What must hold of what is read: hits, what is copied from worker to worker, and the links it goes over. */
export class CopyInvariants {
  readonly #books: Books;
  readonly #settings: WatchSettings;
  readonly #hit;
  readonly #listed;
  readonly #present;
  readonly #linked;
  readonly #floor;
  readonly #arrivedBytes = { switch: 0, superchip: 0, domain: 0, rack: 0 };
  #looks = 0;

  constructor(counts: Counts, books: Books, settings: WatchSettings) {
    this.#books = books;
    this.#settings = settings;
    this.#hit = counts.of("RUN-7");
    this.#listed = counts.of("RUN-9");
    this.#present = counts.of("RUN-15");
    this.#linked = counts.of("RUN-16");
    this.#floor = counts.of("RUN-26");
  }

  /** A pool calls so many leading blocks hits: the directory must list them, and not the one after. */
  hits({ blocks }: Live, worker: EngineWorker, hits: number): void {
    if (blocks.length === 0 || lagOf(worker.serving) > 0) {
      this.#hit.check(false, true, 0);
      return;
    }
    const isEnd = hits === blocks.length || !lists(worker, blocks[hits] as number);
    const isRun = this.#isToBeWalked()
      ? blocks.subarray(0, hits).every((block) => lists(worker, block))
      : hits === 0 || lists(worker, blocks[hits - 1] as number);
    this.#hit.check(true, isRun && isEnd, hits);
  }

  /** A copy is about to begin. */
  begins(account: RequestAccount, move: Move): void {
    const { kind, live, source, run } = move;
    account.move = move;
    this.#books.copy(move, 1);
    this.#checkSource(move);
    const isFetch = kind === "fetch" && run > 0 && source !== undefined;
    const last = isFetch && lists(source, live.blocks[run - 1] as number);
    this.#listed.check(isFetch && lagOf(source.serving) === 0, last, run);
  }

  /** What a copy brings is about to become readable: it must be there still where it comes from. */
  fills({ move }: RequestAccount): void {
    if (move !== undefined) this.#checkSource(move);
  }

  /** A copy is there. */
  arrives(account: RequestAccount, move: Move, nowNs: number): void {
    const { kind, target, run, bytes, distance, startNs } = move;
    if (kind === "fetch") account.behind = run;
    const roofline = this.#settings.rooflineOf(target);
    const floorNs = roofline.fetchNs(distance, Math.floor(bytes / roofline.blockBytes));
    this.#floor.check(floorNs > 0, nowNs - startNs >= floorNs, floorNs - (nowNs - startNs));
    account.floorNs += floorNs;
    this.#arrivedBytes[LINKS[distance]] += bytes;
  }

  /** A copy is over, whether or not it came. */
  ends(account: RequestAccount): void {
    if (account.move === undefined) return;
    this.#books.copy(account.move, -1);
    account.move = undefined;
  }

  audit({ fabric }: WatchedRun): void {
    const { windows, excessBytes } = fabric.audit();
    this.#linked.check(windows > 0, excessBytes <= 0, excessBytes);
  }

  /** All copies are over: the links carried what came, and what was cut off. */
  finished({ fabric }: WatchedRun): void {
    const { moved, cut } = fabric.ledger();
    let off = 0;
    for (const link of LINKS) off += Math.abs(moved[link] - cut[link] - this.#arrivedBytes[link]);
    const all = LINKS.reduce((sum, link) => sum + this.#arrivedBytes[link], 0);
    this.#linked.check(all > 0, off === 0, off);
  }

  #checkSource({ live: { blocks }, source, run }: Move): void {
    // What a switch has served has left it by then.
    if (run === 0 || source === undefined) {
      this.#present.check(false, true, 0);
      return;
    }
    const from = this.#isToBeWalked() ? 0 : run - 1;
    const found = source.serving.pool.leadingRun(blocks.subarray(from, run));
    this.#present.check(true, found === run - from, run - from - found);
  }

  #isToBeWalked(): boolean {
    this.#looks += 1;
    return this.#looks % WALK_EVERY === 1;
  }
}

/** Whether a worker's directory lists a block for it. */
const lists = ({ serving: { group, place } }: EngineWorker, block: number): boolean =>
  group.directory.holds(place, 0, block);
