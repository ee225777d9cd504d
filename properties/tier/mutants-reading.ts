/** Tiers that give back or forget the wrong thing. */
import { type AccessReply, type TierBlock, TierModel } from "#rack";

/** Finds a block and gives another one back. */
const readingAs = (change: (found: TierBlock) => TierBlock) =>
  class extends TierModel {
    override read(block: number) {
      const reply = super.read(block);
      return reply.kind === "miss"
        ? reply
        : {
            ...reply,
            ...change({ block, bytes: reply.bytes, tag: reply.tag }),
            kind: "hit" as const,
          };
    }
  };

/** By name. */
export const READING = {
  "keeps the version that was read last": class extends TierModel {
    override access(gpu: number, block: number, bytes: number, tag: number): AccessReply {
      const reply = super.access(gpu, block, bytes, tag);
      if (reply.kind === "present")
        this.blocks = this.blocks.map((one) => (one.block === block ? { ...one, tag } : one));
      return reply;
    }
  },
  "keeps the version that was read first": class extends TierModel {
    readonly #first = new Map<number, number>();
    override access(gpu: number, block: number, bytes: number, tag: number): AccessReply {
      if (!this.readers.has(block) && !this.find(block)) this.#first.set(block, tag);
      const kept = this.find(block) ? tag : (this.#first.get(block) ?? tag);
      return super.access(gpu, block, bytes, kept);
    }
  },
  "gives another block's version": readingAs((found) => ({ ...found, tag: found.tag + 1 })),
  "gives back a page of 4 bytes": readingAs((found) => ({
    ...found,
    bytes: Math.ceil(found.bytes / 4) * 4,
  })),
  "gives what it evicted": class extends TierModel {
    readonly #ghosts = new Map<number, TierBlock>();
    protected override makeRoom(bytes: number): readonly number[] {
      for (const one of this.blocks) this.#ghosts.set(one.block, one);
      return super.makeRoom(bytes);
    }
    override read(block: number) {
      const reply = super.read(block);
      const ghost = this.#ghosts.get(block);
      return reply.kind === "miss" && ghost
        ? { kind: "hit" as const, bytes: ghost.bytes, tag: ghost.tag }
        : reply;
    }
  },
  "removes what it gives": class extends TierModel {
    protected override touch(found: TierBlock): void {
      this.remove(found.block);
    }
  },
  "evicts at a miss": class extends TierModel {
    override read(block: number) {
      const reply = super.read(block);
      if (reply.kind === "miss") this.blocks = this.blocks.slice(1);
      return reply;
    }
  },
  "forgets a block and keeps its readers": class extends TierModel {
    override forget(block: number) {
      const readers = this.readers.get(block);
      const reply = super.forget(block);
      if (readers) this.readers.set(block, readers);
      return reply;
    }
  },
  "forgets the readers and keeps the block": class extends TierModel {
    override forget(block: number) {
      const { blocks } = this;
      const reply = super.forget(block);
      this.blocks = blocks;
      return reply;
    }
  },
  "forgets the least recent instead": class extends TierModel {
    override forget(block: number) {
      const victim = this.find(block) ? (this.blocks[0]?.block ?? block) : block;
      return super.forget(victim);
    }
  },
} as const;
