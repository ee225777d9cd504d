import { isRefused } from "#base";
import type { Census } from "./census.ts";
import type { Live } from "./live.ts";
import type { DecodedSteps } from "./phase.ts";
import { enqueue, firstInQueue, leaveQueue } from "./queue.ts";
import type { EngineWorker } from "./worker.ts";

/** Who goes when blocks run out: of the least urgent, who was taken up last or first. */
const PREEMPTIONS = ["newest", "oldest"] as const;

/** What a worker's scheduler goes by. */
export type Scheduling = {
  readonly blockTokens: number;
  /** Requests that a worker has under way at once. */
  readonly maxNumSeqs: number;
  /** Tokens that a step takes through the model: one for each of the batch, and the rest to prefill. */
  readonly maxNumBatchedTokens: number;
  readonly preemption: (typeof PREEMPTIONS)[number];
};

/** What the scheduler tells, and asks for what is not a worker's own. */
export type SchedulerEvents = {
  /** A waiting request has its blocks, of which `hits` can be read; whether its KV is to come from elsewhere, so that it does not prefill now. */
  takenUp(live: Live, worker: EngineWorker, hits: number, nowNs: number): boolean;
  /** Its prompt has been computed, and with it a token. It is in no list of the worker. */
  prefilled(live: Live, worker: EngineWorker, nowNs: number): void;
  /** It has all its tokens, and is out of the batch. */
  completed(live: Live, worker: EngineWorker, nowNs: number): void;
  preempted(live: Live, worker: EngineWorker, nowNs: number): void;
  /** It can never be served here. It is in no list and holds nothing. */
  failed(live: Live, worker: EngineWorker, reason: string, nowNs: number): void;
  /** It leaves as it was asked to. It is in no list, and holds its blocks still. */
  left(live: Live, worker: EngineWorker, nowNs: number): void;
  /** Steps have ended, and nobody has joined or left for it yet. */
  decoded(worker: EngineWorker, stretch: DecodedSteps): void;
  /** It joins the batch with KV that came from elsewhere. */
  joined(live: Live, worker: EngineWorker): void;
  /** Something was or was not done at a boundary: for who watches. */
  scheduled(worker: EngineWorker, nowNs: number): void;
};

/** A request without a token of prompt needs no block to begin with. */
const NOTHING_NEEDED = { kind: "admitted", hits: 0 } as const;

/** Why a request can never be served. */
export const TOO_LARGE = "larger than a worker's pool";

/**
 * Continuous batching, one worker at a time and one engine step after the other. A step's end, then blocks for the next step of those who are in the batch, then,
 * if they have them, whoever waits.
 */
export class Scheduler {
  readonly #rules: Scheduling;
  readonly #census: Census;
  readonly #events: SchedulerEvents;

  constructor(rules: Scheduling, census: Census, events: SchedulerEvents) {
    this.#rules = rules;
    this.#census = census;
    this.#events = events;
  }

  /** A worker's step has ended, or a stretch of steps: who was being prefilled has come as far, who has all its tokens goes. */
  boundary(worker: EngineWorker, nowNs: number): void {
    this.#events.decoded(worker, worker.arriveAtBoundary());
    this.#prefill(worker, nowNs);
    const { batch } = worker;
    while (batch.size > 0 && batch.firstFinish <= batch.steps) {
      const live = batch.members[0] as Live;
      worker.takeOut(live);
      this.#events.completed(live, worker, nowNs);
    }
    const { leavers } = worker;
    worker.leavers = [];
    for (const live of leavers) {
      if (live.worker !== worker || (live.state !== "decoding" && live.state !== "prefilling"))
        continue;
      this.remove(live, worker);
      this.#events.left(live, worker, nowNs);
    }
  }

  /** Blocks for the next step. Whether nobody had to go for them. */
  grow(worker: EngineWorker, nowNs: number): boolean {
    for (const live of worker.ready) {
      this.#census.move(live, "decoding");
      this.#events.joined(live, worker);
      worker.batch.join(live, live.written);
    }
    worker.ready = [];
    let isWhole = true;
    while (!worker.output.takeForStep()) {
      isWhole = false;
      this.#preempt(worker, this.#victim(worker), nowNs);
    }
    return isWhole;
  }

  /** Takes up who waits, as far as there is room, and begins the next step. */
  admit(worker: EngineWorker, isOpen: boolean, nowNs: number): void {
    if (isOpen) this.#takeUp(worker, nowNs);
    const { batch, prefilling } = worker;
    if (prefilling.length > 0) {
      let budget = Math.max(0, this.#rules.maxNumBatchedTokens - batch.size);
      const before = budget;
      for (const live of prefilling) {
        live.chunk = Math.min(live.left, budget);
        budget -= live.chunk;
      }
      worker.beginStep(nowNs, before - budget);
    } else if (batch.size > 0) worker.beginPhase(nowNs);
    else worker.rest();
    this.#events.scheduled(worker, nowNs);
  }

  /** Whether the first in the queue could be taken up, blocks aside. */
  hasSeat(worker: EngineWorker): boolean {
    return worker.sequences < this.#rules.maxNumSeqs && this.#budget(worker) > 0;
  }

  #budget({ batch, prefilling }: EngineWorker): number {
    let budget = this.#rules.maxNumBatchedTokens - batch.size;
    for (const { left } of prefilling) budget -= left;
    return budget;
  }

  #prefill(worker: EngineWorker, nowNs: number): void {
    const { prefilling } = worker;
    let kept = 0;
    for (let index = 0; index < prefilling.length; index += 1) {
      const live = prefilling[index] as Live;
      live.left -= live.chunk;
      live.computedTokens += live.chunk;
      live.chunk = 0;
      if (live.left > 0) {
        prefilling[kept] = live;
        kept += 1;
        continue;
      }
      live.written = live.emitted;
      if (live.emitted < live.request.outputTokens) live.emitted += 1;
      this.#events.prefilled(live, worker, nowNs);
    }
    prefilling.length = kept;
  }

  #takeUp(worker: EngineWorker, nowNs: number): void {
    while (this.hasSeat(worker)) {
      const live = firstInQueue(worker);
      if (live === undefined || !this.#tryToTakeUp(live, worker, nowNs)) return;
    }
  }

  /** Gives the first in the queue its blocks. Whether it has left the queue, for well or ill. */
  #tryToTakeUp(live: Live, worker: EngineWorker, nowNs: number): boolean {
    const { blockTokens } = this.#rules;
    const written = live.state === "handover" ? live.written : live.emitted;
    const unnamed = live.unnamedBlocks(written, blockTokens);
    const needed = live.blocks.length + unnamed;
    const { pool } = worker.serving;
    const answer = needed === 0 ? NOTHING_NEEDED : pool.admit(live.number, live.blocks, unnamed);
    if (isRefused(answer)) {
      const isFull = answer.because === "full";
      if (isFull && needed <= pool.capacity) return false;
      leaveQueue(worker);
      this.#events.failed(live, worker, isFull ? TOO_LARGE : answer.because, nowNs);
      return true;
    }
    leaveQueue(worker);
    live.order = worker.orders;
    worker.orders += 1;
    if (this.#events.takenUp(live, worker, answer.hits, nowNs)) return true;
    live.left = live.tokensBehind(live.hitBlocks, blockTokens);
    this.#census.move(live, "prefilling");
    worker.prefilling.push(live);
    return true;
  }

  /** Somebody of the batch or being prefilled. Only when there is one: a worker whose blocks run out has a batch. */
  #victim({ batch, prefilling }: EngineWorker): Live {
    const isNewest = this.#rules.preemption === "newest";
    let victim = batch.members[0] as Live;
    const weigh = (live: Live): void => {
      const urgency = live.request.priority - victim.request.priority;
      const isNext = isNewest ? live.order > victim.order : live.order < victim.order;
      if (urgency < 0 || (urgency === 0 && isNext)) victim = live;
    };
    for (const live of batch.members) weigh(live);
    for (const live of prefilling) weigh(live);
    return victim;
  }

  #preempt(worker: EngineWorker, live: Live, nowNs: number): void {
    const { blockTokens } = this.#rules;
    this.remove(live, worker);
    this.release(live, worker);
    live.left = 0;
    live.chunk = 0;
    const needed = live.blocks.length + live.unnamedBlocks(live.emitted, blockTokens);
    if (needed > worker.serving.pool.capacity) {
      this.#events.failed(live, worker, TOO_LARGE, nowNs);
      return;
    }
    this.#census.move(live, "waiting");
    live.preemptions += 1;
    this.#events.preempted(live, worker, nowNs);
    enqueue(worker, live);
  }

  /** Takes a request out of the batch, of those being prefilled, or of those who are ready. */
  remove(live: Live, worker: EngineWorker): void {
    if (live.state === "decoding") worker.takeOut(live);
    else if (live.state === "prefilling")
      worker.prefilling.splice(worker.prefilling.indexOf(live), 1);
    else if (live.state === "ready") worker.ready.splice(worker.ready.indexOf(live), 1);
  }

  /** Gives a request's blocks back. */
  release(live: Live, worker: EngineWorker): void {
    worker.serving.pool.release(live.number);
  }
}
