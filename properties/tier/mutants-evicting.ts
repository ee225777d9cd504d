/** Tiers that evict the wrong blocks, too many or too few, or count bytes wrongly. */
import { type AccessReply, type TierBlock, TierModel } from "#rack";

/** The most recent of the blocks. */
const lastOf = (blocks: readonly TierBlock[]): TierBlock | undefined => blocks.at(-1);

/** By name. */
export const EVICTING = {
  "evicts one block, whether that is enough or not": class extends TierModel {
    protected override makeRoom(bytes: number): readonly number[] {
      const [victim] = this.blocks;
      if (!victim || this.fits(bytes)) return [];
      this.remove(victim.block);
      return [victim.block];
    }
  },
  "takes every block to be as large as the newest": class extends TierModel {
    protected override fits(bytes: number): boolean {
      return (this.blocks.length + 1) * bytes <= this.shape.capacityBytes;
    }
  },
  "evicts what would just fit": class extends TierModel {
    protected override fits(bytes: number): boolean {
      return this.usedBytes() + bytes < this.shape.capacityBytes;
    }
  },
  "evicts one block too many": class extends TierModel {
    protected override makeRoom(bytes: number): readonly number[] {
      const evicted = super.makeRoom(bytes);
      const [more] = this.blocks;
      if (evicted.length === 0 || !more) return evicted;
      this.remove(more.block);
      return [...evicted, more.block];
    }
  },
  "empties itself when it is short": class extends TierModel {
    protected override makeRoom(bytes: number): readonly number[] {
      if (this.fits(bytes)) return [];
      const evicted = this.blocks.map(({ block }) => block);
      this.blocks = [];
      return evicted;
    }
  },
  "evicts the most recent": class extends TierModel {
    protected override makeRoom(bytes: number): readonly number[] {
      const evicted: number[] = [];
      while (!this.fits(bytes)) {
        const victim = lastOf(this.blocks);
        if (!victim) break;
        this.remove(victim.block);
        evicted.push(victim.block);
      }
      return evicted;
    }
  },
  "first in, first out": class extends TierModel {
    protected override touch(): void {}
  },
  "an access of what is there makes it recent": class extends TierModel {
    override access(gpu: number, block: number, bytes: number, tag: number): AccessReply {
      const reply = super.access(gpu, block, bytes, tag);
      const found = this.find(block);
      if (reply.kind === "present" && found) this.touch(found);
      return reply;
    }
  },
  "evicts before it refuses what is too large": class extends TierModel {
    protected override isTooLarge(bytes: number): boolean {
      const isTooLarge = super.isTooLarge(bytes);
      if (isTooLarge) this.makeRoom(bytes);
      return isTooLarge;
    }
  },
  "takes what is too large": class extends TierModel {
    protected override isTooLarge(): boolean {
      return false;
    }
  },
  "refuses what is as large as the switch": class extends TierModel {
    protected override isTooLarge(bytes: number): boolean {
      return bytes >= this.shape.capacityBytes;
    }
  },
  "counts what is evicted as used": class extends TierModel {
    #leaked = 0;
    protected override makeRoom(bytes: number): readonly number[] {
      const before = super.usedBytes();
      const evicted = super.makeRoom(bytes);
      this.#leaked += before - super.usedBytes();
      return evicted;
    }
    override usedBytes(): number {
      return super.usedBytes() + this.#leaked;
    }
    protected override fits(bytes: number): boolean {
      return super.usedBytes() + bytes <= this.shape.capacityBytes;
    }
  },
} as const;

/** By name. */
export const ARITHMETIC = {
  "counts bytes in 32 bits": class extends TierModel {
    override usedBytes(): number {
      return super.usedBytes() | 0;
    }
  },
  "counts in pages of 4,096 bytes": class extends TierModel {
    protected override fits(bytes: number): boolean {
      const pages = (size: number) => Math.ceil(size / 4096);
      const used = this.blocks.reduce((sum, one) => sum + pages(one.bytes), 0);
      return used + pages(bytes) <= Math.floor(this.shape.capacityBytes / 4096);
    }
  },
  "keeps sizes in single precision": class extends TierModel {
    override usedBytes(): number {
      return this.blocks.reduce((sum, { bytes }) => Math.fround(sum + bytes), 0);
    }
  },
} as const;
