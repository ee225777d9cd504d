import { ascending, assert, byEach, isRefused } from "#base";
import { TOO_LARGE } from "../engine/scheduler.ts";
import { ModelMoves } from "./model-moves.ts";
import { byNumber, type ModelRequest, written } from "./model-request.ts";
import type { ModelWorker } from "./model-worker.ts";

const NO_BLOCKS = new Uint32Array(0);

/** What a worker does, one engine step after the other: its end, then blocks for the next one, then that. */
export abstract class ModelSteps extends ModelMoves {
  protected endStep(worker: ModelWorker): void {
    worker.stage = "boundary";
    if (worker.phase) worker.phase.steps += 1;
    for (const one of this.batch(worker)) one.tokens += 1;
    for (const one of this.prefilling(worker)) {
      one.left -= one.chunk;
      one.chunk = 0;
      if (one.left === 0) this.endPrefill(one, worker);
    }
    for (const one of this.batch(worker))
      if (one.tokens >= one.request.outputTokens) this.complete(one, worker);
    const leavers = this.at(worker, "decoding", "prefilling").filter(
      ({ leaving }) => leaving !== "",
    );
    for (const one of leavers.toSorted(
      byEach(
        ascending(({ leavingNs }) => leavingNs),
        byNumber,
      ),
    ))
      this.cancel(one);
  }

  /** A prompt has been computed: it can be read, and has given a token. */
  protected endPrefill(one: ModelRequest, worker: ModelWorker): void {
    worker.pool.fill(one.number);
    one.isStarted = true;
    if (one.tokens < one.request.outputTokens) one.tokens += 1;
    this.tell("prefilled", one, worker);
    if (one.tokens >= one.request.outputTokens) this.complete(one, worker);
    else if (worker.role !== "prefill") this.join(one, worker);
    else if (one.leaving === "") this.handOver(one, worker);
    else this.cancel(one);
  }

  protected join(one: ModelRequest, worker: ModelWorker): void {
    one.state = "decoding";
    worker.phase = undefined;
  }

  /** Somebody else decodes it. */
  private handOver(one: ModelRequest, worker: ModelWorker): void {
    one.target = this.choose(one, ["decode"], -1);
    one.state = "handover";
    if (one.target !== undefined) return;
    worker.pool.release(one.number);
    one.worker = undefined;
    this.strand(one);
  }

  // Blocks for the next step.

  protected takeBlocks(worker: ModelWorker): void {
    for (const one of this.at(worker, "ready")) this.join(one, worker);
    worker.isOpen = true;
    let needing = this.needing(worker);
    while (!this.isRoom(worker, needing.length)) {
      worker.isOpen = false;
      this.preempt(this.victim(worker), worker);
      needing = this.needing(worker);
    }
    for (const one of needing) this.takeOne(one, worker);
    worker.stage = "grown";
  }

  private needing(worker: ModelWorker): readonly ModelRequest[] {
    return this.batch(worker).filter((one) => this.needsBlock(one));
  }

  private isRoom({ pool }: ModelWorker, blocks: number): boolean {
    if (blocks === 0) return true;
    const { free, cached } = pool.counts();
    return blocks <= free + cached;
  }

  protected needsBlock(one: ModelRequest): boolean {
    return written(one) % this.setup.settings.blockTokens === 0;
  }

  protected takeOne(one: ModelRequest, worker: ModelWorker): void {
    const { pool } = worker;
    const grown = pool.grow(one.number, 1);
    const isNew = isRefused(grown) && grown.because === "not admitted";
    const taken = isNew ? pool.admit(one.number, NO_BLOCKS, 1) : grown;
    assert(!isRefused(taken), "there was a block", one.number);
  }

  /** Who goes when blocks run out: of the least urgent, who was taken up last, or first. */
  protected victim(worker: ModelWorker): ModelRequest {
    const isNewest = this.setup.settings.preemption === "newest";
    const [victim] = this.at(worker, "decoding", "prefilling").toSorted(
      byEach(
        ascending(({ request }) => request.priority),
        ascending(({ takenUp }) => (isNewest ? -takenUp : takenUp)),
      ),
    );
    assert(victim !== undefined, "blocks run out for somebody");
    return victim;
  }

  /** It gives its blocks back, and computes its prompt and all its tokens again. */
  protected preempt(one: ModelRequest, worker: ModelWorker): void {
    this.letGo(one, worker);
    one.left = 0;
    one.chunk = 0;
    const needed = one.blocks.length + this.unnamed(one, one.tokens);
    if (needed > worker.pool.capacity) {
      this.fail(one, TOO_LARGE);
      return;
    }
    one.state = "waiting";
    this.tell("preempted", one, worker);
  }

  protected schedule(worker: ModelWorker): void {
    worker.isStale = !worker.isOpen;
    if (worker.isOpen) this.takeUp(worker);
    const batch = this.batch(worker);
    const prefilling = this.prefilling(worker);
    if (prefilling.length > 0) this.beginStep(worker, prefilling, batch.length);
    else if (batch.length > 0) this.decode(worker, batch.length);
    else {
      worker.stage = "idle";
      worker.phase = undefined;
    }
  }

  /** A step that prefills what there is room for, beside a token for each of the batch. */
  protected beginStep(
    worker: ModelWorker,
    prefilling: readonly ModelRequest[],
    batch: number,
  ): void {
    let room = this.room(batch);
    let tokens = 0;
    for (const one of prefilling) {
      one.chunk = Math.min(one.left, room);
      room -= one.chunk;
      tokens += one.chunk;
    }
    worker.phase = undefined;
    worker.stage = "step";
    worker.endNs = this.nowNs + worker.costs.stepNs(tokens, batch, this.kvTokens(worker));
  }

  /** Tokens that a step has for prefilling. */
  protected room(batch: number): number {
    return Math.max(0, this.setup.settings.maxNumBatchedTokens - batch);
  }

  /** A step that only decodes: the next one of a phase. */
  protected decode(worker: ModelWorker, size: number): void {
    worker.phase ??= { startNs: this.nowNs, size, kvTokens: this.kvTokens(worker), steps: 0 };
    const { startNs, kvTokens, steps } = worker.phase;
    worker.stage = "step";
    worker.endNs = startNs + worker.costs.phaseNs(size, kvTokens, steps + 1);
  }

  /** Takes up who waits, the first first, as far as there is room. */
  protected takeUp(worker: ModelWorker): void {
    for (;;) {
      const [one] = this.queue(worker);
      if (one === undefined || !this.hasSeat(worker) || !this.tryToTakeUp(one, worker)) return;
    }
  }

  /** Gives a request its blocks. Whether it got them, or will never get them; else it waits on. */
  private tryToTakeUp(one: ModelRequest, worker: ModelWorker): boolean {
    const { pool } = worker;
    const isPrefilled = one.state === "handover";
    const unnamed = this.unnamed(one, isPrefilled ? written(one) : one.tokens);
    const needed = one.blocks.length + unnamed;
    const answer = needed === 0 ? { hits: 0 } : pool.admit(one.number, one.blocks, unnamed);
    if ("because" in answer) {
      if (answer.because === "full" && needed <= pool.capacity) return false;
      if (isPrefilled) one.worker?.pool.release(one.number);
      this.fail(one, answer.because === "full" ? TOO_LARGE : answer.because);
      return true;
    }
    one.isFirst = one.takenUp < 0;
    one.takenUp = this.count();
    if (isPrefilled) this.bring(one, worker, needed - answer.hits);
    else this.start(one, worker, answer.hits);
    return true;
  }

  private start(one: ModelRequest, worker: ModelWorker, hits: number): void {
    one.hits = hits;
    if (!this.fetch(one, worker)) this.beginPrefill(one, hits);
    this.tell("started", one, worker);
  }
}
