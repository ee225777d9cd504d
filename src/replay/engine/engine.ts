/**
 * The step-level engine: what happens when. Workers batch continuously, each in steps of its own; a stretch of steps in which a batch does not change is one
 * entry on the agenda. Requests are routed as they arrive, prefilled, moved where they are decoded elsewhere, decoded, and end.
 */
import { RANK } from "../agenda.ts";
import { EngineArrivals } from "./arrivals.ts";
import type { EngineParts, EngineSettings, Offered } from "./contract.ts";
import { Moves } from "./moves.ts";
import { Scheduler, type SchedulerEvents } from "./scheduler.ts";
import type { EngineWatcher } from "./watcher.ts";
import type { EngineWorker } from "./worker.ts";

/** One run. */
export class Engine extends EngineArrivals {
  protected override readonly scheduler: Scheduler;
  protected override readonly moves: Moves;

  constructor(settings: EngineSettings, parts: EngineParts, watcher: EngineWatcher | undefined) {
    super(settings, parts, watcher);
    this.scheduler = new Scheduler(settings, this.census, this.schedulerEvents());
    this.moves = new Moves(parts.fabric, this.census, {
      touching: (worker, nowNs) => worker.settle(nowNs, this.hasGrown(worker)),
      touched: (worker, nowNs) => this.touched(worker, nowNs),
      reading: (move) => watcher?.reading(move),
      filling: (worker, live) => watcher?.filling(worker, live),
      arrived: (move, nowNs) => this.moved(move, nowNs),
    });
  }

  /** Everything: ends when nothing is due and nothing is still to come, so that no horizon loses a request. */
  run(requests: Iterable<Offered>): void {
    for (const [place, atNs] of this.parts.control.faultsNs.entries())
      this.expect(atNs, RANK.fault, place);
    this.look();
    const { concurrency } = this.settings;
    if (concurrency === undefined) {
      for (const offered of requests) {
        this.runUntil(offered.request.arrivalNs, RANK["request-arrived"], offered.number);
        this.reach(offered.request.arrivalNs);
        this.offer(offered, offered.request.arrivalNs);
      }
    } else {
      this.source = requests[Symbol.iterator]();
      for (let index = 0; index < concurrency; index += 1) this.next(0);
    }
    this.runUntil(Number.POSITIVE_INFINITY, 0, 0);
    // Whoever waited for one who failed comes after all, and must end too.
    while (this.unrouted.length > 0) {
      // A row that waits for the turn before it may have been the last to be reached.
      this.watcher?.instant(this.nowNs);
      const stranded = this.unrouted;
      this.unrouted = [];
      for (const live of stranded) this.fail(live, "no live worker", this.nowNs);
      this.runUntil(Number.POSITIVE_INFINITY, 0, 0);
    }
  }

  /** Everything that is due before what comes next. */
  protected runUntil(timeNs: number, rank: number, subject: number): void {
    const { agenda } = this;
    while (agenda.size > 0) {
      const { nextTime, nextRank, nextRequest } = agenda;
      if (nextTime > timeNs) return;
      const isSooner = nextRank === rank ? nextRequest < subject : nextRank < rank;
      if (nextTime === timeNs && !isSooner) return;
      agenda.drop();
      if (this.isOver(nextTime, nextRank, nextRequest)) continue;
      this.reach(nextTime);
      this.watcher?.instant(nextTime);
      if (nextRank === RANK["blocks-taken"]) this.grownTo = Math.max(this.grownTo, nextRequest);
      if (nextRank === RANK.scheduled) {
        this.grownTo = Number.POSITIVE_INFINITY;
        this.begunTo = Math.max(this.begunTo, nextRequest);
      }
      this.happen(nextTime, nextRank, nextRequest);
    }
  }

  /** Time goes on, or does not. */
  protected reach(nowNs: number): void {
    if (nowNs === this.nowNs) return;
    this.nowNs = nowNs;
    this.grownTo = -1;
    this.begunTo = -1;
  }

  /** Whether what was due has been put off, or concerns nobody any more: then nothing happens, not even time. */
  protected isOver(atNs: number, rank: number, subject: number): boolean {
    switch (rank) {
      case RANK["step-finished"]:
        return this.parts.control.workers[subject]?.wakeNs !== atNs;
      case RANK["transfer-finished"]: {
        const isOver = Math.min(this.moves.nextNs(), this.parts.control.nextNs()) > atNs;
        if (isOver && this.lookNs === atNs) {
          this.lookNs = Number.POSITIVE_INFINITY;
          this.look();
        }
        return isOver;
      }
      case RANK["request-leaves"]: {
        const live = this.live.get(subject);
        return live === undefined || this.reasonToLeave(live, atNs) === undefined;
      }
      default:
        return false;
    }
  }

  protected happen(nowNs: number, rank: number, subject: number): void {
    const { control } = this.parts;
    switch (rank) {
      case RANK["step-finished"]:
        this.step(control.workers[subject], nowNs);
        break;
      case RANK["transfer-finished"]:
        this.lookNs = Number.POSITIVE_INFINITY;
        control.advance(nowNs);
        this.moves.advance(nowNs);
        this.look();
        break;
      case RANK.fault:
        control.strike(subject, nowNs);
        this.look();
        break;
      case RANK["request-arrived"]:
        this.arriveLater(nowNs, subject);
        break;
      case RANK["request-leaves"]:
        this.leaveAt(nowNs, this.live.get(subject));
        break;
      case RANK["blocks-taken"]:
        this.grow(control.workers[subject], nowNs);
        break;
      default:
        this.admit(control.workers[subject], nowNs);
    }
  }

  protected step(worker: EngineWorker | undefined, nowNs: number): void {
    if (worker?.wakeNs !== nowNs) return;
    this.scheduler.boundary(worker, nowNs);
    this.call(worker, nowNs);
  }

  protected grow(worker: EngineWorker | undefined, nowNs: number): void {
    if (worker?.isCalled !== true) return;
    worker.isOpen = this.scheduler.grow(worker, nowNs);
    this.expect(nowNs, RANK.scheduled, worker.number);
  }

  protected admit(worker: EngineWorker | undefined, nowNs: number): void {
    if (worker?.isCalled !== true) return;
    worker.isCalled = false;
    this.scheduler.admit(worker, worker.isOpen, nowNs);
    if (worker.at !== "idle") this.watch(worker);
    // What was found whole where it is decoded joins at the next step; who could not come because somebody had to go may come then.
    const isHeldBack = !worker.isOpen && worker.waiting > 0;
    if (worker.ready.length > 0 || isHeldBack) this.call(worker, nowNs);
  }

  protected schedulerEvents(): SchedulerEvents {
    return {
      takenUp: (live, worker, hits, nowNs) => this.takenUp(live, worker, hits, nowNs),
      prefilled: (live, worker, nowNs) => this.prefilled(live, worker, nowNs),
      completed: (live, worker, nowNs) => this.complete(live, worker, nowNs),
      preempted: (live, worker, nowNs) => {
        this.watcher?.paused(live);
        this.tell("preempted", nowNs, live, worker);
      },
      decoded: (worker, stretch) => this.watcher?.decoded(worker, stretch),
      joined: (live, worker) => this.watcher?.resumed(live, worker),
      failed: (live, _, reason, nowNs) => {
        if (live.state === "handover") this.withdraw(live, nowNs);
        this.fail(live, reason, nowNs);
      },
      left: (live, worker, nowNs) => {
        this.scheduler.release(live, worker);
        this.cancel(live, nowNs);
      },
      scheduled: (worker, nowNs) => this.watcher?.scheduled(worker, nowNs),
    };
  }
}
