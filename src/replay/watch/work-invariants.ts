import type { ServingGroup } from "#rack";
import { firstInQueue } from "../engine/queue.ts";
import type { EngineWorker } from "../engine/worker.ts";
import type { Books, WorkerAccount } from "./books.ts";
import type { Counts } from "./counts.ts";
import type { WatchSettings } from "./settings.ts";

/** A batch is counted one by one every so many times that its worker is scheduled. */
const RECOUNT_EVERY = 16;

/** What must hold of how workers are chosen, and of the steps they make. */
export class WorkInvariants {
  readonly #books: Books;
  readonly #settings: WatchSettings;
  readonly #busy;
  readonly #shown;
  readonly #floor;
  readonly #batch;
  readonly #limits;

  constructor(counts: Counts, books: Books, settings: WatchSettings) {
    this.#books = books;
    this.#settings = settings;
    this.#busy = counts.of("RUN-17");
    this.#shown = counts.of("RUN-19");
    this.#floor = counts.of("RUN-26");
    this.#batch = counts.of("RUN-27");
    this.#limits = counts.of("RUN-28");
  }

  /** A worker has been chosen, and its load told to the router: nothing was shown but prompts. */
  routed(worker: EngineWorker, group: ServingGroup, mask: Uint8Array): void {
    let off = 0;
    for (let place = 0; place < mask.length; place += 1) {
      if (mask[place] === 0) continue;
      const known = this.#books.numbered(place * group.tp);
      const isHere = known !== undefined && known.worker.serving === group.workers[place];
      off += Math.abs((group.loadBlocks[place] as number) - (isHere ? known.loadBlocks : 0));
      off += Math.abs((group.activeRequests[place] as number) - (isHere ? known.loads : 0));
    }
    const isChosen = mask[worker.serving.place] === 1;
    this.#shown.check(true, off === 0 && isChosen, off);
  }

  /** A worker has begun something, or rests. What it did until now took its time; nobody waits in vain. */
  scheduled(account: WorkerAccount, nowNs: number): void {
    const { worker, doing } = account;
    this.#checkTime(account, nowNs);
    const { at, batch } = worker;
    const goesOn = at === "phase" && doing.at === "phase" && doing.changes === account.changes;
    if (!goesOn) {
      account.doing = {
        at,
        sinceNs: nowNs,
        prefills: this.#chunks(account),
        size: batch.size,
        kvTokens: batch.kvTokens,
        steps: batch.steps,
        changes: account.changes,
      };
    }
    if (account.schedulings % RECOUNT_EVERY === 0 && at !== "idle") this.#recount(account);
    account.schedulings += 1;
    this.#checkWaiting(account, worker.isOpen);
  }

  /** A worker with nothing to do and nothing that calls it leaves nobody waiting for whom it has room. */
  checkRest(account: WorkerAccount): void {
    const { at, isCalled } = account.worker;
    if (at === "idle" && !isCalled && account.waiting > 0) this.#checkWaiting(account, true);
  }

  #checkTime({ worker, doing }: WorkerAccount, nowNs: number): void {
    const { at, sinceNs, prefills, size, kvTokens } = doing;
    const steps = worker.batch.steps - doing.steps;
    if (at === "idle" || (at === "phase" && steps === 0)) return;
    const roofline = this.#settings.rooflineOf(worker);
    const floorNs =
      at === "phase"
        ? roofline.phaseNs(size, kvTokens, steps)
        : roofline.stepNs(prefills, size, kvTokens);
    this.#floor.check(true, nowNs - sinceNs >= floorNs, floorNs - (nowNs - sinceNs));
  }

  /** What the step that begins now prefills; held against what it may. */
  #chunks({ worker, seats }: WorkerAccount): number {
    const { maxNumBatchedTokens, maxNumSeqs } = this.#settings;
    let tokens = 0;
    for (const { chunk } of worker.prefilling) tokens += chunk;
    const over = tokens - Math.max(0, maxNumBatchedTokens - worker.batch.size);
    const isSeated = seats <= maxNumSeqs;
    this.#limits.check(seats > 0, over <= 0 && isSeated && tokens >= 0, Math.max(over, seats));
    return tokens;
  }

  #recount({ worker }: WorkerAccount): void {
    const { batch, output } = worker;
    let [kvTokens, grown] = [0, 0];
    for (const live of batch.members) {
      const account = this.#books.find(live);
      if (account === undefined) continue;
      const steps = batch.steps - account.joined;
      kvTokens += live.request.inputTokens + account.given + steps;
      // The step that has begun has its block.
      grown += this.#books.growth(account.kept, account.kept + steps + 1);
    }
    const off = Math.abs(batch.kvTokens - kvTokens) + Math.abs(output.count - grown);
    this.#batch.check(batch.size > 0, off === 0, off);
  }

  #checkWaiting({ worker, seats, members }: WorkerAccount, isOpen: boolean): void {
    const first = firstInQueue(worker);
    const account = first && this.#books.find(first);
    if (account === undefined) return;
    const { maxNumSeqs, maxNumBatchedTokens } = this.#settings;
    let budget = maxNumBatchedTokens - members;
    for (const { left } of worker.prefilling) budget -= left;
    const { free, cached } = worker.serving.pool.counts();
    const { promptBlocks, kept, given, state } = account;
    const written = state === "handover" ? kept : given;
    // With what it hits it may need less; never more.
    const needed = promptBlocks + Math.ceil(written / this.#books.blockTokens);
    const hasRoom = seats < maxNumSeqs && budget > 0 && needed <= free + cached;
    this.#busy.check(isOpen, !hasRoom, free + cached - needed);
  }
}
