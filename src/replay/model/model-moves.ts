import { assert, isRefused } from "#base";
import type { EngineEvent } from "../engine/contract.ts";
import type { ModelRequest } from "./model-request.ts";
import type { ModelWorker } from "./model-worker.ts";
import { ModelWorld } from "./model-world.ts";

/** Who holds, in a pool, the blocks of a flow: requests count from 0 upwards. */
const holderOf = (flow: number): number => -2 - flow;

/** How KV moves between workers, and how requests let go of theirs and end. */
export abstract class ModelMoves extends ModelWorld {
  private flows = 0;
  private counter = 0;

  /** Copies a longer run from another worker, when that and computing the rest is quicker than computing all. */
  protected fetch(one: ModelRequest, worker: ModelWorker): boolean {
    const { hits } = one;
    const found = this.setup.settings.isFetching ? this.elsewhere(one, worker, hits) : undefined;
    if (found === undefined) return false;
    const { source, run } = found;
    const { costs } = worker;
    const fetchNs = this.fabric.aloneNs(this.way(source, worker, run - hits));
    if (fetchNs + costs.prefillNs(this.behind(one, run)) >= costs.prefillNs(this.behind(one, hits)))
      return false;
    if (one.isFirst) one.fetched = run - hits;
    one.state = "fetching";
    for (const { pool } of [source, worker])
      pool.admit(holderOf(this.flows), one.blocks.subarray(0, run), 0);
    this.beginFlow(one, source, worker, run, run - hits);
    return true;
  }

  /** Brings a request's KV, or what is missing of it, from who has prefilled it to who will decode it. */
  protected bring(one: ModelRequest, target: ModelWorker, missing: number): void {
    one.state = "moving";
    if (missing === 0) this.receive(one);
    else this.beginFlow(one, one.worker as ModelWorker, target, one.blocks.length, missing);
    this.tell("moving", one, target);
  }

  private way(source: ModelWorker, target: ModelWorker, blocks: number) {
    const bytes = blocks * target.costs.blockBytes;
    return {
      source: source.number,
      distance: this.distance(source, target),
      bytes,
      shards: target.tp,
    };
  }

  private beginFlow(
    one: ModelRequest,
    source: ModelWorker,
    target: ModelWorker,
    run: number,
    blocks: number,
  ): void {
    const flow = { flow: this.flows, target: target.number, ...this.way(source, target, blocks) };
    assert(!isRefused(this.fabric.begin(flow, this.nowNs)), "blocks can be moved");
    one.flow = { number: this.flows, source, run };
    this.flows += 1;
  }

  protected moveOn(): void {
    for (const { flow } of this.fabric.advance(this.nowNs)) {
      const one = this.requests.find((other) => other.flow?.number === flow);
      assert(one?.flow !== undefined, "a flow is somebody's", flow);
      const { run } = one.flow;
      const target = (one.target ?? one.worker) as ModelWorker;
      target.pool.fill(one.state === "fetching" ? holderOf(flow) : one.number);
      this.endFlow(one);
      if (one.state === "fetching") this.beginPrefill(one, run);
      else this.receive(one);
      this.tell("moved", one, target);
    }
  }

  /** Whoever held the blocks of a copy for it lets go of them. */
  private endFlow(one: ModelRequest): void {
    if (one.flow === undefined) return;
    const { number, source } = one.flow;
    one.flow = undefined;
    for (const worker of [source, one.worker]) worker?.pool.release(holderOf(number));
  }

  /** A request's KV is where it will be decoded. */
  private receive(one: ModelRequest): void {
    one.worker?.pool.release(one.number);
    one.worker = one.target;
    one.target = undefined;
    one.state = "ready";
  }

  /** It will be prefilled, but for the blocks that can be read. */
  protected beginPrefill(one: ModelRequest, readable: number): void {
    one.state = "prefilling";
    one.inLine = this.count();
    one.left = this.behind(one, readable);
  }

  /** Nobody is there for it. */
  protected strand(one: ModelRequest): void {
    one.state = "unrouted";
    one.inLine = this.count();
  }

  protected letGo(one: ModelRequest, worker: ModelWorker): void {
    worker.pool.release(one.number);
    if (one.state === "decoding") worker.phase = undefined;
  }

  protected cancel(one: ModelRequest): void {
    if (one.flow) this.fabric.cancel(one.flow.number, this.nowNs);
    this.endFlow(one);
    if (one.worker) this.letGo(one, one.worker);
    if (one.state === "moving") one.target?.pool.release(one.number);
    this.end(one, "cancelled", one.leaving);
  }

  protected complete(one: ModelRequest, worker: ModelWorker): void {
    this.letGo(one, worker);
    this.end(one, "completed", "");
  }

  /** It holds nothing any more. */
  protected fail(one: ModelRequest, why: string): void {
    this.end(one, "failed", why);
  }

  /** It is over. */
  protected end(one: ModelRequest, event: EngineEvent, why: string): void {
    one.state = "ended";
    one.endNs = this.nowNs;
    one.reason = why;
    this.requests = this.requests.filter((other) => other !== one);
    this.ended.push(one);
    this.tell(event, one, one.worker);
    this.bringOn(one);
  }

  /** Whoever waited for a request that has ended comes. */
  protected abstract bringOn(ended: ModelRequest): void;

  protected count(): number {
    this.counter += 1;
    return this.counter;
  }
}
