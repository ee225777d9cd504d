/** Tiers that count the wrong readers, each the model with one rule changed, and named after what it does. */
import { type AccessReply, TierModel } from "#rack";

/** By name. */
export const COUNTING = {
  "counts accesses, not different GPUs": class extends TierModel {
    readonly #times = new Map<number, number>();
    protected override count(block: number, gpu: number): number {
      super.count(block, gpu);
      this.#times.set(block, (this.#times.get(block) ?? 0) + 1);
      return this.#times.get(block) ?? 0;
    }
    protected override forgetReaders(block: number): void {
      super.forgetReaders(block);
      this.#times.delete(block);
    }
  },
  "counts a GPU again when another has read in between": class extends TierModel {
    readonly #turns = new Map<number, { last: number; count: number }>();
    protected override count(block: number, gpu: number): number {
      super.count(block, gpu);
      const turns = this.#turns.get(block) ?? { last: -1, count: 0 };
      if (turns.last !== gpu) turns.count += 1;
      turns.last = gpu;
      this.#turns.set(block, turns);
      return turns.count;
    }
    protected override forgetReaders(block: number): void {
      super.forgetReaders(block);
      this.#turns.delete(block);
    }
  },
  "counts only those who read a block in a row": class extends TierModel {
    protected override count(block: number, gpu: number): number {
      for (const other of this.readers.keys()) if (other !== block) this.readers.delete(other);
      return super.count(block, gpu);
    }
  },
  "promotes after four": class extends TierModel {
    protected override count(block: number, gpu: number): number {
      const gpus = super.count(block, gpu);
      return gpus === 3 ? 2 : gpus;
    }
  },
  "counts the GPUs of other domains": class extends TierModel {
    protected override isOwn(): boolean {
      return true;
    }
  },
  "takes the GPU after the last for its own": class extends TierModel {
    protected override isOwn(gpu: number): boolean {
      return super.isOwn(gpu) || super.isOwn(gpu - 1);
    }
  },
  "starts the count at one after a promotion": class extends TierModel {
    protected override forgetReaders(block: number): void {
      const [last] = [...(this.readers.get(block) ?? [])].slice(-1);
      super.forgetReaders(block);
      if (last !== undefined) this.readers.set(block, new Set([last]));
    }
  },
  "keeps the readers of what it promotes": class extends TierModel {
    protected override forgetReaders(): void {}
  },
  "counts a miss as a read": class extends TierModel {
    override read(block: number) {
      const reply = super.read(block);
      if (reply.kind === "miss") this.count(block, -1);
      return reply;
    }
  },
  "counts the reader of what is too large": class extends TierModel {
    override access(gpu: number, block: number, bytes: number, tag: number): AccessReply {
      const reply = super.access(gpu, block, bytes, tag);
      if (reply.kind === "refused" && reply.because === "too-large") this.count(block, gpu);
      return reply;
    }
  },
  "forgets who else has read a block when another is promoted": class extends TierModel {
    protected override forgetReaders(): void {
      this.readers.clear();
    }
  },
} as const;
