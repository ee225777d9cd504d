/** Pools that go wrong about pins or about blocks that are filled, each the model with one rule changed. */
import { PoolModel } from "#rack";

/** Evicts and clears what is pinned, when no request holds it. */
export class EvictsPinnedBlocks extends PoolModel {
  protected override hold(user: number, chain: readonly number[]): void {
    if (user >= 0) super.hold(user, chain);
  }
}

/** Holds the block alone, and not those before it. */
export class PinsTheLeafOnly extends PoolModel {
  protected override chainTo(name: number): readonly number[] {
    return super.chainTo(name).slice(-1);
  }
}

/** An unpin lets go of what another pin of the same chain still holds. */
export class UnpinsForAll extends PoolModel {
  override unpin(name: number): ReturnType<PoolModel["unpin"]> {
    const reply = super.unpin(name);
    if (reply.kind === "done") {
      for (const one of this.chainTo(name)) {
        const users = this.blocks.get(one)?.users ?? new Set();
        for (const user of [...users]) if (user < 0) users.delete(user);
      }
    }
    return reply;
  }
}

/** Drops the pins with the cache. */
export class ClearsPins extends PoolModel {
  override clear(): number {
    for (const name of [...this.pins]) this.unpin(name);
    return super.clear();
  }
}

/** Keeps what was pinned for ever. */
export class NeverUnpins extends PoolModel {
  override unpin(name: number): ReturnType<PoolModel["unpin"]> {
    return this.pins.delete(name) ? { kind: "done" } : { kind: "refused", because: "not pinned" };
  }
}

/** Pins a block that cannot be read yet. */
export class PinsFillingBlocks extends PoolModel {
  override pin(name: number): ReturnType<PoolModel["pin"]> {
    if (this.pins.has(name) || this.blocks.get(name)?.readable !== false) return super.pin(name);
    this.pins.add(name);
    this.hold(-1 - name, this.chainTo(name));
    return { kind: "done" };
  }
}

/** Puts output into the room that the prompt's last block has, which is being written then. */
export class WritesOutputIntoThePrompt extends PoolModel {
  override grow(request: number, count: number): ReturnType<PoolModel["grow"]> {
    const reply = super.grow(request, count);
    const last = this.blocks.get(this.requests.get(request)?.chain.at(-1) ?? -1);
    if (reply.kind === "done" && count > 0 && last) last.readable = false;
    return reply;
  }
}

/** Fills a hit again for each request that comes with it. */
export class FillsHitsAgain extends PoolModel {
  protected override hold(user: number, chain: readonly number[]): void {
    super.hold(user, chain);
    const last = this.blocks.get(chain.at(-1) ?? -1);
    if (user >= 0 && last) last.readable = false;
  }
}

/** Takes a block that is there under another parent, and hangs it there. */
export class ChangesParents extends PoolModel {
  protected override objection(
    request: number,
    chain: readonly number[],
    unnamed: number,
  ): ReturnType<PoolModel["objection"]> {
    const objection = super.objection(request, chain, unnamed);
    return objection === "a block with two parents" ? undefined : objection;
  }
}
