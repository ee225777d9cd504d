import { RANK } from "../agenda.ts";
import type { Outcome } from "../record.ts";
import type { Live } from "./live.ts";
import { targetOf, workerOf } from "./places.ts";
import { quitQueue } from "./queue.ts";
import { EngineState } from "./state.ts";
import type { EngineWorker } from "./worker.ts";

/** How requests end: well, badly, or because nobody waits for them any more. */
export abstract class EngineEnds extends EngineState {
  protected complete(live: Live, worker: EngineWorker, nowNs: number): void {
    this.scheduler.release(live, worker);
    this.tally.completed += 1;
    this.tell("completed", nowNs, live, worker);
    this.end(live, "completed", "", nowNs);
  }

  protected fail(live: Live, reason: string, nowNs: number): void {
    this.tally.failed += 1;
    this.count(reason);
    this.tell("failed", nowNs, live, workerOf(live));
    this.end(live, "failed", reason, nowNs);
  }

  protected cancel(live: Live, nowNs: number): void {
    this.tally.cancelled += 1;
    this.count(live.leaving);
    this.tell("cancelled", nowNs, live, workerOf(live));
    this.end(live, "cancelled", live.leaving, nowNs);
  }

  protected count(reason: string): void {
    this.reasons.set(reason, (this.reasons.get(reason) ?? 0) + 1);
  }

  protected end(live: Live, outcome: Outcome, reason: string, nowNs: number): void {
    this.census.move(live, "ended");
    for (const worker of [workerOf(live), targetOf(live)])
      if (worker !== undefined) this.unload(live, worker, nowNs);
    this.endNs = Math.max(this.endNs, nowNs);
    this.live.delete(live.number);
    this.watcher?.ended(live, outcome, reason, nowNs);
    const next = this.sessions.ended(live.request, nowNs);
    if (next !== undefined) this.expect(next.atNs, RANK["request-arrived"], next.number);
    if (this.source !== undefined) this.next(nowNs);
  }

  /** A deadline has come, or a user's patience has gone. Whoever is in a step leaves when it ends. */
  protected leaveAt(nowNs: number, live: Live | undefined): void {
    if (live === undefined || live.leaving !== "") return;
    const reason = this.reasonToLeave(live, nowNs);
    if (reason === undefined) return;
    live.leaving = reason;
    const worker = workerOf(live);
    switch (live.state) {
      case "decoding":
      case "prefilling":
        if (worker === undefined) break;
        if (worker.at === "step" || worker.at === "phase") {
          worker.leavers.push(live);
          this.call(worker, nowNs);
          return;
        }
        this.scheduler.remove(live, worker);
        this.scheduler.release(live, worker);
        break;
      case "unrouted":
        this.unrouted = this.unrouted.filter((other) => other !== live);
        break;
      default:
        this.withdraw(live, nowNs);
    }
    this.cancel(live, nowNs);
  }

  protected reasonToLeave(live: Live, nowNs: number): string | undefined {
    const { deadlineNs, ttftDeadlineNs, patienceNs } = this.settings;
    const waited = nowNs - live.arrivalNs;
    if (deadlineNs !== undefined && waited >= deadlineNs) return "not done in time";
    const patience = patienceNs?.(live.number);
    if (patience !== undefined && waited >= patience) return "its user left";
    const isLate =
      ttftDeadlineNs !== undefined && waited >= ttftDeadlineNs && live.firstTokenNs < 0;
    return isLate ? "no token in time" : undefined;
  }

  /** Takes a request that is in no step out of wherever it is, with its blocks. */
  protected withdraw(live: Live, nowNs: number): void {
    const { state } = live;
    const [worker, target] = [workerOf(live), targetOf(live)];
    const queued = state === "handover" ? target : state === "waiting" ? worker : undefined;
    if (queued !== undefined && quitQueue(queued, live)) this.call(queued, nowNs);
    this.moves.cancel(live, nowNs);
    this.look();
    if (state === "ready") this.scheduler.remove(live, worker as EngineWorker);
    const holding = state === "waiting" ? [] : state === "moving" ? [worker, target] : [worker];
    for (const holder of holding) {
      if (holder === undefined) continue;
      holder.settle(nowNs, this.hasGrown(holder));
      this.scheduler.release(live, holder);
      this.touched(holder, nowNs);
    }
  }

  /** A request is no load of a worker any more. */
  protected unload(live: Live, worker: EngineWorker, nowNs: number): void {
    worker.serving.group.load(worker.serving, -1, -live.promptBlocks);
    this.watcher?.unloaded(live, worker);
    this.parts.control.relieved(worker, nowNs);
  }

  /** The next of the trace comes, where requests come as others end. */
  protected abstract next(nowNs: number): void;
}
