/**
 * Pools that mistake what they have or what they can take, each the model with one rule changed.
 * Those marked "real" are mistakes of systems in use.
 */
import type { Refused } from "#base";
import { type AdmitRefusal, type Admitted, type ModelBlock, PoolModel } from "#rack";

/** Counts a block that somebody else is still filling. */
export class HitsFillingBlocks extends PoolModel {
  protected override isHit(block: ModelBlock | undefined): boolean {
    return block !== undefined;
  }
}

/** Keeps the last block of a chain from being a hit, as if it were always partial. */
export class NeverHitsTheLast extends PoolModel {
  override leadingRun(names: Uint32Array): number {
    return Math.min(super.leadingRun(names), Math.max(0, names.length - 1));
  }
}

/** A pre-check off by one block (real): refuses what would just fit. */
export class RefusesTheLastFit extends PoolModel {
  protected override evictable(chain: readonly number[]): number {
    return super.evictable(chain) - 1;
  }
}

/** Wants room for a request's hits a second time. */
export class WantsRoomForHits extends PoolModel {
  protected override evictable(chain: readonly number[]): number {
    return super.evictable(chain) - chain.filter((name) => this.blocks.has(name)).length;
  }
}

/** Takes a request in on the strength of evicting its own hits, and then has more blocks than there are. */
export class CountsOwnHitsEvictable extends PoolModel {
  protected override evictable(): number {
    return this.cached().length;
  }
  protected override makeRoom(needed: number): void {
    while (this.free() < needed && this.victim() !== undefined) this.evictOne();
  }
}

/** Holds a request's hits before it looks whether the request fits, and keeps them when it does not. */
export class PinsWhatItRefuses extends PoolModel {
  protected override objection(
    request: number,
    chain: readonly number[],
    unnamed: number,
  ): AdmitRefusal | undefined {
    const objection = super.objection(request, chain, unnamed);
    if (objection === "full") this.hold(request, chain);
    return objection;
  }
}

/** Evicts as far as it can, and refuses then. */
export class EvictsBeforeRefusing extends PoolModel {
  override grow(request: number, count: number): ReturnType<PoolModel["grow"]> {
    const reply = super.grow(request, count);
    if (reply.kind === "refused" && reply.because === "full") this.clear();
    return reply;
  }
}

/** Takes a chain in which a name comes twice. */
export class AcceptsRepeats extends PoolModel {
  protected override objection(
    request: number,
    chain: readonly number[],
    unnamed: number,
  ): AdmitRefusal | undefined {
    const objection = super.objection(request, chain, unnamed);
    return objection === "a block twice" ? undefined : objection;
  }
}

/** Takes a look for a use. */
export class LooksBumpRecency extends PoolModel {
  override leadingRun(names: Uint32Array): number {
    this.clock += 1;
    for (const name of names) {
      const block = this.blocks.get(name);
      if (block) block.lastUse = this.clock;
    }
    return super.leadingRun(names);
  }
}

/** A question about a full cache sweeps it. */
export class CountsSweep extends PoolModel {
  override counts(): ReturnType<PoolModel["counts"]> {
    if (this.free() === 0 && this.cached().length > 1) this.evictOne();
    return super.counts();
  }
}

/** Cuts names to 16 bits (real, with 64 and 32). */
export class CutsNames extends PoolModel {
  override admit(
    request: number,
    names: Uint32Array,
    unnamed: number,
  ): Admitted | Refused<AdmitRefusal> {
    return super.admit(request, names.map(cut), unnamed);
  }
  override leadingRun(names: Uint32Array): number {
    return super.leadingRun(names.map(cut));
  }
}

const cut = (name: number): number => name & 0xffff;
