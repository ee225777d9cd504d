/** Directories that go wrong about ids, clears and drops, as real indexes have done. Named after what they do. */
import { type Applied, DirectoryModel, type Told } from "#rack";
import { broken } from "./broken.ts";
import { SHAPE } from "./histories.ts";

const APPLIED: Applied = { kind: "applied" };

export const LIFE_MUTANTS = {
  "does not reset its size on a clear": broken(
    class extends DirectoryModel {
      #cleared = 0;
      override cleared(worker: number, id: number): Told {
        const before = super.size();
        const told = super.cleared(worker, id);
        this.#cleared += before - super.size();
        return told;
      }
      override size(): number {
        return super.size() + this.#cleared;
      }
    },
  ),

  "keeps a dropped worker's last id": broken(
    class extends DirectoryModel {
      override drop(worker: number): void {
        this.forget(worker);
      }
    },
  ),

  "keeps what a dropped worker held": broken(
    class extends DirectoryModel {
      override drop(worker: number): void {
        this.lastIds.delete(worker);
        this.skipped.delete(worker);
      }
    },
  ),

  "keeps a dropped worker's count of missed events": broken(
    class extends DirectoryModel {
      override drop(worker: number): void {
        this.forget(worker);
        this.lastIds.delete(worker);
      }
    },
  ),

  "replays past the last clear: a clear begins the ids again": broken(
    class extends DirectoryModel {
      override cleared(worker: number, id: number): Told {
        const told = super.cleared(worker, id);
        if (told.kind === "applied") this.lastIds.delete(worker);
        return told;
      }
    },
  ),

  "keeps one last id for all workers": broken(
    class extends DirectoryModel {
      protected override hear(worker: number, id: number, change: () => void): Told {
        const told = super.hear(worker, id, change);
        for (const other of this.lastIds.keys()) {
          this.lastIds.set(other, Math.max(this.lastId(other), this.lastId(worker)));
        }
        return told;
      }
    },
  ),

  "takes a stale event in, though it says it did not": broken(
    class extends DirectoryModel {
      protected override hear(worker: number, id: number, change: () => void): Told {
        const told = super.hear(worker, id, change);
        if (told.kind === "refused") change();
        return told;
      }
    },
  ),

  "moves the last id back on a stale event": broken(
    class extends DirectoryModel {
      protected override hear(worker: number, id: number, change: () => void): Told {
        const told = super.hear(worker, id, change);
        this.lastIds.set(worker, id);
        return told;
      }
    },
  ),

  "recovers under ids from 0, which move the last id back": broken(
    class extends DirectoryModel {
      protected override hear(worker: number, id: number, change: () => void): Told {
        if (id === 0) this.lastIds.delete(worker);
        return super.hear(worker, id, change);
      }
    },
  ),

  "cuts event ids to 32 bits": broken(
    class extends DirectoryModel {
      protected override hear(worker: number, id: number, change: () => void): Told {
        return super.hear(worker, id >>> 0, change);
      }
    },
  ),

  "takes the same id twice": broken(
    class extends DirectoryModel {
      protected override hear(worker: number, id: number, change: () => void): Told {
        if (id !== this.lastIds.get(worker)) return super.hear(worker, id, change);
        change();
        return APPLIED;
      }
    },
  ),

  "counts a gap as one missed event, however wide": broken(
    class extends DirectoryModel {
      override missed(worker: number): number {
        return Math.min(1, super.missed(worker));
      }
    },
  ),

  "counts what came before the first event as missed": broken(
    class extends DirectoryModel {
      protected override hear(worker: number, id: number, change: () => void): Told {
        if (!this.lastIds.has(worker)) this.skipped.set(worker, id);
        return super.hear(worker, id, change);
      }
    },
  ),

  "clears only the first tier": broken(
    class extends DirectoryModel {
      protected override forget(worker: number): void {
        for (const { block, tier } of this.contents().filter((one) => one.worker === worker)) {
          if (tier === 0) this.unlist(block, worker * SHAPE.tiers);
        }
      }
    },
  ),

  "spares on a clear what others hold too": broken(
    class extends DirectoryModel {
      protected override forget(worker: number): void {
        for (const { block, tier } of this.contents().filter((one) => one.worker === worker)) {
          if (this.places.get(block)?.size === 1) this.unlist(block, worker * SHAPE.tiers + tier);
        }
      }
    },
  ),

  "clears everybody": broken(
    class extends DirectoryModel {
      protected override forget(): void {
        this.places.clear();
      }
    },
  ),
} as const;
