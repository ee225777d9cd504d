/**
 * The request-level engine: each worker prefills one request at a time, first come first served, and decodes the others beside it
 * at the step time of the batch that a request joins. What happens when is decided here and nowhere else, so this is the file that an
 * engine working step by step replaces; the rack, the guard and the measures stay.
 */
import { createDigest, InputError, isRefused, NANOS_MAX, type Refused } from "#base";
import { Rack, type RackParts, type Start } from "#rack";
import type { TraceRequest } from "#trace";
import { Agenda, RANK } from "./agenda.ts";
import { AUDIT_EVERY, Guard } from "./guard.ts";
import { arrive, type Live } from "./live.ts";
import { Measures } from "./measures.ts";
import type { Plan } from "./options.ts";
import { prefillOf } from "./prefill.ts";
import { Sessions } from "./sessions.ts";
import { firstInQueue, idleWorker, leaveQueue, meanContext, type Worker } from "./worker.ts";

/** Marks in the digest, beside the ranks of the agenda. */
const MARK = { started: 3, failed: 4 } as const;

/** What a request without any block finds. */
const NOTHING_FOUND: Start = { kind: "started", hits: 0, listed: 0, elsewhere: undefined };

/** One replay. */
export class Engine {
  readonly guard: Guard;
  readonly measures: Measures;
  readonly digest = createDigest();
  readonly failures = new Map<string, number>();
  readonly #plan: Plan;
  readonly #rack: Rack;
  readonly #agenda = new Agenda();
  readonly #sessions = new Sessions();
  readonly #workers: readonly Worker[];
  readonly #live = new Map<number, Live>();
  /** Turns whose arrival depended on the one before, by number, until they arrive. */
  readonly #due = new Map<number, TraceRequest>();
  #running = 0;
  #waiting = 0;
  events = 0;
  total = 0;
  completed = 0;
  failedAtSource = 0;
  endNs = 0;

  constructor(plan: Plan, parts: RackParts) {
    this.#plan = plan;
    this.guard = new Guard(plan);
    this.measures = new Measures(plan.workers, plan.costs.blockBytes);
    this.#rack = new Rack(plan, parts, this.guard.observer);
    this.#workers = Array.from({ length: plan.workers }, idleWorker);
  }

  /** Replays everything: ends when nothing is due and nothing is still to come, so no horizon loses a request. */
  run(requests: Iterable<TraceRequest>): void {
    let number = 0;
    for (const request of requests) {
      this.#runUntil(request.arrivalNs);
      if (request.failed) this.failedAtSource += 1;
      else this.#offer(number, request);
      number += 1;
    }
    this.#runUntil(Number.POSITIVE_INFINITY);
    this.guard.finished(this.total, this.#rack);
  }

  /** Everything that is due before the next request of the trace may arrive. */
  #runUntil(timeNs: number): void {
    const agenda = this.#agenda;
    while (agenda.size > 0 && agenda.nextTime <= timeNs) {
      const { nextTime, nextRank, nextRequest } = agenda;
      agenda.drop();
      if (nextRank === RANK.arrived) this.#arriveLater(nextTime, nextRequest);
      else if (nextRank === RANK.prefilled) this.#prefilled(nextTime, this.#of(nextRequest));
      else this.#complete(nextTime, this.#of(nextRequest));
    }
  }

  /** Puts what is to happen on the agenda, while time is exact. */
  #expect(timeNs: number, rank: number, number: number): void {
    if (timeNs > NANOS_MAX) {
      const message =
        "a run must end within 104 days of its first arrival, found a request that does not: replay a window of the trace";
      throw new InputError([{ code: "REPLAY-1", message }]);
    }
    this.#agenda.add(timeNs, rank, number);
  }

  #of(number: number): Live {
    return this.#live.get(number) as Live;
  }

  #offer(number: number, request: TraceRequest): void {
    this.total += 1;
    const arrivalNs = this.#sessions.arrivalOf(number, request);
    if (arrivalNs === undefined) return;
    if (arrivalNs === request.arrivalNs) this.#arrived(arrivalNs, number, request);
    else this.#later(arrivalNs, number, request);
  }

  #later(timeNs: number, number: number, request: TraceRequest): void {
    this.#due.set(number, request);
    this.#expect(timeNs, RANK.arrived, number);
  }

  #arriveLater(timeNs: number, number: number): void {
    const request = this.#due.get(number) as TraceRequest;
    this.#due.delete(number);
    this.#arrived(timeNs, number, request);
  }

  #arrived(timeNs: number, number: number, request: TraceRequest): void {
    this.guard.clock(timeNs, number);
    const live = arrive(number, request, timeNs, this.#plan.blockTokens);
    live.worker = this.#rack.route(
      request.blocks,
      live.promptBlocks,
      live.allBlocks,
      this.#sessions.lastWorkerOf(request),
    );
    this.#sessions.sentTo(request, live.worker);
    this.#live.set(number, live);
    this.#waiting += 1;
    this.guard.arrived();
    (this.#workers[live.worker] as Worker).queue.push(live);
    this.#told(RANK.arrived, timeNs, live);
    this.#schedule(timeNs, live.worker);
    this.#happened(live.worker);
  }

  /** Starts whatever the worker can start: the head of its queue, unless it is prefilling or short of blocks. */
  #schedule(timeNs: number, number: number): void {
    const worker = this.#workers[number] as Worker;
    for (;;) {
      const live = firstInQueue(worker);
      if (worker.prefilling !== undefined || live === undefined) return;
      const { request, unnamed, allBlocks } = live;
      const answer =
        allBlocks === 0
          ? NOTHING_FOUND
          : this.#rack.start(number, live.number, request.blocks, unnamed);
      if (isRefused(answer)) {
        if (answer.because === "full" && allBlocks <= this.#plan.capacityBlocks) return;
        this.#fail(timeNs, live, answer);
      } else {
        this.#start(timeNs, live, answer);
        worker.prefilling = live;
      }
      leaveQueue(worker);
      this.#waiting -= 1;
    }
  }

  #start(timeNs: number, live: Live, found: Start): void {
    live.startNs = timeNs;
    live.hitBlocks = found.hits;
    this.#running += 1;
    this.guard.started(live, found);
    const { spanNs, computedTokens, source } = prefillOf(this.#plan, live, found);
    live.computedTokens = computedTokens;
    if (source !== undefined) {
      this.guard.fetched(live, source.worker, source.run, this.#rack);
      live.fetchedBlocks = source.blocks;
      live.fetchedFrom = source.distance;
    }
    this.#told(MARK.started, timeNs, live);
    this.#expect(timeNs + spanNs, RANK.prefilled, live.number);
  }

  #prefilled(timeNs: number, live: Live): void {
    this.guard.clock(timeNs, live.number);
    const worker = this.#workers[live.worker] as Worker;
    worker.prefilling = undefined;
    if (live.allBlocks > 0) this.guard.filled(live, this.#rack);
    live.firstTokenNs = timeNs;
    worker.decoding += 1;
    worker.kvTokens += meanContext(live);
    const later = Math.max(0, live.request.outputTokens - 1);
    const stepNs =
      later === 0 ? 0 : this.#plan.costs.decodeStepNs(worker.decoding, worker.kvTokens);
    this.#expect(timeNs + later * stepNs, RANK.completed, live.number);
    this.measures.prefilled(live);
    this.#told(RANK.prefilled, timeNs, live);
    this.#schedule(timeNs, live.worker);
    this.#happened(live.worker);
  }

  #complete(timeNs: number, live: Live): void {
    this.guard.clock(timeNs, live.number);
    const worker = this.#workers[live.worker] as Worker;
    worker.decoding -= 1;
    worker.kvTokens -= meanContext(live);
    this.#running -= 1;
    this.completed += 1;
    if (live.allBlocks > 0) this.#rack.release(live.worker, live.number, live.allBlocks);
    else this.#rack.withdraw(live.worker, 0);
    this.guard.completed(live, timeNs);
    this.measures.completed(live, timeNs);
    this.#told(RANK.completed, timeNs, live);
    this.#end(timeNs, live);
    this.#schedule(timeNs, live.worker);
    this.#happened(live.worker);
  }

  #fail(timeNs: number, live: Live, { because }: Refused): void {
    const reason = because === "full" ? "larger than a worker's pool" : because;
    this.failures.set(reason, (this.failures.get(reason) ?? 0) + 1);
    this.#rack.withdraw(live.worker, live.allBlocks);
    this.guard.declined();
    this.#told(MARK.failed, timeNs, live);
    this.#end(timeNs, live);
  }

  #end(timeNs: number, live: Live): void {
    this.endNs = timeNs;
    this.#live.delete(live.number);
    const next = this.#sessions.ended(live.request, timeNs);
    if (next !== undefined) this.#later(next.atNs, next.number, next.request);
  }

  /** Writes an event into the digest. */
  #told(mark: number, timeNs: number, live: Live): void {
    const { digest } = this;
    digest.number(mark);
    digest.number(timeNs);
    digest.number(live.number);
    digest.number(live.worker);
    digest.number(live.hitBlocks);
    digest.number(live.fetchedBlocks);
  }

  #happened(worker: number): void {
    this.events += 1;
    this.guard.after(worker, this.#rack, this.#running, this.#waiting);
    if (this.events % AUDIT_EVERY === 0) this.guard.audit(this.#rack);
  }
}
