/**
 * Pools that announce the wrong thing, each the model with one rule changed.
 * Those marked "real" are mistakes of systems in use.
 */
import { PoolModel } from "#rack";

/** Announces a block that cannot be read yet (real). */
export class AnnouncesAtAdmission extends PoolModel {
  protected override take(request: number, name: number, parent: number | undefined): void {
    super.take(request, name, parent);
    this.events.stored(name);
  }
  protected override makeReadable(name: number): void {
    const block = this.blocks.get(name);
    if (block) block.readable = true;
  }
}

/** Every request that fills announces all its blocks (real: a duplicate store). */
export class AnnouncesHitsAgain extends PoolModel {
  protected override makeReadable(name: number): void {
    if (this.blocks.get(name)?.readable === true) this.events.stored(name);
    super.makeReadable(name);
  }
}

/** Announces a removal when one of several users leaves (real: removal announced while copies remain). */
export class AnnouncesEarlyRemoval extends PoolModel {
  protected override letGo(request: number, name: number): void {
    super.letGo(request, name);
    const block = this.blocks.get(name);
    if (block?.readable === true && block.users.size > 0) this.events.removed(name);
  }
}

/** Clears without a word (real: sizes not reset on clear). */
export class ClearsInSilence extends PoolModel {
  override clear(): number {
    const names = this.cached().map(([name]) => name);
    for (const name of names) this.blocks.delete(name);
    return names.length;
  }
}

/** Caches and announces what an aborted request never wrote. */
export class CachesAbortedBlocks extends PoolModel {
  protected override letGo(request: number, name: number): void {
    if (this.blocks.get(name)?.users.size === 1) this.makeReadable(name);
    super.letGo(request, name);
  }
}

/** Announces the removal of what was never announced (real: an eviction of something never stored). */
export class AnnouncesAbortedRemoval extends PoolModel {
  protected override letGo(request: number, name: number): void {
    super.letGo(request, name);
    if (!this.blocks.has(name)) this.events.removed(name);
  }
}

/** Announces children before their parents. */
export class AnnouncesDeepestFirst extends PoolModel {
  override fill(request: number): ReturnType<PoolModel["fill"]> {
    const held = this.requests.get(request);
    for (const name of held?.chain.toReversed() ?? []) this.makeReadable(name);
    return super.fill(request);
  }
}
