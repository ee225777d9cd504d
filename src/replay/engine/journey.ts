import type { Route } from "./contract.ts";
import { EngineEnds } from "./ends.ts";
import type { Live } from "./live.ts";
import type { Move } from "./moves.ts";
import { workerOf } from "./places.ts";
import type { EngineWorker } from "./worker.ts";

/** Where more of a prompt lies: at a worker, or, where that is nobody, in the switch of the domain. */
type Elsewhere = {
  readonly source: EngineWorker | undefined;
  readonly run: number;
  readonly distance: number;
};

/** A request's way from a queue to its last token. */
export abstract class EngineJourney extends EngineEnds {
  protected takenUp(live: Live, worker: EngineWorker, hits: number, nowNs: number): boolean {
    if (live.state === "handover") {
      live.target = worker;
      this.watcher?.hits(live, worker, hits);
      const { blockTokens } = this.settings;
      const all = live.blocks.length + live.unnamedBlocks(live.written, blockTokens);
      if (all > hits) {
        this.moves.handOver(live, worker, all - hits, nowNs);
        this.look();
      } else {
        live.transferNs = nowNs;
        this.census.move(live, "moving");
        this.received(live, worker, nowNs);
      }
      this.tell("moving", nowNs, live, worker);
      return true;
    }
    const isFirst = live.startNs < 0;
    if (isFirst) live.startNs = nowNs;
    if (isFirst) live.localBlocks = hits;
    live.hitBlocks = hits;
    this.watcher?.hits(live, worker, hits);
    this.parts.control.switches?.count(worker, live.blocks.subarray(0, hits));
    const isFetching = this.settings.isFetching && this.fetch(live, worker, hits, nowNs);
    this.tell("started", nowNs, live, worker);
    return isFetching;
  }

  /** Copies a longer run from elsewhere, when that and computing the rest is quicker than computing it all. */
  protected fetch(live: Live, worker: EngineWorker, hits: number, nowNs: number): boolean {
    if (hits >= live.blocks.length) return false;
    const found = this.elsewhere(live, worker, hits, nowNs);
    if (found === undefined) return false;
    const { source, run } = found;
    const { blockTokens } = this.settings;
    const { costs } = worker;
    const fetching =
      this.moves.aloneNs(source, worker, run - hits) +
      costs.prefillNs(live.tokensBehind(run, blockTokens));
    if (fetching >= costs.prefillNs(live.tokensBehind(hits, blockTokens))) return false;
    // What was found counts when a request was first taken up.
    if (live.preemptions + live.restarts === 0) {
      if (source === undefined) live.switchBlocks = run - hits;
      else {
        live.fetchedBlocks = run - hits;
        live.fetchedFrom = found.distance;
      }
    }
    if (source === undefined)
      this.parts.control.switches?.serve(worker, live.blocks.subarray(hits, run));
    this.moves.fetch(live, source, worker, hits, run, nowNs);
    this.look();
    return true;
  }

  /** Where more of a prompt lies than at its worker: in the switch of the domain, before others who have as much, or at the nearest other worker. */
  protected elsewhere(
    live: Live,
    worker: EngineWorker,
    hits: number,
    nowNs: number,
  ): Elsewhere | undefined {
    const { control } = this.parts;
    const { blocks } = live;
    const inSwitch = control.switches?.run(worker, blocks, hits) ?? hits;
    const other = this.elsewhereAmongWorkers(worker, blocks, hits, nowNs);
    if (other !== undefined && other.run > inSwitch) return other;
    return inSwitch > hits ? { source: undefined, run: inSwitch, distance: 0 } : undefined;
  }

  protected elsewhereAmongWorkers(
    worker: EngineWorker,
    blocks: Uint32Array,
    hits: number,
    nowNs: number,
  ): Elsewhere | undefined {
    const { group } = worker.serving;
    if (group.directory.holders(blocks[hits] as number).length === 0) return undefined;
    this.syncAll(nowNs);
    const found = group.elsewhere(worker.serving, blocks, hits);
    if (found === undefined) return undefined;
    const source = this.parts.control.workers[found.worker.number] as EngineWorker;
    // Where the directory hears late, the source may have less by now than it says.
    const run = found.worker.pool.leadingRun(blocks.subarray(0, found.run));
    return run > hits ? { source, run, distance: found.distance } : undefined;
  }

  protected prefilled(live: Live, worker: EngineWorker, nowNs: number): void {
    if (live.blocks.length > 0) {
      this.watcher?.filling(worker, live);
      worker.serving.pool.fill(live.number);
    }
    live.prefilledBy = worker.number;
    if (live.firstTokenNs < 0) live.firstTokenNs = nowNs;
    this.watcher?.prefilled(live, worker, nowNs);
    this.tell("prefilled", nowNs, live, worker);
    if (live.emitted >= live.request.outputTokens) {
      live.decodedBy = worker.number;
      this.complete(live, worker, nowNs);
      return;
    }
    const { prefill, decode } = this.parts.control.routeOf(live.request) as Route;
    if (decode === undefined || worker.deployment !== prefill.deployment) {
      live.decodedBy = worker.number;
      this.census.move(live, "decoding");
      worker.batch.join(live, live.written);
      return;
    }
    if (live.leaving !== "") {
      this.scheduler.release(live, worker);
      this.cancel(live, nowNs);
      return;
    }
    this.census.move(live, "handover");
    this.watcher?.paused(live);
    this.handOver(live, worker, nowNs);
  }

  /** Has a worker chosen that decodes what another has prefilled; without any, it is sent again once there is one. */
  protected handOver(live: Live, worker: EngineWorker, nowNs: number): void {
    const { group, decode } = this.parts.control.routeOf(live.request) as Route;
    const { deployment, live: mask } = decode as NonNullable<Route["decode"]>;
    const target = this.choose(group, mask, live, -1, nowNs);
    if (target !== undefined) {
      live.target = target;
      this.queue(live, target, nowNs);
      return;
    }
    worker.settle(nowNs, this.hasGrown(worker));
    this.scheduler.release(live, worker);
    this.unload(live, worker, nowNs);
    live.worker = undefined;
    this.census.move(live, "unrouted");
    this.unrouted.push(live);
    // Whoever was to decode it may have gone while this worker rests, and who waits here has room now.
    this.touched(worker, nowNs);
    this.parts.control.want(deployment, nowNs);
  }

  protected moved(move: Move, nowNs: number): void {
    const { kind, live, source, target, run } = move;
    this.watcher?.moved(move, nowNs);
    if (kind === "fetch") {
      this.census.move(live, "prefilling");
      live.left = live.tokensBehind(run, this.settings.blockTokens);
      if (source !== undefined)
        this.parts.control.switches?.count(target, live.blocks.subarray(live.hitBlocks, run));
      target.prefilling.push(live);
    } else this.received(live, target, nowNs);
    this.tell("moved", nowNs, live, target);
    this.call(target, nowNs);
  }

  /** A request's KV is at the worker that decodes it: the one that prefilled it lets go. */
  protected received(live: Live, target: EngineWorker, nowNs: number): void {
    const source = workerOf(live) as EngineWorker;
    live.transferredNs = nowNs;
    source.settle(nowNs, this.hasGrown(source));
    this.scheduler.release(live, source);
    this.unload(live, source, nowNs);
    live.worker = target;
    live.target = undefined;
    live.decodedBy = target.number;
    this.census.move(live, "ready");
    target.ready.push(live);
    this.touched(source, nowNs);
  }
}
