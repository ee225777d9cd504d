/** All invariants of a run, kept while it runs: what the engine tells is passed on to whoever watches for it. */
import type { RackObserver, ServingGroup } from "#rack";
import type { Live, State } from "../engine/live.ts";
import type { Move } from "../engine/moves.ts";
import type { EngineWatcher } from "../engine/watcher.ts";
import type { EngineWorker } from "../engine/worker.ts";
import type { Outcome } from "../record.ts";
import { Books, type RequestAccount } from "./books.ts";
import { Counts, type InvariantCount, type Violation } from "./counts.ts";
import type { WatchedRun, WatchSettings } from "./settings.ts";
import { Themes } from "./themes.ts";
import { enterWhereabouts } from "./whereabouts.ts";

/** Events between two full audits, and before the first, so that a short run has one too. */
const AUDIT_EVERY = 50_000;
const AUDIT_FIRST = 1_000;

/**
 * Watches one run. Whoever runs it passes the watch to the engine and its `observer` to the workers, tells it whom it `follows` before the run and
 * that it has `finished` after it. It changes nothing, and throws `RunStopped` at a violation when it is set to stop.
 *
 * Between two entries of the agenda everything is done that had to be: only then is one side held against the other.
 */
export class RunWatch implements EngineWatcher {
  readonly #counts: Counts;
  readonly #books: Books;
  readonly #themes: Themes;
  readonly #clock;
  readonly #auditEvery: number;
  #run: WatchedRun | undefined;
  #events = 0;
  #nextAudit: number;
  /** Whether a request's state has changed since the last quiet moment. */
  #isMoved = false;

  constructor(settings: WatchSettings) {
    this.#counts = new Counts(settings.onViolation);
    this.#books = new Books(settings.blockTokens);
    this.#themes = new Themes(this.#counts, this.#books, settings);
    this.#clock = this.#counts.of("RUN-2");
    this.#auditEvery = settings.auditEvery ?? AUDIT_EVERY;
    this.#nextAudit = settings.auditEvery ?? AUDIT_FIRST;
  }

  /** Hears what pools announce. */
  get observer(): RackObserver {
    return this.#themes.pools.observer;
  }

  /** Whom to hold the books against; told once, before anything happens. */
  follows(run: WatchedRun): void {
    this.#run = run;
  }

  // What the engine tells.

  instant(nowNs: number): void {
    this.#quiet();
    const { nowNs: beforeNs } = this.#counts;
    this.#clock.check(true, nowNs >= beforeNs, beforeNs - nowNs);
    this.#counts.nowNs = nowNs;
  }

  opened(): void {}

  gone(worker: EngineWorker): void {
    this.#themes.requests.gone(this.#books.at(worker));
  }

  arrived(live: Live, nowNs: number): void {
    this.#counts.request = live.number;
    this.#isMoved = true;
    this.#themes.requests.arrived(live, nowNs);
    this.#themes.tokens.present(this.#open());
  }

  routed(live: Live, worker: EngineWorker, group: ServingGroup, mask: Uint8Array): void {
    const account = this.#find(live);
    if (account === undefined) return;
    const at = this.#books.at(worker);
    this.#books.load(account, at);
    this.#themes.work.routed(worker, group, mask);
    if (account.state === "handover") this.#books.queue(account, at);
  }

  unloaded(live: Live, worker: EngineWorker): void {
    const account = this.#find(live);
    if (account !== undefined) this.#themes.requests.unloaded(account, this.#books.at(worker));
  }

  moves(live: Live, to: State): void {
    const account = this.#find(live);
    this.#themes.pools.filled();
    if (account === undefined) return;
    const { state } = account;
    const { nowNs } = this.#counts;
    this.#isMoved = true;
    this.#themes.requests.moves(account, to);
    if (state === "decoding") this.#themes.tokens.leaves(account, nowNs);
    if (state === "fetching" || state === "moving") this.#themes.copies.ends(account);
    enterWhereabouts(this.#books, account, to);
    if (to === "waiting" && account.queuedNs < 0) account.queuedNs = nowNs;
    if (to === "decoding" && account.seat !== undefined) this.#themes.tokens.joins(account);
  }

  hits(live: Live, worker: EngineWorker, hits: number): void {
    const account = this.#find(live);
    if (account === undefined) return;
    const at = this.#books.at(worker);
    this.#books.queue(account, undefined);
    this.#themes.requests.takenUp(account, worker);
    const isPrefilled = account.state === "handover";
    this.#books.hold(account, at, isPrefilled ? account.kept : account.given);
    if (!isPrefilled) {
      account.behind = hits;
      if (account.startedNs < 0) account.startedNs = this.#counts.nowNs;
    }
    this.#themes.copies.hits(live, worker, hits);
  }

  reading(move: Move): void {
    const account = this.#find(move.live);
    if (account !== undefined) this.#themes.copies.begins(account, move);
  }

  filling(worker: EngineWorker, live: Live): void {
    const account = this.#find(live);
    if (account === undefined) return;
    const { move } = account;
    this.#themes.copies.fills(account);
    const run = move?.kind === "fetch" ? move.run : live.blocks.length;
    this.#themes.pools.filling(this.#books.touch(this.#books.at(worker)), live, run);
  }

  prefilled(live: Live, worker: EngineWorker, nowNs: number): void {
    const account = this.#find(live);
    this.#themes.pools.filled();
    if (account !== undefined) this.#themes.tokens.prefilled(account, worker, nowNs);
  }

  moved(move: Move, nowNs: number): void {
    const account = this.#find(move.live);
    this.#themes.pools.filled();
    if (account !== undefined) this.#themes.copies.arrives(account, move, nowNs);
  }

  decided(): void {}

  decoded(): void {}

  paused(): void {}

  resumed(): void {}

  ended(live: Live, outcome: Outcome, _: string, nowNs: number): void {
    const account = this.#find(live);
    if (account === undefined) return;
    this.#themes.requests.ended(account, outcome, nowNs);
    this.#themes.tokens.ended(account, outcome, nowNs);
    this.#books.close(account);
    this.#themes.tokens.present(this.#open());
  }

  scheduled(worker: EngineWorker, nowNs: number): void {
    this.#themes.work.scheduled(this.#books.touch(this.#books.at(worker)), nowNs);
  }

  happened(worker: EngineWorker | undefined): void {
    this.#events += 1;
    if (worker !== undefined) this.#books.touch(this.#books.at(worker));
  }

  // What whoever places workers tells.

  /** A worker, by the number of its first GPU, is given its GPUs. */
  placed(worker: number, gpus: readonly number[]): void {
    this.#themes.hardware.placed(worker, gpus);
  }

  /** The GPUs of a worker are nobody's any more. */
  freed(worker: number): void {
    this.#themes.hardware.freed(worker);
  }

  /** What lies on each GPU of a worker from now on, or has its room there, in bytes: to be told whenever that changes. */
  budget(usedBytes: number, hbmBytes: number): void {
    this.#themes.hardware.budget(usedBytes, hbmBytes);
  }

  // The end.

  /** The run is over: a last audit, and that nothing is left. Once. */
  finished(): void {
    const run = this.#run;
    if (run === undefined) return;
    this.#quiet();
    this.#themes.audit(run);
    this.#themes.finished(run);
  }

  /** How each invariant fared, by id in order. */
  counts(): readonly InvariantCount[] {
    return this.#counts.all();
  }

  /** The first violations, in the order in which they were seen. */
  violations(): readonly Violation[] {
    return this.#counts.violations();
  }

  #find(live: Live): RequestAccount | undefined {
    this.#counts.request = live.number;
    return this.#themes.requests.open(live);
  }

  #open(): number {
    return this.#run?.engine.census.open ?? 0;
  }

  /** At a quiet moment: what has changed is looked at, and everything when it is time. */
  #quiet(): void {
    const run = this.#run;
    if (run === undefined) return;
    if (this.#isMoved) this.#themes.requests.agreed(run);
    this.#isMoved = false;
    this.#themes.settle(run);
    if (this.#events < this.#nextAudit) return;
    this.#nextAudit = this.#events + this.#auditEvery;
    this.#themes.audit(run);
  }
}
