import type { Live, State } from "../engine/live.ts";
import { STATES } from "../engine/live.ts";
import { firstInQueue } from "../engine/queue.ts";
import type { EngineWorker } from "../engine/worker.ts";
import type { Outcome } from "../record.ts";
import type { Books, RequestAccount, WorkerAccount } from "./books.ts";
import type { Counts } from "./counts.ts";
import { isAllowed } from "./lifecycle.ts";
import type { WatchedRun } from "./settings.ts";

/** What must hold of requests, whatever becomes of them: none is lost, none goes where it must not, none before its time. */
export class RequestInvariants {
  readonly #books: Books;
  readonly #conserved;
  readonly #causal;
  readonly #allowed;
  readonly #inOrder;
  readonly #outcomes: Record<Outcome, number> = { completed: 0, failed: 0, cancelled: 0 };

  constructor(counts: Counts, books: Books) {
    this.#books = books;
    this.#conserved = counts.of("RUN-1");
    this.#causal = counts.of("RUN-3");
    this.#allowed = counts.of("RUN-13");
    this.#inOrder = counts.of("RUN-18");
  }

  arrived(live: Live, nowNs: number): void {
    const isNew = this.#books.find(live) === undefined && live.state === "unrouted";
    this.#allowed.check(true, isNew, live.number);
    if (!isNew) return;
    this.#books.enter(live, nowNs);
    this.#causal.check(true, live.arrivalNs === nowNs, nowNs - live.arrivalNs);
  }

  /** The account of whoever something happens to: nothing happens before an arrival or after an end. */
  open(live: Live): RequestAccount | undefined {
    const account = this.#books.find(live);
    if (account === undefined) this.#allowed.check(true, false, live.number);
    return account;
  }

  /** A request is about to change its state. */
  moves(account: RequestAccount, to: State): void {
    const { live, state } = account;
    const isSentAgain = live.restarts === account.restarts + 1;
    const isKnown = isSentAgain || live.restarts === account.restarts;
    const isRight = isKnown && live.state === state && isAllowed(state, to, isSentAgain);
    this.#allowed.check(true, isRight, STATES.indexOf(to));
    account.restarts = live.restarts;
    account.state = to;
    const { states } = this.#books;
    states[state] -= 1;
    states[to] += 1;
  }

  /** A request is no load of a worker any more: it was one, and once. */
  unloaded(account: RequestAccount, at: WorkerAccount): void {
    const isLoad = this.#books.unload(account, at);
    this.#allowed.check(true, isLoad, at.worker.number);
  }

  /** A worker is gone: nobody is left there. */
  gone({ worker, waiting, seats, members, loads }: WorkerAccount): void {
    const left = waiting + seats + members + loads;
    this.#conserved.check(true, left === 0, left);
    this.#books.forget(worker);
  }

  /** The first of a queue has been taken up: whoever is first now must not have gone before. */
  takenUp({ live }: RequestAccount, worker: EngineWorker): void {
    const next = firstInQueue(worker);
    this.#inOrder.check(
      next !== undefined,
      next === undefined || precedes(live, next),
      next?.number ?? 0,
    );
  }

  ended(account: RequestAccount, outcome: Outcome, nowNs: number): void {
    const { live, startedNs, firstNs } = account;
    this.#outcomes[outcome] += 1;
    const { arrivalNs, enqueueNs, startNs, firstTokenNs, transferNs, transferredNs } = live;
    // One that was sent again may have been moved the first time and not the second.
    const movedNs = live.restarts === 0 ? transferredNs : -1;
    const slack = Math.min(
      slackOf([arrivalNs, account.queuedNs, startNs, firstTokenNs, nowNs]),
      slackOf([arrivalNs, enqueueNs, nowNs]),
      slackOf([firstTokenNs, transferNs, movedNs, nowNs]),
    );
    const isToldRight = startNs === startedNs && firstTokenNs === firstNs;
    this.#causal.check(true, slack >= 0 && isToldRight, slack);
  }

  /** At a quiet moment: both sides count the same, and a worker has whom it should. */
  agreed({ engine: { census } }: WatchedRun): void {
    const off = apart(census.counts, this.#books.states);
    this.#conserved.check(this.#books.arrived > 0, off === 0, off);
  }

  /** The same for one worker. */
  agreedAt({ worker, waiting, seats, members }: WorkerAccount): void {
    const off =
      Math.abs(worker.waiting - waiting) +
      Math.abs(worker.sequences - seats) +
      Math.abs(worker.batch.size - members);
    this.#conserved.check(waiting + seats > 0, off === 0, off);
  }

  /** Recounts who is where, one by one. */
  audit({ workers }: WatchedRun): void {
    let found = 0;
    let wrong = 0;
    const look = (live: Live, ...states: readonly State[]): void => {
      found += 1;
      if (!states.includes(live.state) || this.#books.find(live)?.live !== live) wrong += 1;
    };
    for (const worker of workers) {
      if (worker === undefined) continue;
      const { queue, head, prefilling, ready, batch, expecting } = worker;
      found += expecting;
      for (let at = head; at < queue.length; at += 1)
        look(queue[at] as Live, "waiting", "handover");
      for (const live of prefilling) look(live, "prefilling");
      for (const live of ready) look(live, "ready");
      for (const live of batch.members) look(live, "decoding");
      this.#checkQueue(worker);
    }
    const { requests, states } = this.#books;
    const off = requests.size - states.unrouted - found;
    this.#conserved.check(requests.size > 0, off === 0 && wrong === 0, off + wrong);
  }

  /** Everything has ended, and was told as what it was. */
  finished({ engine: { tally } }: WatchedRun): void {
    const { requests, arrived, states } = this.#books;
    const { completed, failed, cancelled } = this.#outcomes;
    const isToldRight =
      tally.completed === completed && tally.failed === failed && tally.cancelled === cancelled;
    const lost = tally.total - completed - failed - cancelled;
    const isWhole = requests.size === 0 && states.ended === arrived && tally.total === arrived;
    this.#conserved.check(tally.total > 0, isWhole && isToldRight && lost === 0, lost);
  }

  #checkQueue({ queue, head }: EngineWorker): void {
    let wrong = 0;
    for (let at = head + 1; at < queue.length; at += 1)
      if (!precedes(queue[at - 1] as Live, queue[at] as Live)) wrong += 1;
    this.#inOrder.check(queue.length - head > 1, wrong === 0, wrong);
  }
}

/** By how many requests two counts differ, all states together. One by one, because it is done after every event. */
const apart = (left: Readonly<Record<State, number>>, right: typeof left): number =>
  Math.abs(left.unrouted - right.unrouted) +
  Math.abs(left.waiting - right.waiting) +
  Math.abs(left.fetching - right.fetching) +
  Math.abs(left.prefilling - right.prefilling) +
  Math.abs(left.handover - right.handover) +
  Math.abs(left.moving - right.moving) +
  Math.abs(left.ready - right.ready) +
  Math.abs(left.decoding - right.decoding) +
  Math.abs(left.ended - right.ended);

/** Who goes first: the more urgent, then who arrived first, then the lower number. */
const precedes = (left: Live, right: Live): boolean => {
  const urgency = left.request.priority - right.request.priority;
  const late = left.arrivalNs - right.arrivalNs;
  return urgency !== 0 ? urgency > 0 : late !== 0 ? late < 0 : left.number < right.number;
};

/** The shortest time between two neighbours of a chain of instants; those that never came, −1, are left out. */
const slackOf = (instants: readonly number[]): number => {
  let slack = Number.POSITIVE_INFINITY;
  let before = -1;
  for (const instant of instants) {
    if (instant < 0) continue;
    if (before >= 0) slack = Math.min(slack, instant - before);
    before = instant;
  }
  return slack;
};
