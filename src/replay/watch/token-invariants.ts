import type { EngineWorker } from "../engine/worker.ts";
import type { Outcome } from "../record.ts";
import type { Books, RequestAccount, WorkerAccount } from "./books.ts";
import type { Counts } from "./counts.ts";
import { ExactSum } from "./exact-sum.ts";
import type { WatchedRun, WatchSettings } from "./settings.ts";

/** How much longer than a sum of times, each rounded up, their sum rounded up once may seem to be. */
const ROUNDING_NS = 1;

/** What must hold of tokens: who was given them, who made them, when, and in how much time. */
export class TokenInvariants {
  readonly #counts: Counts;
  readonly #books: Books;
  readonly #rooflineOf: WatchSettings["rooflineOf"];
  readonly #floor;
  readonly #counted;
  readonly #given;
  readonly #little;
  /** Over time, how many requests there were; and over requests, how long they stayed. */
  readonly #presence = new ExactSum();
  readonly #sojourns = new ExactSum();
  #sinceNs = 0;
  #present = 0;

  constructor(counts: Counts, books: Books, { rooflineOf }: WatchSettings) {
    this.#counts = counts;
    this.#books = books;
    this.#rooflineOf = rooflineOf;
    this.#floor = counts.of("RUN-11");
    this.#counted = counts.of("RUN-20");
    this.#given = counts.of("RUN-21");
    this.#little = counts.of("RUN-22");
  }

  /** So many requests are in the rack from now on, by the run's clock. */
  present(count: number): void {
    const { nowNs } = this.#counts;
    this.#presence.add(this.#present, nowNs - this.#sinceNs);
    this.#sinceNs = nowNs;
    this.#present = count;
  }

  /** A prompt has been computed, and a token with it unless none was asked for. */
  prefilled(account: RequestAccount, worker: EngineWorker, nowNs: number): void {
    const { live, given, behind } = account;
    const { inputTokens, outputTokens } = live.request;
    const tokens = inputTokens + given;
    const computed = Math.min(tokens, Math.max(1, tokens - behind * this.#books.blockTokens));
    account.computed += computed;
    if (computed > 0) account.floorNs += this.#rooflineOf(worker).prefillNs(computed) - ROUNDING_NS;
    account.kept = given;
    const isGiven = given < outputTokens;
    if (isGiven) account.given += 1;
    if (account.firstNs < 0) account.firstNs = nowNs;
    this.#given.check(isGiven, nowNs > account.lastNs, account.lastNs - nowNs);
    account.lastNs = nowNs;
    this.#counted.check(true, live.emitted === account.given, live.emitted - account.given);
  }

  /** A request is about to join the batch of the worker where it has its seat. */
  joins(account: RequestAccount): void {
    const at = account.seat as WorkerAccount;
    account.batch = at;
    account.joined = at.worker.batch.steps;
    at.members += 1;
    at.changes += 1;
    at.growthMost += this.#growthOf(account);
  }

  /** A request has left the batch, with one token more for each step since it joined. */
  leaves(account: RequestAccount, nowNs: number): void {
    const { batch: at, live, given } = account;
    if (at === undefined) return;
    const steps = at.worker.batch.steps - account.joined;
    at.members -= 1;
    at.changes += 1;
    at.growthMost -= this.#growthOf(account);
    at.decodedTokens += steps;
    account.batch = undefined;
    account.given += steps;
    if (steps > 0) {
      const kvTokens = live.request.inputTokens + given;
      account.floorNs += this.#rooflineOf(at.worker).phaseNs(1, kvTokens, steps) - ROUNDING_NS;
      this.#given.check(true, nowNs - account.lastNs >= steps, nowNs - account.lastNs - steps);
      account.lastNs = nowNs;
    }
    this.#counted.check(true, live.emitted === account.given, live.emitted - account.given);
  }

  ended(account: RequestAccount, outcome: Outcome, nowNs: number): void {
    const { live, given, computed, startedNs, floorNs } = account;
    this.#sojourns.add(1, nowNs - live.arrivalNs);
    const isCompleted = outcome === "completed";
    const { outputTokens } = live.request;
    const isExact = given === outputTokens && live.emitted === outputTokens;
    this.#given.check(isCompleted, isExact, live.emitted - outputTokens);
    const early = floorNs - (nowNs - startedNs);
    this.#floor.check(isCompleted && computed > 0, early <= 0, early);
    // What was begun and given up was computed too, and is not known here.
    const isWhole = isCompleted && live.preemptions + live.restarts === 0;
    this.#counted.check(isWhole, live.computedTokens === computed, live.computedTokens - computed);
  }

  /** What each worker decoded is what its requests were given, those of the batch among them. */
  audit({ workers }: WatchedRun): void {
    for (const worker of workers) {
      if (worker === undefined) continue;
      let tokens = this.#books.at(worker).decodedTokens;
      for (const live of worker.batch.members)
        tokens += worker.batch.steps - (this.#books.find(live)?.joined ?? 0);
      this.#counted.check(tokens > 0, worker.decodeTokens === tokens, worker.decodeTokens - tokens);
    }
  }

  /** By now, those who ended, by the times that they were told, and those who have not stayed as long as there was somebody. */
  checkPresence(): void {
    this.present(this.#present);
    const { nowNs } = this.#counts;
    let stayed = this.#sojourns.value();
    for (const { live } of this.#books.requests.values()) stayed += BigInt(nowNs - live.arrivalNs);
    const off = Number(this.#presence.value() - stayed);
    this.#little.check(this.#books.arrived > 0, off === 0, off);
  }

  /** Blocks that a request takes for its output before it has all of it. */
  #growthOf({ live, kept }: RequestAccount): number {
    return this.#books.growth(kept, Math.max(kept, live.request.outputTokens));
  }
}
