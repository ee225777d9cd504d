/** Pools that evict the wrong blocks or too many, each the model with one rule changed. */
import { ascending, byEach, descending } from "#base";
import { PoolModel } from "#rack";

export class EvictsMostRecent extends PoolModel {
  protected override victim(): number | undefined {
    const parents = new Set([...this.blocks.values()].map(({ parent }) => parent));
    const leaves = this.cached().filter(([name]) => !parents.has(name));
    return leaves.toSorted(descending(([, { lastUse }]) => lastUse))[0]?.[0];
  }
}

/** First in, first out: a hit does not make a block recent. */
export class ForgetsHits extends PoolModel {
  protected override letGo(request: number, name: number): void {
    const block = this.blocks.get(name);
    const lastUse = block?.lastUse ?? 0;
    super.letGo(request, name);
    if (block) block.lastUse = lastUse;
  }
}

/** A parent goes before its children, which nobody can find any more. */
export class EvictsRootFirst extends PoolModel {
  protected override victim(): number | undefined {
    return this.cached().toSorted(
      byEach(
        ascending(([, { lastUse }]) => lastUse),
        ascending(([name]) => name),
      ),
    )[0]?.[0];
  }
}

/** The same, and what can still be read behind the gap counts as a hit. */
export class HitsBehindGaps extends EvictsRootFirst {
  override leadingRun(names: Uint32Array): number {
    return names.filter((name) => this.isHit(this.blocks.get(name))).length;
  }
}

export class EvictsByName extends PoolModel {
  protected override victim(): number | undefined {
    const parents = new Set([...this.blocks.values()].map(({ parent }) => parent));
    const leaves = this.cached().filter(([name]) => !parents.has(name));
    return leaves.toSorted(ascending(([name]) => name))[0]?.[0];
  }
}

export class EvictsHeldBlocks extends PoolModel {
  protected override victim(): number | undefined {
    const parents = new Set([...this.blocks.values()].map(({ parent }) => parent));
    const leaves = [...this.blocks].filter(([name]) => !parents.has(name));
    return leaves.toSorted(ascending(([, { lastUse }]) => lastUse))[0]?.[0];
  }
}

export class EvictsOneTooMany extends PoolModel {
  protected override makeRoom(needed: number): void {
    const isShort = this.free() < needed;
    super.makeRoom(needed);
    if (isShort && this.cached().length > 0) this.evictOne();
  }
}

/** Makes room beside the free blocks instead of from them. */
export class SparesFreeBlocks extends PoolModel {
  protected override makeRoom(needed: number): void {
    const most = Math.min(needed, this.cached().length);
    for (let left = most; left > 0; left -= 1) this.evictOne();
    super.makeRoom(needed);
  }
}

/** Empties the cache whenever it is short of a block. */
export class FlushesWhenShort extends PoolModel {
  protected override makeRoom(needed: number): void {
    if (this.free() < needed) this.clear();
    super.makeRoom(needed);
  }
}
