import type { Books, WorkerAccount } from "./books.ts";
import { CopyInvariants } from "./copy-invariants.ts";
import type { Counts } from "./counts.ts";
import { HardwareInvariants } from "./hardware-invariants.ts";
import { PoolInvariants } from "./pool-invariants.ts";
import { RequestInvariants } from "./request-invariants.ts";
import type { WatchedRun, WatchSettings } from "./settings.ts";
import { TokenInvariants } from "./token-invariants.ts";
import { WorkInvariants } from "./work-invariants.ts";

/** All invariants, by what they are about, and when all of them are looked at together. */
export class Themes {
  readonly requests: RequestInvariants;
  readonly pools: PoolInvariants;
  readonly copies: CopyInvariants;
  readonly tokens: TokenInvariants;
  readonly work: WorkInvariants;
  readonly hardware: HardwareInvariants;
  readonly #books: Books;

  constructor(counts: Counts, books: Books, settings: WatchSettings) {
    this.#books = books;
    this.requests = new RequestInvariants(counts, books);
    this.pools = new PoolInvariants(counts, books, settings);
    this.copies = new CopyInvariants(counts, books, settings);
    this.tokens = new TokenInvariants(counts, books, settings);
    this.work = new WorkInvariants(counts, books, settings);
    this.hardware = new HardwareInvariants(counts, settings.gpusPerDomain);
  }

  /** Everything that had to be done has been: the workers that something happened at are looked at. */
  settle(run: WatchedRun): void {
    const books = this.#books;
    for (let index = 0; index < books.touchedCount; index += 1) {
      const account = books.touched[index] as WorkerAccount;
      account.isTouched = false;
      // One that is gone has nothing to conserve.
      if (run.workers[account.worker.number] !== account.worker) continue;
      this.requests.agreedAt(account);
      this.pools.after(account);
      this.work.checkRest(account);
    }
    books.touchedCount = 0;
  }

  /** Recounts everything. */
  audit(run: WatchedRun): void {
    this.requests.audit(run);
    this.pools.audit(run);
    this.copies.audit(run);
    this.tokens.audit(run);
    this.tokens.checkPresence();
    this.hardware.audit(run.workers);
  }

  /** Nothing is left. */
  finished(run: WatchedRun): void {
    this.requests.finished(run);
    this.pools.finished(run);
    this.copies.finished(run);
  }
}
