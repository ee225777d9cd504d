import { RANK } from "../agenda.ts";
import type { Offered, Route } from "./contract.ts";
import { EngineJourney } from "./journey.ts";
import { Live } from "./live.ts";
import { targetOf, workerOf } from "./places.ts";
import { quitQueue } from "./queue.ts";
import type { EngineWorker } from "./worker.ts";

/** How requests come: from the trace, after the turn before, or again because their worker is gone. */
export abstract class EngineArrivals extends EngineJourney {
  protected next(nowNs: number): void {
    const next = this.source?.next();
    if (next === undefined || next.done === true) return;
    this.offer(next.value, nowNs);
  }

  protected offer(offered: Offered, atNs: number): void {
    const { number, request } = offered;
    if (request.failed) {
      this.tally.failedAtSource += 1;
      if (this.source !== undefined) this.next(atNs);
      return;
    }
    this.tally.total += 1;
    const arrivalNs = this.sessions.arrivalOf(number, request);
    if (arrivalNs === undefined) {
      this.due.set(number, offered);
      return;
    }
    const dueNs = Math.max(arrivalNs, atNs);
    if (dueNs === atNs && this.source === undefined) this.arrive(offered, atNs);
    else {
      this.due.set(number, offered);
      this.expect(this.source === undefined ? dueNs : atNs, RANK["request-arrived"], number);
    }
  }

  protected arriveLater(nowNs: number, number: number): void {
    const offered = this.due.get(number) as Offered;
    this.due.delete(number);
    this.arrive(offered, nowNs);
  }

  protected arrive({ number, request, blocks }: Offered, nowNs: number): void {
    this.watcher?.instant(nowNs);
    const live = new Live(number, request, blocks, nowNs, this.settings.blockTokens);
    this.live.set(number, live);
    this.census.enter();
    this.watcher?.arrived(live, nowNs);
    const { deadlineNs, ttftDeadlineNs, patienceNs } = this.settings;
    const leaves = RANK["request-leaves"];
    if (deadlineNs !== undefined) this.expect(nowNs + deadlineNs, leaves, number);
    if (ttftDeadlineNs !== undefined) this.expect(nowNs + ttftDeadlineNs, leaves, number);
    const patience = patienceNs?.(number);
    if (patience !== undefined) this.expect(nowNs + patience, leaves, number);
    this.route(live, nowNs);
  }

  /** Sends a request to a worker's queue, or keeps it until there is one. */
  protected route(live: Live, nowNs: number): void {
    const route = this.parts.control.routeOf(live.request);
    if (route === undefined) {
      this.fail(live, "nobody serves its model", nowNs);
      return;
    }
    const { group, prefill } = route;
    const from = this.sessions.lastWorkerOf(live.request);
    const worker = this.choose(group, prefill.live, live, from, nowNs);
    if (worker === undefined) {
      if (live.state !== "unrouted") this.census.move(live, "unrouted");
      this.unrouted.push(live);
      this.parts.control.want(prefill.deployment, nowNs);
      return;
    }
    this.sessions.sentTo(live.request, worker.number);
    live.worker = worker;
    live.enqueueNs = nowNs;
    this.census.move(live, "waiting");
    this.queue(live, worker, nowNs);
    this.tell("arrived", nowNs, live, worker);
  }

  /** A worker serves from now on: who waited for one is routed. */
  opened(worker: EngineWorker, nowNs: number): void {
    this.watcher?.opened(worker, nowNs);
    const waiting = this.unrouted;
    this.unrouted = [];
    for (const live of waiting) this.route(live, nowNs);
  }

  /** Something was lost, or is back: whoever waits for a worker asks again, because the one that was to come for it may be gone. */
  askAgain(nowNs: number): void {
    const { control } = this.parts;
    for (const { request } of this.unrouted) {
      const { prefill, decode } = control.routeOf(request) as Route;
      for (const half of [prefill, decode])
        if (half !== undefined && !half.live.includes(1)) control.want(half.deployment, nowNs);
    }
  }

  /** A worker is about to go, with all of its blocks: whoever is there goes on elsewhere, with the tokens that it was given. */
  lose(worker: EngineWorker, nowNs: number): void {
    // The step that it is in has its blocks, though it never ends.
    worker.settle(nowNs, this.hasGrown(worker));
    const stretch = worker.breakOff(nowNs);
    if (stretch !== undefined) this.watcher?.decoded(worker, stretch);
    const concerned = new Set(
      [...this.live.values()].filter((live) => live.worker === worker || live.target === worker),
    );
    for (const { live, source } of this.moves.of(worker))
      if (source === worker) concerned.add(live);
    for (const live of concerned) this.bereave(live, worker, nowNs);
    this.watcher?.gone(worker, nowNs);
  }

  /** One request whose worker is about to go. */
  protected bereave(live: Live, lost: EngineWorker, nowNs: number): void {
    const [worker, target] = [workerOf(live), targetOf(live)];
    this.moves.cancel(live, nowNs);
    if (worker !== lost && target !== lost)
      this.computeInstead(live, worker as EngineWorker, nowNs);
    else if (target === lost) this.decodeElsewhere(live, worker as EngineWorker, lost, nowNs);
    else this.leaveLost(live, lost, target, nowNs);
  }

  /** What was to be copied from a worker that goes is computed. */
  protected computeInstead(live: Live, worker: EngineWorker, nowNs: number): void {
    if (live.preemptions + live.restarts === 0) {
      live.fetchedBlocks = 0;
      live.fetchedFrom = 0;
    }
    this.census.move(live, "prefilling");
    live.left = live.tokensBehind(live.hitBlocks, this.settings.blockTokens);
    worker.prefilling.push(live);
    this.call(worker, nowNs);
  }

  /** Who was to decode it goes; who has prefilled it still has its KV. */
  protected decodeElsewhere(
    live: Live,
    worker: EngineWorker,
    lost: EngineWorker,
    nowNs: number,
  ): void {
    if (live.state === "handover") quitQueue(lost, live);
    if (live.state === "moving") this.census.move(live, "handover");
    this.unload(live, lost, nowNs);
    live.target = undefined;
    this.handOver(live, worker, nowNs);
  }

  /** All that it had goes. */
  protected leaveLost(
    live: Live,
    lost: EngineWorker,
    target: EngineWorker | undefined,
    nowNs: number,
  ): void {
    if (live.state === "waiting") quitQueue(lost, live);
    if (target !== undefined) {
      this.leaveTarget(live, target, nowNs);
      this.unload(live, target, nowNs);
      live.target = undefined;
    }
    this.scheduler.remove(live, lost);
    this.watcher?.paused(live);
    this.unload(live, lost, nowNs);
    this.sendAgain(live, nowNs);
  }

  /** It waits for room at the worker that was to decode it, or has it already. */
  protected leaveTarget(live: Live, target: EngineWorker, nowNs: number): void {
    if (live.state === "handover") {
      if (quitQueue(target, live)) this.call(target, nowNs);
      return;
    }
    target.settle(nowNs, this.hasGrown(target));
    this.scheduler.release(live, target);
    this.touched(target, nowNs);
  }

  /** A request without a worker is routed anew. */
  protected sendAgain(live: Live, nowNs: number): void {
    live.worker = undefined;
    live.left = 0;
    live.chunk = 0;
    live.restarts += 1;
    this.tell("sent-again", nowNs, live, undefined);
    if (live.leaving === "") this.route(live, nowNs);
    else this.cancel(live, nowNs);
  }
}
