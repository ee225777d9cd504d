/**
 * Pools that lose blocks or forget who holds them, each the model with one rule changed.
 * Those marked "real" are mistakes of systems in use.
 */
import { PoolModel } from "#rack";

/** A pool that can lose blocks for good. */
class LeakyPool extends PoolModel {
  protected leaked = 0;
  protected override free(): number {
    return super.free() - this.leaked;
  }
}

/** Loses a block each time that decode asks for more than there is (real: a block leaked when decode fails and retries). */
export class LeaksOnRefusedGrowth extends LeakyPool {
  override grow(request: number, count: number): ReturnType<PoolModel["grow"]> {
    const reply = super.grow(request, count);
    if (reply.kind === "refused" && reply.because === "full")
      this.leaked += Math.min(1, this.free());
    return reply;
  }
}

/** Never gets a request's output back. */
export class LeaksOutput extends LeakyPool {
  override release(request: number): ReturnType<PoolModel["release"]> {
    this.leaked += this.requests.get(request)?.unnamed ?? 0;
    return super.release(request);
  }
}

/** Keeps an aborted request's blocks for nobody. */
export class KeepsAbortedBlocks extends PoolModel {
  protected override letGo(request: number, name: number): void {
    this.blocks.get(name)?.users.delete(request);
    if (this.blocks.get(name)?.readable === true) super.letGo(request, name);
  }
}

/** Counts a block once for each request that holds it. */
export class CountsSharedBlocksTwice extends PoolModel {
  override counts(): ReturnType<PoolModel["counts"]> {
    const counts = super.counts();
    const users = this.contents()
      .filter(([, state]) => state === "active")
      .map((entry) => entry[2]);
    const shares = users.reduce((sum, count) => sum + count - 1, 0);
    return { ...counts, active: counts.active + shares };
  }
}

/** The first to leave takes the block from all. */
export class ForgetsOtherUsers extends PoolModel {
  protected override letGo(request: number, name: number): void {
    this.blocks.get(name)?.users.clear();
    super.letGo(request, name);
  }
}

/** Shares a block that is being filled without holding it. */
export class SharesWithoutHolding extends PoolModel {
  protected override hold(request: number, chain: readonly number[]): void {
    super.hold(
      request,
      chain.filter((name) => this.blocks.get(name)?.readable === true),
    );
  }
}

/** Answers a second release like the first. */
export class ReleasesTwice extends PoolModel {
  readonly #left = new Set<number>();
  override release(request: number): ReturnType<PoolModel["release"]> {
    const reply = super.release(request);
    if (reply.kind === "done") this.#left.add(request);
    return this.#left.has(request) ? { kind: "done" } : reply;
  }
}

/** Clears what is in use too. */
export class ClearsHeldBlocks extends PoolModel {
  override clear(): number {
    const readable = [...this.blocks].filter(([, block]) => block.readable).map(([name]) => name);
    for (const name of readable.toReversed()) {
      this.blocks.delete(name);
      this.events.removed(name);
    }
    return readable.length;
  }
}

/** Frees what an aborted request was filling although another request fills it too. */
export class AbortsForAll extends PoolModel {
  protected override letGo(request: number, name: number): void {
    super.letGo(request, name);
    if (this.blocks.get(name)?.readable === false) this.blocks.delete(name);
  }
}
