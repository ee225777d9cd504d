/** Broken directories: the model with one step done wrong, as real indexes have done it. Named after what they do. */
import { type Applied, DirectoryModel, directorySubject, type Listing, type Told } from "#rack";
import { SHAPE } from "./histories.ts";

const broken = (Broken: new (shape: typeof SHAPE) => DirectoryModel) =>
  directorySubject(() => new Broken(SHAPE));

const APPLIED: Applied = { kind: "applied" };

/** Places are numbered `worker · tiers + tier`. */
const workerOf = (place: number): number => Math.floor(place / SHAPE.tiers);

export const MUTANTS = {
  "forgets evictions": broken(
    class extends DirectoryModel {
      protected override unlist(): void {}
    },
  ),

  "keeps only the first holder": broken(
    class extends DirectoryModel {
      protected override list(block: number, place: number): void {
        if (!this.places.has(block)) super.list(block, place);
      }
    },
  ),

  "keeps only the last holder": broken(
    class extends DirectoryModel {
      protected override list(block: number, place: number): void {
        this.places.set(block, new Set([place]));
      }
    },
  ),

  "leaks the entry when a removal cannot find what comes before it": broken(
    class extends DirectoryModel {
      protected override unlist(block: number, place: number): void {
        if (block === 0 || this.has(workerOf(place), block - 1)) super.unlist(block, place);
      }
    },
  ),

  "restores a removed entry when a lookup repairs the run": broken(
    class extends DirectoryModel {
      protected override run(worker: number, blocks: readonly number[]): number {
        const [first, second] = blocks;
        if (first !== undefined && second !== undefined && this.has(worker, second)) {
          this.list(first, worker * SHAPE.tiers);
        }
        return super.run(worker, blocks);
      }
    },
  ),

  "takes one off its size for each removal, repeated ones too": broken(
    class extends DirectoryModel {
      #repeated = 0;
      protected override unlist(block: number, place: number): void {
        if (!this.places.get(block)?.has(place)) this.#repeated += 1;
        super.unlist(block, place);
      }
      override size(): number {
        return super.size() - this.#repeated;
      }
    },
  ),

  "counts a block stored twice as two, so that one removal is not enough": broken(
    class extends DirectoryModel {
      readonly #again = new Map<string, number>();
      protected override list(block: number, place: number): void {
        const key = `${block}/${place}`;
        if (this.places.get(block)?.has(place))
          this.#again.set(key, (this.#again.get(key) ?? 0) + 1);
        super.list(block, place);
      }
      protected override unlist(block: number, place: number): void {
        const key = `${block}/${place}`;
        const more = this.#again.get(key) ?? 0;
        if (more === 0) super.unlist(block, place);
        else this.#again.set(key, more - 1);
      }
    },
  ),

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

  "cuts block ids to 16 bits": broken(
    class extends DirectoryModel {
      protected override list(block: number, place: number): void {
        super.list(block & 0xffff, place);
      }
      protected override unlist(block: number, place: number): void {
        super.unlist(block & 0xffff, place);
      }
    },
  ),

  "reads a block's top bit as a sign": broken(
    class extends DirectoryModel {
      override contents(): readonly Listing[] {
        return super.contents().map((one) => ({ ...one, block: one.block | 0 }));
      }
    },
  ),

  "counts every block held, gaps or not, as the run": broken(
    class extends DirectoryModel {
      protected override run(worker: number, blocks: readonly number[]): number {
        return blocks.filter((block) => this.has(worker, block)).length;
      }
    },
  ),

  "starts the run at the first block held": broken(
    class extends DirectoryModel {
      protected override run(worker: number, blocks: readonly number[]): number {
        const start = blocks.findIndex((block) => this.has(worker, block));
        return start === -1 ? 0 : super.run(worker, blocks.slice(start));
      }
    },
  ),

  "looks for runs in the first tier only": broken(
    class extends DirectoryModel {
      protected override has(worker: number, block: number): boolean {
        return this.holds(worker, 0, block);
      }
    },
  ),

  "counts the last block of a prompt whether it is held or not": broken(
    class extends DirectoryModel {
      protected override run(worker: number, blocks: readonly number[]): number {
        const run = super.run(worker, blocks);
        return run > 0 && run === blocks.length - 1 ? blocks.length : run;
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

  "joins the runs of several workers to one": broken(
    class extends DirectoryModel {
      override longest(blocks: ArrayLike<number>): number {
        const end = Array.from(blocks).findIndex((block) => !this.places.has(block));
        return end === -1 ? blocks.length : end;
      }
    },
  ),

  "reports only the worker with the longest run": broken(
    class extends DirectoryModel {
      override leadingRuns(blocks: ArrayLike<number>, into: Uint32Array): number {
        const longest = super.leadingRuns(blocks, into);
        for (const [worker, run] of into.entries()) if (run < longest) into[worker] = 0;
        return longest;
      }
    },
  ),
} as const;

/** Some of the mutants, by name. */
export const mutants = <Name extends keyof typeof MUTANTS>(
  ...names: readonly Name[]
): Pick<typeof MUTANTS, Name> =>
  Object.fromEntries(names.map((name) => [name, MUTANTS[name]])) as Pick<typeof MUTANTS, Name>;
