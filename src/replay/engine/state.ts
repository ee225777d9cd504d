import { createDigest, InputError, NANOS_MAX } from "#base";
import type { ServingGroup } from "#rack";
import { Agenda, RANK } from "../agenda.ts";
import { Sessions } from "../sessions.ts";
import { Census } from "./census.ts";
import {
  type EngineEvent,
  type EngineParts,
  type EngineSettings,
  MARK,
  type Offered,
} from "./contract.ts";
import { lateDecision } from "./late-decision.ts";
import type { Live } from "./live.ts";
import type { Moves } from "./moves.ts";
import { enqueue } from "./queue.ts";
import type { Scheduler } from "./scheduler.ts";
import type { EngineWatcher } from "./watcher.ts";
import type { EngineWorker } from "./worker.ts";

/** What became of requests, counted. */
export type Tally = {
  total: number;
  completed: number;
  failed: number;
  cancelled: number;
  failedAtSource: number;
};

/** What a run's state is made of, and what every part of it does. */
export abstract class EngineState {
  readonly digest = createDigest();
  /** Why requests failed or were cancelled, and how many. */
  readonly reasons = new Map<string, number>();
  readonly tally: Tally = { total: 0, completed: 0, failed: 0, cancelled: 0, failedAtSource: 0 };
  readonly census: Census;
  events = 0;
  /** When the last request ended. */
  endNs = 0;
  nowNs = 0;
  protected readonly settings: EngineSettings;
  protected readonly parts: EngineParts;
  protected readonly watcher: EngineWatcher | undefined;
  protected readonly agenda = new Agenda();
  protected readonly sessions = new Sessions();
  protected abstract readonly scheduler: Scheduler;
  protected abstract readonly moves: Moves;
  protected readonly live = new Map<number, Live>();
  /** Turns whose arrival depended on the one before, by number, until they arrive. */
  protected readonly due = new Map<number, Offered>();
  /** Requests that nobody serves now. */
  protected unrouted: Live[] = [];
  protected decisions = 0;
  /** Of the steps that begin at this very instant, those of workers up to this number have their blocks, and have begun. */
  protected grownTo = -1;
  protected begunTo = -1;
  /** When the agenda says to look at what is on its way next. */
  protected lookNs = Number.POSITIVE_INFINITY;
  /** The next of the trace, where requests come as others end. */
  protected source: Iterator<Offered> | undefined;

  constructor(settings: EngineSettings, parts: EngineParts, watcher: EngineWatcher | undefined) {
    this.settings = settings;
    this.parts = parts;
    this.watcher = watcher;
    this.census = new Census(watcher && ((live, to) => watcher.moves(live, to)));
  }

  protected expect(timeNs: number, rank: number, subject: number): void {
    if (timeNs > NANOS_MAX) {
      const message =
        "a run must end within 104 days of its first arrival, found a request that does not: replay a window of the trace";
      throw new InputError([{ code: "REPLAY-1", message }]);
    }
    this.agenda.add(timeNs, rank, subject);
  }

  /** Puts the next end of what is on its way, KV and weights, on the agenda. */
  look(): void {
    const nextNs = Math.min(this.moves.nextNs(), this.parts.control.nextNs());
    if (nextNs >= this.lookNs || nextNs === Number.POSITIVE_INFINITY) return;
    this.lookNs = nextNs;
    this.expect(nextNs, RANK["transfer-finished"], 0);
  }

  /** A worker has something to do: now when it is idle, and else when its step ends. */
  protected call(worker: EngineWorker, nowNs: number): void {
    if (worker.at === "idle" || worker.at === "boundary") {
      if (worker.isCalled) return;
      worker.isCalled = true;
      this.expect(nowNs, RANK["blocks-taken"], worker.number);
    } else if (worker.wakeBy(nowNs, worker.number <= this.begunTo)) this.watch(worker);
  }

  protected watch(worker: EngineWorker): void {
    this.expect(worker.wakeNs, RANK["step-finished"], worker.number);
  }

  /** Somebody else has held or let go of blocks of a worker: its leap may end elsewhere, and who waits may find room. */
  protected touched(worker: EngineWorker, nowNs: number): void {
    if (worker.at === "phase") {
      const before = worker.wakeNs;
      worker.plan();
      if (worker.wakeNs !== before) this.watch(worker);
    }
    if (worker.waiting > 0) this.call(worker, nowNs);
    this.parts.control.relieved(worker, nowNs);
  }

  /** Whether a worker whose step begins at this instant has taken the blocks for it. */
  protected hasGrown({ number }: EngineWorker): boolean {
    return number <= this.grownTo;
  }

  /** Has every pool, and so every directory, be as it is at this instant. */
  protected syncAll(nowNs: number): void {
    for (const worker of this.parts.control.workers) worker?.sync(nowNs, this.hasGrown(worker));
  }

  protected choose(
    group: ServingGroup,
    mask: Uint8Array,
    live: Live,
    from: number,
    nowNs: number,
  ): EngineWorker | undefined {
    this.syncAll(nowNs);
    const { router, control } = this.parts;
    const { blocks, promptBlocks } = live;
    const prompt = { blocks, promptBlocks, from, number: this.decisions };
    const place = group.choose(router, mask, prompt);
    if (place < 0) return undefined;
    this.decisions += 1;
    const worker = control.workers[place * group.tp] as EngineWorker;
    if (group.plane !== undefined && this.watcher !== undefined) {
      this.watcher.decided(lateDecision(router, group, mask, prompt, worker, live));
    }
    group.load(worker.serving, 1, promptBlocks);
    this.watcher?.routed(live, worker, group, mask);
    return worker;
  }

  protected queue(live: Live, worker: EngineWorker, nowNs: number): void {
    if (enqueue(worker, live)) this.call(worker, nowNs);
  }

  /** Writes an event into the digest, and tells who watches. */
  protected tell(
    event: EngineEvent,
    nowNs: number,
    live: Live,
    worker: EngineWorker | undefined,
  ): void {
    const { digest } = this;
    this.events += 1;
    digest.number(MARK[event]);
    digest.number(nowNs);
    digest.number(live.number);
    digest.number(worker?.number ?? -1);
    digest.number(live.emitted);
    digest.number(live.hitBlocks);
    digest.number(live.fetchedBlocks);
    this.watcher?.happened(worker, nowNs, event, live);
  }
}
